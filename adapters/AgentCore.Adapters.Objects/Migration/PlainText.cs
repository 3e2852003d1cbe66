namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Text of others as it may go to a terminal, which would obey what is in it.</summary>
internal static class PlainText
{
    private const char Replaced = '\uFFFD';

    /// <summary>The text without control characters; lines and tabs stay.</summary>
    public static string Of(string text) => text.Any(c => char.IsControl(c) && !IsLayout(c)) ? Map(text, c => IsLayout(c) ? c : Replaced) : text;

    /// <summary>The text as part of a line.</summary>
    public static string OfLine(string text) => text.Any(char.IsControl) ? Map(text, c => IsLayout(c) ? ' ' : Replaced) : text;

    private static string Map(string text, Func<char, char> other) => string.Create(text.Length, (text, other), static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = char.IsControl(from.text[i]) ? from.other(from.text[i]) : from.text[i];
    });

    private static bool IsLayout(char c) => c is '\n' or '\t' or '\r';
}
