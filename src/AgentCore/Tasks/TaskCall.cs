using AgentCore.Runs;

namespace AgentCore.Tasks;

/// <summary>One task's run, which ends whatever its agent does: within its time, and left behind when it doesn't end.</summary>
internal static class TaskCall
{
    // Longer than the grace of a run, whose result says where it can go on.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public static async Task<AgentResult> RunAsync(
        Func<CancellationToken, Task<AgentResult>> work, TimeSpan? timeout, string option, TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = timeout is { } most ? new CancellationTokenSource(most, time) : null;
        using var linked = deadline is null ? null : CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var token = linked?.Token ?? cancellationToken;
        AgentResult result;
        try
        {
            var run = work(token);
            result = run.IsCompleted || !token.CanBeCanceled
                ? await run.ConfigureAwait(false)
                : await Bounded.WaitAsync(run, Grace, time, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            result = AgentResult.Cancelled();
        }
        catch (Exception e)
        {
            result = AgentResult.Failed(AgentError.From(e));
        }

        if (result.Status != RunStatus.Cancelled || deadline is not { IsCancellationRequested: true } || cancellationToken.IsCancellationRequested)
            return result;

        var limited = AgentResult.Limited(new StopReason(StopKind.MaxTime, $"The task took longer than {option}, {timeout}; raise it to go on."), result.Output, result.Data);
        return limited.Keep(result);
    }
}
