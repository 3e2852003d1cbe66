using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Text;

/// <summary>JSON with whole characters. JSON may name half of one (<c>"\ud83d"</c>), as small models and cut streams do; no text
/// can have it, and what reads or writes such a value throws. U+FFFD takes its place.</summary>
internal static class WholeJson
{
    private const string Replacement = "fffd";

    /// <summary>A value with whole characters: itself in nearly all cases.</summary>
    public static JsonElement Of(JsonElement value) => Mended(value) ?? value;

    /// <summary>A reply whose tool calls have arguments with whole characters.</summary>
    public static ChatResponse Of(ChatResponse reply)
    {
        // By index, as each turn comes by here: an interface's enumerator is an object of its own.
        for (var i = 0; i < reply.Messages.Count; i++)
        {
            var contents = reply.Messages[i].Contents;
            for (var j = 0; j < contents.Count; j++)
            {
                if (contents[j] is FunctionCallContent { Arguments: { } arguments } call && HasHalf(arguments))
                    call.Arguments = arguments.ToDictionary(a => a.Key, a => a.Value is JsonElement value ? Of(value) : a.Value);
            }
        }

        return reply;
    }

    private static bool HasHalf(IDictionary<string, object?> arguments)
    {
        if (arguments is not Dictionary<string, object?> usual)
            return arguments.Values.Any(IsHalf);
        foreach (var (_, value) in usual)
        {
            if (IsHalf(value))
                return true;
        }

        return false;
    }

    private static bool IsHalf(object? value) => value is JsonElement element && Mended(element) is not null;

    private static JsonElement? Mended(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Undefined || JsonMarshal.GetRawUtf8Value(value).IndexOf("\\u"u8) < 0)
            return null;

        var json = value.GetRawText().ToCharArray();
        return Mend(json) ? JsonSerializer.Deserialize<JsonElement>(json) : null;
    }

    /// <summary>Replaces the escapes of halves that stand alone; whether there were any.</summary>
    private static bool Mend(Span<char> json)
    {
        var mended = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\' || json[++i] != 'u')
                continue;

            var code = CodeAt(json, i);
            if (char.IsHighSurrogate(code) && i + 10 < json.Length && json[i + 5] == '\\' && json[i + 6] == 'u' && char.IsLowSurrogate(CodeAt(json, i + 6)))
            {
                i += 10;
            }
            else if (char.IsSurrogate(code))
            {
                Replacement.CopyTo(json[(i + 1)..]);
                mended = true;
            }
        }

        return mended;
    }

    private static char CodeAt(ReadOnlySpan<char> json, int u) => (char)ushort.Parse(json.Slice(u + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
