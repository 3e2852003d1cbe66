using System.Text.RegularExpressions;

namespace AgentCore.Learning;

/// <summary>Replaces what differs from one occurrence of an error to the next: quoted text, addresses, paths, ids, times and
/// numbers; and what must not be kept: passwords and keys.</summary>
internal static partial class ErrorMask
{
    /// <summary>How much of a message is looked at: patterns take long over what is very long, and say nothing more.</summary>
    public const int Looked = 4000;

    public static string Apply(string message)
    {
        try
        {
            return Mask(Cut(message, Looked));
        }
        catch (RegexMatchTimeoutException)
        {
            // What isn't masked must not be kept.
            return "<text>";
        }
    }

    public static string Cut(string? text, int most) => text is null ? "" : text.Length > most ? text[..most] : text;

    private static string Mask(string text)
    {
        text = NamedSecret().Replace(text, "$1<secret>");
        text = Secret().Replace(text, "<secret>");
        text = Url().Replace(text, "<url>");
        text = Quoted().Replace(text, "<text>");
        text = WindowsPath().Replace(text, "<path>");
        text = UnixPath().Replace(text, "<path>");
        text = Guid().Replace(text, "<id>");
        text = Time().Replace(text, "<time>");
        text = MixedId().Replace(text, "<id>");
        text = Number().Replace(text, "<n>");
        return Space().Replace(text, " ").Trim();
    }

    // What is said of a secret and is none itself: "token: expired". Any other word may be a secret.
    private const string State = """
        (?<=:\s+)(?:expired|revoked|invalid|missing|required|empty|unknown|malformed|incorrect|wrong|rejected|refused|denied|disabled|inactive|unsupported|unauthorized|forbidden)(?=[.,;)]*(?:\s|$))
        """;

    // The name of one that isn't there: "Missing required secret: API_URL".
    private const string Missing = """
        (?<=\bmissing\s(?:required\s)?(?:\w+|[a-z]+\skey):\s+)(?-i:[A-Z][A-Z0-9_]*)(?=[.,;)]*(?:\s|$))
        """;

    // Password=…, "api_key": "…", AccountKey=…, Authorization: Basic …
    [GeneratedRegex("""((?:passw(?:or)?d|passphrase|pwd|secret|token|credential|authorization|(?:account|access|api|secret|private|shared|storage|subscription)[ _-]?key)\\?["']?\s*[:=]\s*)(?!""" + State + "|" + Missing + """)(?:(?:bearer|basic)\s+)?\\?(?:"[^"\n]*"|'[^'\n]*'|[^\s;&"'<>]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamedSecret();

    [GeneratedRegex("""\bsk-[\w*-]{4,}|\bbearer\s+[\w.~+/*=-]+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Secret();

    [GeneratedRegex("""[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>)\]]+""", RegexOptions.None, 1000)]
    private static partial Regex Url();

    // An apostrophe within a word is no quotation mark.
    [GeneratedRegex("""(?<!\w)'[^'\n]*'(?!\w)|"[^"\n]*"|`[^`\n]*`|“[^”\n]*”|«[^»\n]*»""", RegexOptions.None, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex("""\b[a-zA-Z]:\\[^\s:*?"<>|]*""", RegexOptions.None, 1000)]
    private static partial Regex WindowsPath();

    [GeneratedRegex("""(?<![\w<])(?:~|\.{1,2})?/[\w.@+~-]+(?:/[\w.@+~-]*)*""", RegexOptions.None, 1000)]
    private static partial Regex UnixPath();

    [GeneratedRegex("""\b[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\b""", RegexOptions.None, 1000)]
    private static partial Regex Guid();

    [GeneratedRegex("""\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?|\b\d\d?:\d\d:\d\d(?:\.\d+)?""", RegexOptions.None, 1000)]
    private static partial Regex Time();

    // A word of letters and digits, with three digits or more: a request id, a hash, a host's name.
    [GeneratedRegex("""\b(?=[\w-]*[a-zA-Z])(?=(?:[a-zA-Z_-]*\d){3})[\w-]{6,}\b""", RegexOptions.None, 1000)]
    private static partial Regex MixedId();

    [GeneratedRegex("""(?<![\w<])[-+]?(?:0x[0-9a-fA-F]+|\d[\d,._]*(?:[eE][-+]?\d+)?)""", RegexOptions.None, 1000)]
    private static partial Regex Number();

    [GeneratedRegex("""\s+""", RegexOptions.None, 1000)]
    private static partial Regex Space();
}
