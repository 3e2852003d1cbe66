using Microsoft.Extensions.AI;

namespace AgentCore.Benchmarks;

/// <summary>A model in memory that answers at once, or after a while, and asks for a tool where it's told to.</summary>
internal sealed class InstantClient(TimeSpan delay = default, bool callsTool = false) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, cancellationToken);
        return callsTool && ((IReadOnlyList<ChatMessage>)messages)[^1].Role == ChatRole.User
            ? Reply(new FunctionCallContent("1", "noop", new Dictionary<string, object?> { ["n"] = 1 }))
            : Reply(new TextContent("ok"));
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // Nothing is held.
    }

    private static ChatResponse Reply(AIContent content) => new(new ChatMessage(ChatRole.Assistant, [content]))
    {
        Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 1, TotalTokenCount = 11 },
    };
}
