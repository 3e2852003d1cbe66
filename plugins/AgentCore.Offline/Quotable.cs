namespace AgentCore.Offline;

/// <summary>What may be quoted, and how much of it.</summary>
internal static class Quotable
{
    /// <summary>Whether a text holds words, not only rules, fences and markup.</summary>
    public static bool IsText(string text)
    {
        var letters = 0;
        foreach (var c in text)
            if (char.IsLetterOrDigit(c) && ++letters == 3) return !text.AsSpan().Trim().StartsWith("```") && !text.AsSpan().Trim().StartsWith(".. ");
        return false;
    }

    /// <summary>The share of a text's lines that are code rather than prose, from 0 to 1.</summary>
    public static double CodeShare(string text)
    {
        var (lines, code) = (0, 0);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            lines++;
            if (line.StartsWith("    ") || line.StartsWith("\t") || line.StartsWith("```") || line.Contains("$ ", StringComparison.Ordinal)) code++;
        }
        return (double)code / lines;
    }

    /// <summary>Cuts a line to a quotation: without the white space around it, and at a word's end where it is too long.</summary>
    public static string Trim(string line, int most)
    {
        var text = line.Trim();
        if (text.Length <= most) return text;
        var end = text.LastIndexOf(' ', most);
        if (end < most / 2) end = most;
        return char.IsHighSurrogate(text[end - 1]) ? text[..(end - 1)] : text[..end];
    }
}
