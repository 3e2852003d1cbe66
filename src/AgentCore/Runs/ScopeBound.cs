using AgentCore.Agents;

namespace AgentCore.Runs;

/// <summary>Runs a nested agent so that its caller goes on whatever the agent does: within a time, and left behind when it
/// doesn't end.</summary>
/// <param name="Time">The longest that it may take; null for as long as its caller.</param>
/// <param name="Option">The option that says so.</param>
internal sealed record ScopeBound(TimeSpan? Time, string Option)
{
    // Longer than the grace of a step, which says more precisely what was left behind.
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    public async ValueTask<AgentResult> RunAsync(
        AgentContext parent, BaseAgent agent, int ordinal, AgentTask task, AgentSession? session, bool synchronous, bool timed)
    {
        if (Time is not { } time || !timed)
            return await WaitAsync(parent, agent, ordinal, task, session, synchronous, parent.CancellationToken).ConfigureAwait(false);

        using var deadline = new CancellationTokenSource(time, parent.Run.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, parent.CancellationToken);
        AgentResult result;
        try
        {
            result = await WaitAsync(parent, agent, ordinal, task, session, synchronous, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (e is not RunStoppedException && linked.IsCancellationRequested)
        {
            result = AgentResult.Cancelled();
        }

        // Whatever it made of its cancelled token, it is out of time: a resumed run could not tell what else it might have made.
        if (!deadline.IsCancellationRequested || parent.CancellationToken.IsCancellationRequested)
            return result;

        var limited = AgentResult.Limited(
            new StopReason(StopKind.MaxTime, $"'{agent.Metadata.Name}' took longer than {Option}, {time}; raise it to go on."), result.Output, result.Data);
        return limited.Keep(result);
    }

    private static async ValueTask<AgentResult> WaitAsync(
        AgentContext parent, BaseAgent agent, int ordinal, AgentTask task, AgentSession? session, bool synchronous, CancellationToken token)
    {
        // Synchronous code is given a thread of its own: it could not be left behind otherwise.
        var work = agent.IsSynchronous && !synchronous
            ? new ValueTask<AgentResult>(Task.Run(() => agent.NestedAsync(parent, ordinal, task, session, synchronous, token).AsTask(), CancellationToken.None))
            : agent.NestedAsync(parent, ordinal, task, session, synchronous, token);
        if (work.IsCompleted || !token.CanBeCanceled)
            return await work.ConfigureAwait(false);

        var running = work.AsTask();
        try
        {
            return await Bounded.WaitAsync(running, Grace, parent.Run.Time, token).ConfigureAwait(false);
        }
        finally
        {
            if (!running.IsCompleted)
                agent.CountLeftBehind(running);
        }
    }
}
