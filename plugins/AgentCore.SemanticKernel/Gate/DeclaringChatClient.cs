using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A kernel's model. Tools are only declared to it: connectors put a loop into their clients that would call them
/// itself, past the gate, and a declaration is what makes it hand the calls back.</summary>
internal sealed class DeclaringChatClient : IChatClient
{
    private readonly IChatClient _client;
    private readonly bool _declares;

    public DeclaringChatClient(IChatClient client)
    {
        _client = client;
        _declares = true;
    }

    /// <summary>A completion service takes functions alone, and never calls them.</summary>
    public DeclaringChatClient(IChatCompletionService service) => _client = service.AsChatClient();

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.GetResponseAsync(messages, Declare(options), cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.GetStreamingResponseAsync(messages, Declare(options), cancellationToken);

    /// <summary>What describes the model; nothing that would call it.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? _client.GetService(serviceType, serviceKey) : null;

    public void Dispose()
    {
        // The kernel's services own the client.
    }

    private ChatOptions? Declare(ChatOptions? options)
    {
        if (!_declares || options?.Tools is not { Count: > 0 } tools)
            return options;

        options = options.Clone();
        options.Tools = [.. tools.Select(t => t is AIFunction function ? function.AsDeclarationOnly() : t)];
        return options;
    }
}
