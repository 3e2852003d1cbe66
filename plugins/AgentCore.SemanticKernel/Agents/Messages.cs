using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel;

/// <summary>Messages as either side has them: their text, role and author.</summary>
internal static class Messages
{
    public static ChatMessageContent ToKernel(ChatMessage message) =>
        new(new AuthorRole(message.Role.Value), message.Text) { AuthorName = message.AuthorName };

    /// <summary>What was said, as the conversation that leads to a task. The agent's own words are the assistant's, those of
    /// others a user's with their name.</summary>
    public static ChatMessage FromKernel(ChatMessageContent message, string self)
    {
        var isOther = message.Role == AuthorRole.Assistant && message.AuthorName is { } author && author != self;
        return new ChatMessage(isOther ? ChatRole.User : new ChatRole(message.Role.Label), message.Content ?? "") { AuthorName = message.AuthorName };
    }
}
