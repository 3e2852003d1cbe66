using System.Globalization;
using System.Text;

namespace AgentCore.Providers.OpenAI;

/// <summary>Finds a key in what a server says: as it is, and however JSON escapes it, also where that JSON is a text within other
/// JSON. A match looks past backslashes, for how many there are depends on how often the text was escaped.</summary>
internal static class KeyMask
{
    private const string Masked = "***";

    /// <summary>The most characters that a key takes that is escaped once.</summary>
    public static int Longest(string? key) => (key?.Length ?? 0) * 6;

    /// <summary>Whether the key is in a text.</summary>
    public static bool Finds(string text, string? key) => !ReferenceEquals(Apply(text, key), text);

    /// <summary>The text without the key; the same text where it isn't in it.</summary>
    public static string Apply(string text, string? key)
    {
        if (string.IsNullOrEmpty(key))
            return text;

        StringBuilder? masked = null;
        var kept = 0;
        for (var at = 0; (at = Next(text, at, key[0])) >= 0;)
        {
            var length = LengthAt(text.AsSpan(at), key);
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

    /// <summary>How many characters of a text are the key; 0 where it isn't the key.</summary>
    private static int LengthAt(ReadOnlySpan<char> text, string key)
    {
        var at = 0;
        foreach (var c in key)
        {
            if (c == '\\')
                continue;

            at += Backslashes(text[at..]);
            var length = LengthOf(text, at, c);
            if (length == 0)
                return 0;

            at += length;
        }

        return at;
    }

    private static int Backslashes(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length && text[at] == '\\')
            at += text[(at + 1)..].StartsWith("u005c", StringComparison.OrdinalIgnoreCase) ? 6 : 1;
        return at;
    }

    private static int LengthOf(ReadOnlySpan<char> text, int at, char c)
    {
        if (at > 0 && text[at - 1] == '\\' && Unit(text[at..]) == c)
            return 5;

        return at < text.Length && text[at] == c ? 1 : 0;
    }

    private static int? Unit(ReadOnlySpan<char> text) =>
        text.Length >= 5 && text[0] == 'u' && ushort.TryParse(text[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? unit : null;
}
