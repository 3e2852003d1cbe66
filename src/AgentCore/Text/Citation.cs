using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentCore.Text;

/// <summary>
/// A quotation with its place. Written as one line, <c>- "verbatim quote" (path/to/file.md:42)</c>: a form that people read,
/// that models can be told to follow, and that <see cref="TryParse"/> reads back exactly.
/// </summary>
/// <param name="File">The file, as the tools name it.</param>
/// <param name="Line">The line on which the quote starts, counted from 1.</param>
/// <param name="Quote">The quoted text, verbatim, without line breaks.</param>
public sealed partial record Citation(string File, int Line, string Quote)
{
    /// <summary>What to tell a model so that its citations can be read back.</summary>
    public const string Instructions =
        "Cite each source on a line of its own, exactly in this form, with a quote copied letter by letter from one line of the file and that line's number: - \"verbatim quote\" (path/to/file.md:42)";

    /// <summary>Reads one line of the form <c>- "quote" (file:line)</c>; a verdict may follow it.</summary>
    /// <param name="text">The line; the list mark may be missing, or a number.</param>
    /// <param name="citation">The citation.</param>
    /// <returns>Whether the line is a citation.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Citation? citation)
    {
        citation = null;
        if (text is null || text.Length > 20_000) return false;
        var match = Form().Match(text);
        if (!match.Success) return false;
        if (!int.TryParse(match.Groups["line"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var line) || line < 1) return false;
        citation = new Citation(match.Groups["file"].Value.Trim(), line, match.Groups["quote"].Value);
        return true;
    }

    /// <summary>Reads every citation of a text, in order, each place and quote once.</summary>
    /// <param name="text">Any text.</param>
    public static IReadOnlyList<Citation> ParseAll(string? text)
    {
        var citations = new List<Citation>();
        if (text is null) return citations;
        foreach (var line in text.Split('\n'))
            if (TryParse(line, out var citation) && !citations.Contains(citation)) citations.Add(citation);
        return citations;
    }

    /// <summary>Whether the quote starts on its line of a file and stands there verbatim; runs of white space count as one space.</summary>
    /// <param name="lines">The file's lines, all of them or from <paramref name="firstLine"/> on.</param>
    /// <param name="firstLine">The number of the first of <paramref name="lines"/>.</param>
    public bool IsIn(IReadOnlyList<string> lines, int firstLine = 1)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var at = Line - firstLine;
        var quote = Normalize(Quote);
        if (at < 0 || at >= lines.Count || quote.Length == 0) return false;
        var first = Normalize(lines[at]);
        var text = first;
        for (var next = at + 1; next < lines.Count && text.Length < first.Length + quote.Length + 1; next++) text += " " + Normalize(lines[next]);
        var found = text.IndexOf(quote, StringComparison.Ordinal);
        return found >= 0 && found <= first.Length;
    }

    /// <summary>The citation as one line: <c>- "quote" (file:line)</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"- \"{Normalize(Quote)}\" ({File}:{Line})");

    private static string Normalize(string text) => WhiteSpace().Replace(text, " ").Trim();

    [GeneratedRegex("""^\s*(?:[-*•]|\d{1,3}[.)])?\s*["“](?<quote>.+)["”]\s*\((?<file>[^"“”]+?):(?<line>\d{1,9})(?:-\d+)?\)(?<rest>[^"“”]*)$""", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
