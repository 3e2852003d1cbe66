using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Text;

/// <summary>
/// Estimates how many model tokens a text takes where no tokenizer is at hand: UTF-8 bytes divided by four, plus a fixed
/// overhead per message. Good for reserving a budget with a margin; a provider's reported usage replaces it.
/// </summary>
public static class TokenEstimate
{
    /// <summary>Tokens that a message's role and framing take, beside its text.</summary>
    public const int PerMessage = 4;

    private const int BytesPerToken = 4;

    /// <summary>Estimates a text, in tokens; 0 for an empty one.</summary>
    /// <param name="text">Any text.</param>
    public static int Of(ReadOnlySpan<char> text) => (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;

    /// <summary>Estimates one message with its text, tool calls and tool results, in tokens.</summary>
    /// <param name="message">The message.</param>
    public static int Of(ChatMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var tokens = PerMessage;
        foreach (var content in message.Contents)
        {
            tokens += content switch
            {
                TextContent text => Of(text.Text),
                TextReasoningContent reasoning => Of(reasoning.Text),
                FunctionCallContent call => Of(call.Name) + Of(call.Arguments),
                FunctionResultContent result => OfValue(result.Result),
                DataContent data => data.Data.Length / BytesPerToken,
                _ => 0,
            };
        }
        return tokens;
    }

    /// <summary>Estimates a conversation, in tokens.</summary>
    /// <param name="messages">The messages.</param>
    public static int Of(IEnumerable<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return messages.Sum(Of);
    }

    // As its JSON, so that a value and what is read back from a journal take the same.
    private static int OfValue(object? value)
    {
        switch (value)
        {
            case null:
                return 0;
            case string text:
                return Of(text);
            case JsonElement element:
                return Of(WholeJson.Of(element).ToString());
            default:
                try
                {
                    return (JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), AgentJson.Options).Length + BytesPerToken - 1) / BytesPerToken;
                }
                catch (Exception e) when (e is NotSupportedException or JsonException)
                {
                    return Of(value.ToString());
                }
        }
    }

    private static int Of(IDictionary<string, object?>? arguments) =>
        arguments is null ? 0 : arguments.Sum(pair => Of(pair.Key) + OfValue(pair.Value) + 2);
}
