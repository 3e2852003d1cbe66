using System.ClientModel.Primitives;

namespace AgentCore.Providers.OpenAI;

/// <summary>The SDK's retries, except that a long wait is left to the caller, who can see and cancel it.</summary>
internal sealed class BoundedRetryPolicy(int maxRetries, TimeProvider time) : ClientRetryPolicy(maxRetries)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) =>
        !AsksForLongWait(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) =>
        !AsksForLongWait(message) && await base.ShouldRetryAsync(message, exception).ConfigureAwait(false);

    private bool AsksForLongWait(PipelineMessage message) =>
        message.Response is { } response && RetryAfterHeader.Read(response.Headers, time) > LongestWait;
}
