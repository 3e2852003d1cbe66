using System.Text.Json;
using AgentCore.Tools;
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

    /// <summary>A completion service is shown functions alone, and drops declarations: it gets functions that can't be called.</summary>
    public DeclaringChatClient(IChatCompletionService service) => _client = new HandingBackService(service).AsChatClient();

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = _client.GetResponseAsync(messages, Declare(options), cancellationToken);
        return _declares ? response : CountedAsync(response);
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = _client.GetStreamingResponseAsync(messages, Declare(options), cancellationToken);
        return _declares ? updates : CountedAsync(updates);
    }

    /// <summary>What describes the model; nothing that would call it.</summary>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? _client.GetService(serviceType, serviceKey) : null;

    public void Dispose()
    {
        // The kernel's services own the client.
    }

    private static async Task<ChatResponse> CountedAsync(Task<ChatResponse> response) => ServiceUsage.Count(await response.ConfigureAwait(false));

    private static async IAsyncEnumerable<ChatResponseUpdate> CountedAsync(IAsyncEnumerable<ChatResponseUpdate> updates)
    {
        await foreach (var update in updates.ConfigureAwait(false))
            yield return ServiceUsage.Count(update);
    }

    private ChatOptions? Declare(ChatOptions? options)
    {
        if (options?.Tools is not { Count: > 0 } tools)
            return options;

        options = options.Clone();
        options.Tools = [.. tools.Select(t => _declares
            ? t is AIFunction function ? function.AsDeclarationOnly() : t
            : t is AIFunctionDeclaration declaration ? new ShownFunction(declaration) : t)];
        return options;
    }

    /// <summary>A declaration in the shape of a function.</summary>
    private sealed class ShownFunction(AIFunctionDeclaration declaration) : AIFunction
    {
        public override string Name => declaration.Name;

        public override string Description => declaration.Description;

        public override JsonElement JsonSchema => declaration.JsonSchema;

        public override JsonElement? ReturnJsonSchema => declaration.ReturnJsonSchema;

        public override IReadOnlyDictionary<string, object?> AdditionalProperties => declaration.AdditionalProperties;

        protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
            throw new ToolDeniedException(Name, $"A model's service called '{Name}' by itself. Only the run calls functions.");
    }
}
