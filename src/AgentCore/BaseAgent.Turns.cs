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

    private ValueTask EnterAsync(bool synchronous, CancellationToken cancellationToken)
    {
        var wait = _slots is null ? default : BlockingBridge.Settle(new ValueTask(_slots.WaitAsync(cancellationToken)), synchronous);
        if (!wait.IsCompletedSuccessfully)
            return WaitThenCount(wait);

        Interlocked.Increment(ref _running);
        return default;

        async ValueTask WaitThenCount(ValueTask turn)
        {
            await turn.ConfigureAwait(false);
            Interlocked.Increment(ref _running);
        }
    }

    private void Leave(AgentResult? result)
    {
        if (_slots is not null)
        {
            if (Options.MaxConcurrentRuns == 1 && (result is null || result.Status == RunStatus.Failed))
                Move(AgentState.Error, result?.Error);
            else if (result is { IsDone: true })
                LastError = null;
        }

        if (!LeavesItsTurn())
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
        _ = work.ContinueWith(_ => GiveTurnBack(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
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
