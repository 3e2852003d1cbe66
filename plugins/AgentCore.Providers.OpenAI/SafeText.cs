using System.Text;
using System.Text.RegularExpressions;

namespace AgentCore.Providers.OpenAI;

/// <summary>Makes a server's words fit for a log: short, on one line, without control characters, without keys.</summary>
internal static partial class SafeText
{
    private const int Longest = 500;

    public static string Clean(string text, string? key)
    {
        text = Keys().Replace(Mask(text, key), "***");

        var clean = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var rune in text.EnumerateRunes())
        {
            var blank = Rune.IsControl(rune) || Rune.IsWhiteSpace(rune);
            if (blank && (clean.Length == 0 || clean[^1] == ' '))
                continue;
            if (clean.Length >= Longest)
                return clean.Append('…').ToString();

            clean.Append(blank ? " " : rune.ToString());
        }

        return clean.ToString().Trim().TrimEnd('.');
    }

    // A long text is cut first, and then its end left out, where half a key may stand that nothing finds.
    private static string Mask(string text, string? key)
    {
        var end = KeyMask.Longest(key);
        if (text.Length <= (Longest * 8) + end)
            return KeyMask.Apply(text, key);

        var masked = KeyMask.Apply(text[..((Longest * 8) + end)], key);
        return masked[..Math.Max(0, masked.Length - end)];
    }

    /// <summary>An address without user, password and query, any of which may be a secret.</summary>
    public static string Address(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');

    // Also the masked form in which OpenAI repeats a refused key.
    [GeneratedRegex(@"\bsk-[\w*-]{4,}|\bBearer\s+[\w.~+/*=-]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Keys();
}
