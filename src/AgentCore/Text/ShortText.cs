namespace AgentCore.Text;

/// <summary>Texts cut to a length, without half of a character.</summary>
internal static class ShortText
{
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        return text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }

    /// <summary>The end of a text.</summary>
    public static string End(string text, int most)
    {
        if (text.Length <= most)
            return text;
        var end = text[^most..];
        return most > 0 && char.IsLowSurrogate(end[0]) ? end[1..] : end;
    }
}
