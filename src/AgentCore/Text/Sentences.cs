namespace AgentCore.Text;

/// <summary>A sentence and the lines that it stands on.</summary>
/// <param name="Text">The sentence as written, line breaks included.</param>
/// <param name="Line">The line of its first character, counted from 1.</param>
/// <param name="EndLine">The line of its last character.</param>
public sealed record Sentence(string Text, int Line, int EndLine);

/// <summary>Splits prose into sentences and keeps their line numbers.</summary>
public static class Sentences
{
    private static readonly HashSet<string> Abbreviations = new(StringComparer.OrdinalIgnoreCase)
    {
        "e.g", "i.e", "etc", "vs", "cf", "mr", "mrs", "ms", "dr", "prof", "st", "no", "fig", "approx", "resp", "incl", "al", "ca", "dept", "jr", "sr",
    };

    /// <summary>
    /// Splits a text at sentence ends, blank lines, and before headings, list items and table rows. A sentence may span lines.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="firstLine">The number of the text's first line.</param>
    public static List<Sentence> Split(string text, int firstLine = 1)
    {
        ArgumentNullException.ThrowIfNull(text);
        var sentences = new List<Sentence>();
        var (start, startLine, line) = (0, firstLine, firstLine);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                line++;
                if (!StartsBlock(text.AsSpan(i + 1))) continue;
                Add(i, line - 1);
                (start, startLine) = (i + 1, line);
            }
            else if (EndsSentence(text, i))
            {
                var end = i + 1;
                while (end < text.Length && text[end] is '"' or '\'' or ')' or ']' or '*' or '_' or '`' or '”' or '’') end++;
                Add(end, line);
                (start, startLine, i) = (end, line, end - 1);
            }
        }
        Add(text.Length, line);
        return sentences;

        void Add(int end, int endLine)
        {
            var (from, fromLine) = (start, startLine);
            while (from < end && char.IsWhiteSpace(text[from]))
                if (text[from++] == '\n') fromLine++;
            var to = end;
            while (to > from && char.IsWhiteSpace(text[to - 1]))
                if (text[--to] == '\n') endLine--;
            if (to > from) sentences.Add(new Sentence(text[from..to], fromLine, endLine));
        }
    }

    private static bool EndsSentence(string text, int i)
    {
        var c = text[i];
        if (c is '。' or '！' or '？') return true;
        if (c is not ('.' or '!' or '?')) return false;
        var next = i + 1;
        while (next < text.Length && text[next] is '"' or '\'' or ')' or ']' or '*' or '_' or '`' or '”' or '’') next++;
        if (next < text.Length && !char.IsWhiteSpace(text[next])) return false;
        if (c != '.') return true;
        var wordStart = i;
        while (wordStart > 0 && (char.IsLetterOrDigit(text[wordStart - 1]) || text[wordStart - 1] == '.')) wordStart--;
        var word = text.AsSpan(wordStart, i - wordStart);
        if (word.Length == 1 && char.IsUpper(word[0])) return false;
        if (Abbreviations.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)) return false;
        // "1." at the start of a line numbers a list item.
        return !(IsNumber(word) && (wordStart == 0 || text[..wordStart].TrimEnd(' ', '\t').EndsWith('\n')));
    }

    private static bool IsNumber(ReadOnlySpan<char> word) => word.Length is > 0 and < 4 && !word.ContainsAnyExceptInRange('0', '9');

    private static bool StartsBlock(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf('\n');
        var next = (end < 0 ? rest : rest[..end]).Trim();
        if (next.IsEmpty) return true;
        if (next[0] is '#' or '|' or '>' || next.StartsWith("```") || next.StartsWith("~~~")) return true;
        if (next[0] is '-' or '*' or '+' or '•' && next.Length > 1 && next[1] == ' ') return true;
        var digits = next.IndexOfAnyExceptInRange('0', '9');
        return digits is > 0 and < 4 && next[digits] is '.' or ')' && digits + 1 < next.Length && next[digits + 1] == ' ';
    }
}
