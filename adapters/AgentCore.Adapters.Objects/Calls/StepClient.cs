using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>The host's model as a wrapped object is given it, once and for good: each call is counted in the step that it falls into.</summary>
internal sealed class StepClient(IChatClient client) : IChatClient
{
    private readonly AsyncLocal<StepContext?> _step = new();

    /// <summary>The step that is going on; set within an asynchronous method, it ends with it.</summary>
    public StepContext? Step
    {
        set => _step.Value = value;
    }

    private IChatClient Counted => _step.Value?.Counted(client) ?? client;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Counted.GetResponseAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Counted.GetStreamingResponseAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => client.GetService(serviceType, serviceKey);

    // The client is the host's.
    public void Dispose()
    {
    }
}
