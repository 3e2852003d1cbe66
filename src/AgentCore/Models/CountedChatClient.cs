using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace AgentCore.Models;

/// <summary>A model as a step's own code calls it: what it uses is counted in the step, and the run's tokens hold it.</summary>
internal sealed class CountedChatClient(IChatClient client, StepContext step) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var sent = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        using var reserved = step.Tokens is null ? null : await step.Tokens.ReserveAsync(sent, options, cancellationToken).ConfigureAwait(false);
        reserved?.Enter();
        var response = await client.GetResponseAsync(sent, options, cancellationToken).ConfigureAwait(false);
        if (response.Usage is { } usage)
            step.AddUsage(usage);
        return response;
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var sent = messages as IReadOnlyCollection<ChatMessage> ?? [.. messages];
        using var reserved = step.Tokens is null ? null : await step.Tokens.ReserveAsync(sent, options, cancellationToken).ConfigureAwait(false);
        reserved?.Enter();
        await foreach (var update in client.GetStreamingResponseAsync(sent, options, cancellationToken).ConfigureAwait(false))
        {
            foreach (var usage in update.Contents.OfType<UsageContent>())
                step.AddUsage(usage.Details);
            reserved?.IsPaused = true;
            yield return update;
            reserved?.IsPaused = false;

            // Who asks for the next update runs this, and not who asked for the last.
            reserved?.Enter();
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => client.GetService(serviceType, serviceKey);

    // The client is its owner's.
    public void Dispose()
    {
    }
}
