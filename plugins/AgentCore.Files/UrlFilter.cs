namespace AgentCore.Files;

/// <summary>Leaves web addresses out of what is indexed: their words are about hosts, not about the subject.</summary>
internal static class UrlFilter
{
    /// <summary>Returns the text without addresses; the same text if it has none.</summary>
    public static ReadOnlySpan<char> Remove(ReadOnlySpan<char> text)
    {
        if (text.IndexOf("://") < 0) return text;
        var kept = new char[text.Length];
        var length = 0;
        while (text.IndexOf("://") is var at and >= 0)
        {
            var start = at;
            while (start > 0 && char.IsAsciiLetter(text[start - 1])) start--;
            var end = at + 3;
            while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not (')' or '>' or '"' or '`' or ']')) end++;
            text[..start].CopyTo(kept.AsSpan(length));
            length += start;
            text = text[end..];
        }
        text.CopyTo(kept.AsSpan(length));
        return kept.AsSpan(0, length + text.Length);
    }
}
