using AgentCore.Runs;

namespace AgentCore;

// The turns of an agent that doesn't run without limit: taken, given back, or kept by code that was left behind.
public abstract partial class BaseAgent
{
    // The agents within whose runs this code runs, so that one that runs one at a time isn't waited for from its own run.
    private static readonly AsyncLocal<RunningAgent?> Running = new();

    private readonly SemaphoreSlim? _slots;

    // Turns that code which was left behind gives back in place of its run.
    private int _keptTurns;

    // How much code was left behind and goes on in a turn.
    private int _leftBehind;

    /// <summary>Takes a turn, or waits for one.</summary>
    /// <returns>Null where it has one; else the end of a run that got none in its time, as code that was left behind kept them all.</returns>
    private ValueTask<AgentResult?> EnterAsync((TimeSpan Time, string Option)? limit, bool synchronous, CancellationToken cancellationToken)
    {
        if (_slots is not null && !_slots.Wait(0, cancellationToken))
            return BlockingBridge.Settle(WaitForTurnAsync(limit, cancellationToken), synchronous);

        Interlocked.Increment(ref _running);
        return default;
    }

    private async ValueTask<AgentResult?> WaitForTurnAsync((TimeSpan Time, string Option)? limit, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var turn = _slots!.WaitAsync(giveUp.Token);
        while (true)
        {
            try
            {
                await turn.WaitAsync(limit?.Time ?? Timeout.InfiniteTimeSpan, Options.Time, CancellationToken.None).ConfigureAwait(false);
                Interlocked.Increment(ref _running);
                return null;
            }
            catch (TimeoutException)
            {
                // Runs end in their own time, and are waited for; what was left behind may never end.
                if (Volatile.Read(ref _leftBehind) >= Options.MaxConcurrentRuns)
                    await giveUp.CancelAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return AgentResult.Limited(new StopReason(StopKind.MaxTime,
                    $"Agent '{Metadata.Name}' is still busy with a run that was left behind, as its code didn't end when it was cancelled; no turn came within {limit!.Value.Option}, {limit.Value.Time}. Let that code look at its token, or give the agent AgentOptions.MaxConcurrentRuns = 0."));
            }
        }
    }

    private void Leave(AgentResult? result, RunningAgent? running = null)
    {
        if (_slots is not null)
        {
            if (Options.MaxConcurrentRuns == 1 && (result is null || result.Status == RunStatus.Failed))
                Move(AgentState.Error, result?.Error);
            else if (result is { IsDone: true })
                LastError = null;
        }

        if (LeavesItsTurn())
            return;
        running?.End();
        GiveTurnBack();
    }

    private bool LeavesItsTurn()
    {
        if (Volatile.Read(ref _keptTurns) == 0)
            return false;

        lock (_lock)
            return _keptTurns > 0 && _keptTurns-- > 0;
    }

    private void GiveTurnBack()
    {
        Interlocked.Decrement(ref _running);
        _slots?.Release();
    }

    /// <summary>Goes on without code that doesn't end. It can do nothing more in its run, but keeps the run's turn until it ends:
    /// an agent that runs one at a time would run twice at once otherwise.</summary>
    private void LeaveBehind(AgentContext context, Task work)
    {
        context.GiveUp();
        lock (_lock)
            _keptTurns++;
        CountLeftBehind(work);
        // Until then it runs within its run: it would wait for the turn that it has itself.
        var running = _slots is null ? null : Running.Value;
        _ = work.ContinueWith(
            _ =>
            {
                running?.End();
                GiveTurnBack();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Counts code that was left behind, for as long as it goes on.</summary>
    internal void CountLeftBehind(Task work)
    {
        Interlocked.Increment(ref _leftBehind);
        _ = work.ContinueWith(_ => Interlocked.Decrement(ref _leftBehind), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private sealed class RunningAgent(BaseAgent agent, RunningAgent? outer)
    {
        // Null when its run has ended: work that the run left behind carries this on.
        private BaseAgent? _agent = agent;

        public void End() => _agent = null;

        public static RunningAgent Enter(BaseAgent agent, RunningAgent? outer)
        {
            for (var running = outer; running is not null; running = running.Outer)
            {
                if (ReferenceEquals(running._agent, agent))
                    throw agent.Illegal("run within its own run", "let it finish, or give it AgentOptions.MaxConcurrentRuns = 0");
            }

            return new RunningAgent(agent, outer);
        }

        private RunningAgent? Outer { get; } = outer;
    }
}
