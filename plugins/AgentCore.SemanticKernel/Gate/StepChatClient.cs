using Microsoft.Extensions.AI;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A kernel's model within a run: each call is a step.</summary>
internal sealed class StepChatClient(DeclaringChatClient client, AgentContext context) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return context.AskAsync(client, messages, options);
    }

    /// <summary>The whole reply, in updates: a step's result is kept as a whole. Who watches the run sees the text as it
    /// comes.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var response = await GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        foreach (var update in response.ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(StepChatClient) ? this : client.GetService(serviceType, serviceKey);

    public void Dispose() => client.Dispose();
}
