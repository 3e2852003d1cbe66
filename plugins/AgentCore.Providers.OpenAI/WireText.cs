using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace AgentCore.Providers.OpenAI;

/// <summary>Text from servers that cut it anywhere. .NET's JSON throws at bytes that are no UTF-8 and at half a surrogate pair
/// (<c>"\ud83d"</c>), when it reads them and when it writes them again: here they become U+FFFD.</summary>
internal static partial class WireText
{
    /// <summary>Reads JSON. Half a pair stays in a value, since its other half may come in the next delta: read values with
    /// <see cref="Read"/> or <see cref="ReadRaw"/>.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> json)
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        if (!Utf8.IsValid(json))
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        return MayHaveHalves(json)
            ? JsonElement.Parse(Strings().Replace(Encoding.UTF8.GetString(json), m => m.Groups[1].Success ? CleanJson(m.Value) : m.Value))
            : JsonElement.Parse(json);
    }

    /// <summary>A JSON string's text.</summary>
    public static string Read(JsonElement value) => Clean(ReadRaw(value));

    /// <summary>A JSON string's text with the halves that it has.</summary>
    public static string ReadRaw(JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return MayHaveHalves(raw) ? Escapes().Replace(Encoding.UTF8.GetString(raw[1..^1]), Unescape) : value.GetString()!;
    }

    /// <summary>The text with U+FFFD for half a pair.</summary>
    public static string Clean(string text) =>
        text.AsSpan().ContainsAnyInRange('\ud800', '\udfff') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;

    /// <summary>JSON with U+FFFD for half a pair, escaped or not.</summary>
    public static string CleanJson(string json) => Escapes().Replace(Clean(json), m => m.Groups["half"].Success ? "\\ufffd" : m.Value);

    private static bool MayHaveHalves(ReadOnlySpan<byte> json) => json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    private static string Unescape(Match escape) => escape.Length switch
    {
        2 => escape.Value[1] switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'b' => "\b",
            'f' => "\f",
            var other => other.ToString(),
        },
        6 => $"{Unit(escape.ValueSpan[2..])}",
        _ => $"{Unit(escape.ValueSpan[2..6])}{Unit(escape.ValueSpan[8..])}",
    };

    private static char Unit(ReadOnlySpan<char> hex) => (char)ushort.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    // A string, and the colon that makes it a property's name. One without an end is read once, to the end of it all.
    [GeneratedRegex("""
        "(?>(?:[^"\\]+|\\.?)*)(?:"(\s*:)?|\z)
        """, RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Strings();

    // A pair, half of one, another UTF-16 unit, or one character.
    [GeneratedRegex("""
        \\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|u[0-9a-fA-F]{4}|.)
        """, RegexOptions.CultureInvariant)]
    private static partial Regex Escapes();
}
