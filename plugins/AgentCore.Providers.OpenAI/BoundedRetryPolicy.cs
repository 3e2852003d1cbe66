using System.ClientModel.Primitives;

namespace AgentCore.Providers.OpenAI;

/// <summary>The SDK's retries, except that a long wait is left to the caller: one that the server asks for, or another timeout.</summary>
internal sealed class BoundedRetryPolicy(int maxRetries, TimeProvider time) : ClientRetryPolicy(maxRetries)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    protected override bool ShouldRetry(PipelineMessage message, Exception? exception) =>
        !IsLongWait(message, exception) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(PipelineMessage message, Exception? exception) =>
        !IsLongWait(message, exception) && await base.ShouldRetryAsync(message, exception).ConfigureAwait(false);

    private bool IsLongWait(PipelineMessage message, Exception? exception) => exception is OperationCanceledException
        || (message.Response is { } response && RetryAfterHeader.Read(response.Headers, time) > LongestWait);
}
