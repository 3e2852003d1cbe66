using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentCore.Adapters.Processes;

/// <summary>Replaces secrets in what a child writes: as they are, however JSON escapes them, and line by line where they have several.</summary>
internal sealed class SecretMask
{
    private const string Masked = "***";

    // Shorter lines of a secret, a brace or the rest of a key, tell nothing, and stand in much else.
    private const int ShortestLine = 8;

    private readonly List<string> _secrets;

    public SecretMask(IReadOnlyList<string> secrets)
    {
        _secrets = [.. secrets.Concat(secrets.SelectMany(AsLines)).Distinct(StringComparer.Ordinal).OrderByDescending(s => s.Length)];
        // JSON writes a character with six at most.
        Longest = _secrets.Count == 0 ? 0 : _secrets[0].Length * 6;
    }

    /// <summary>The most characters that a secret takes.</summary>
    public int Longest { get; }

    [return: NotNullIfNotNull(nameof(text))]
    public string? Apply(string? text)
    {
        if (text is null)
            return null;

        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Masked, StringComparison.Ordinal);
            if (text.Contains('\\', StringComparison.Ordinal))
                text = ApplyEscaped(text, secret);
        }

        return text;
    }

    /// <summary>Replaces them in the names and values of JSON; a number that has one becomes a text.</summary>
    public JsonElement? Apply(JsonElement? json)
    {
        if (json is not { } value || _secrets.Count == 0)
            return json;

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Wire.Options.Encoder }))
            Write(writer, value);
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private void Write(Utf8JsonWriter writer, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in json.EnumerateObject())
                {
                    writer.WritePropertyName(Apply(property.Name));
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Apply(json.GetString()!));
                break;
            case JsonValueKind.Number when Apply(json.GetRawText()) is var text && text.Contains(Masked, StringComparison.Ordinal):
                writer.WriteStringValue(text);
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }

    /// <summary>A secret of several lines as <see cref="LastLines"/> keeps them: its lines without control characters, together and each.</summary>
    private static IEnumerable<string> AsLines(string secret)
    {
        var lines = secret.Split('\n').Select(line => string.Concat(line.Where(LastLines.Keeps))).Where(line => line.Length > 0).ToList();
        return lines.Concat(secret.Split('\r', '\n')).Select(line => line.Trim()).Where(line => line.Length >= ShortestLine).Append(string.Join('\n', lines));
    }

    private static string ApplyEscaped(string text, string secret)
    {
        StringBuilder? masked = null;
        var kept = 0;
        for (var at = 0; (at = Next(text, at, secret[0])) >= 0;)
        {
            var length = LengthAt(text.AsSpan(at), secret);
            if (length == 0)
            {
                at++;
                continue;
            }

            (masked ??= new StringBuilder()).Append(text, kept, at - kept).Append(Masked);
            kept = at += length;
        }

        return masked is null ? text : masked.Append(text, kept, text.Length - kept).ToString();
    }

    private static int Next(string text, int from, char first) =>
        text.AsSpan(from).IndexOfAny(first, '\\') is >= 0 and var offset ? from + offset : -1;

    /// <summary>How many characters of a text are a secret, any of its characters escaped or not; 0 where it isn't one.</summary>
    private static int LengthAt(ReadOnlySpan<char> text, string secret)
    {
        var at = 0;
        foreach (var c in secret)
        {
            var rest = text[at..];
            if (EscapedLength(rest, c) is > 0 and var length)
                at += length;
            else if (!rest.IsEmpty && rest[0] == c)
                at++;
            else
                return 0;
        }

        return at;
    }

    private static int EscapedLength(ReadOnlySpan<char> text, char c)
    {
        if (text.Length < 2 || text[0] != '\\')
            return 0;
        if (text[1] == 'u')
            return text.Length >= 6 && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && code == c ? 6 : 0;

        var meant = text[1] switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'b' => '\b',
            'f' => '\f',
            var other => other,
        };
        return meant == c ? 2 : 0;
    }
}
