using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>What takes the place of a conversation's first messages.</summary>
/// <param name="Removed">How many messages it replaces, 1 or more.</param>
/// <param name="Head">The message in their place: a summary, or the note that they were left out.</param>
internal sealed record CompactedHead(int Removed, ChatMessage Head)
{
    // Part of the sessions' format: marks a message that stands for others.
    private const string Mark = "agentcore.compacted";

    /// <summary>A head of a text. It speaks as the user, not as the system: it repeats what others have said.</summary>
    public static CompactedHead Of(int removed, string text) =>
        new(removed, new ChatMessage(ChatRole.User, text) { AdditionalProperties = new() { [Mark] = true } });

    /// <summary>Whether a message stands for others already.</summary>
    public static bool IsHead(ChatMessage message) => message.AdditionalProperties?.ContainsKey(Mark) == true;

    /// <summary>The conversation with the head in place: a new list.</summary>
    public List<ChatMessage> Apply(IReadOnlyList<ChatMessage> messages)
    {
        var after = new List<ChatMessage>(messages.Count - Removed + 3) { Head };
        for (var i = Removed; i < messages.Count; i++)
            after.Add(messages[i]);
        return after;
    }
}
