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
}
