using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Learning.BuiltIn;

/// <summary>Keeps the newest part of a conversation: the system's messages, and as many of the others as the share allows, from
/// the end. A tool's result never stands without its call. What is still too long by itself is cut in the middle.</summary>
internal static class ContextReduction
{
    public static IReadOnlyList<ChatMessage> Apply(IEnumerable<ChatMessage> messages, double share)
    {
        var all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var budget = (long)(all.Sum(Length) * share);
        var kept = new LinkedList<ChatMessage>();
        var first = all.Count;
        long used = 0;
        while (first > 0 && (used + Length(all[first - 1]) <= budget || first == all.Count))
            used += Length(all[--first]);

        // Back to the call whose results would stand alone; forward would lose what the model waits for.
        while (first > 0 && all[first].Role == ChatRole.Tool)
            first--;
        for (var i = 0; i < all.Count; i++)
        {
            if (i >= first || all[i].Role == ChatRole.System)
                kept.AddLast(Cut(all[i], Math.Max(200, budget)));
        }

        return [.. kept];
    }

    private static long Length(ChatMessage message) => message.Contents.Sum(c => c switch
    {
        TextContent text => text.Text.Length,
        FunctionResultContent result => result.Result?.ToString()?.Length ?? 0,
        _ => 100L,
    }) + 10;

    private static ChatMessage Cut(ChatMessage message, long most)
    {
        if (Length(message) <= most || message.Contents.All(c => c is not TextContent))
            return message;

        var copy = message.Clone();
        copy.Contents = [.. message.Contents.Select(c => c is TextContent { Text.Length: var length } text && length > most ? new TextContent(Middle(text.Text, (int)most)) : c)];
        return copy;
    }

    private static string Middle(string text, int most) =>
        $"{ShortText.Cut(text, most / 2)}\n[… {text.Length - most} characters left out …]\n{ShortText.End(text, most / 2)}";
}
