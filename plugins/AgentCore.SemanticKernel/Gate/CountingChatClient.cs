using Microsoft.Extensions.AI;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A kernel's model within a native function: its calls are part of the function's step, which their tokens are
/// counted in.</summary>
/// <param name="client">The model.</param>
/// <param name="step">The function's step; null outside a run.</param>
internal sealed class CountingChatClient(DeclaringChatClient client, StepContext? step) : DelegatingChatClient(client)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        step?.ThrowIfOverTokens();
        var response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        if (response.Usage is { } usage)
            step?.AddUsage(usage);
        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        step?.ThrowIfOverTokens();
        await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            foreach (var usage in update.Contents.OfType<UsageContent>())
                step?.AddUsage(usage.Details);
            yield return update;
        }
    }
}
