namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Text of others as it may go to a terminal, which would obey what is in it.</summary>
internal static class PlainText
{
    private const char Replaced = '\uFFFD';

    /// <summary>The text without control characters; lines and tabs stay. A lone carriage return would write over a line.</summary>
    public static string Of(string text) => Map(text, static (text, i) =>
        text[i] is '\n' or '\t' || (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') ? text[i] : Replaced);

    /// <summary>The text as part of a line.</summary>
    public static string OfLine(string text) => Map(text, static (text, i) => text[i] is '\n' or '\t' or '\r' ? ' ' : Replaced);

    private static string Map(string text, Func<string, int, char> control) => !text.Any(char.IsControl) ? text : string.Create(text.Length, (text, control), static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = char.IsControl(from.text[i]) ? from.control(from.text, i) : from.text[i];
    });
}
