namespace AgentCore.Offline;

/// <summary>Finds the question in a message that may frame it.</summary>
internal static class QuestionText
{
    private static readonly string[] Labels = ["Question:", "Task:", "User question:", "Request:", "Topic:"];

    /// <summary>The text after a label such as "Task:", up to the next blank line; the whole text without one.</summary>
    public static string Of(string text)
    {
        foreach (var label in Labels)
        {
            var at = text.IndexOf(label, StringComparison.OrdinalIgnoreCase);
            if (at < 0 || (at > 0 && text[at - 1] != '\n')) continue;
            var rest = text[(at + label.Length)..].TrimStart();
            var end = rest.IndexOf("\n\n", StringComparison.Ordinal);
            return (end < 0 ? rest : rest[..end]).Trim();
        }
        return text.Trim();
    }
}
