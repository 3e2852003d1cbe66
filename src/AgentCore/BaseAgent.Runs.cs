using AgentCore.Agents;
using AgentCore.Learning;
using AgentCore.Runs;

namespace AgentCore;

// How an agent runs: its readiness, its run in a store.
public abstract partial class BaseAgent
{
    // Agents within agents, the run's own included.
    private const int MostNested = 64;

    /// <summary>The longest that a run may take, and the option that says so; null for no limit.</summary>
    internal virtual (TimeSpan Time, string Option)? TimeLimit => Options.Timeout is { } timeout ? (timeout, "AgentOptions.Timeout") : null;

    /// <summary>The limit of a run within another. A scope that the journal has closed ended in time, and is not timed when it is
    /// replayed.</summary>
    private (TimeSpan Time, string Option)? LimitWithin(AgentContext? parent) => parent is { LastScope.Replayed: true } ? null : TimeLimit;

    /// <summary>Runs a task and waits for its outcome.</summary>
    /// <param name="task">The task; a text will do.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The outcome, whatever it is.</returns>
    /// <exception cref="InvalidOperationException">Misuse: the agent is stopped, or is called from within its own run.</exception>
    public AgentResult Execute(AgentTask task, CancellationToken cancellationToken = default) =>
        Execute(task, RunOptions.Default, cancellationToken);

    /// <summary>Runs a task and waits for its outcome.</summary>
    /// <param name="task">The task; a text will do.</param>
    /// <param name="options">How this run is done.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The outcome, whatever it is.</returns>
    /// <exception cref="InvalidOperationException">Misuse: the agent is stopped or called from within its own run, or the
    /// session is in use.</exception>
    public AgentResult Execute(AgentTask task, RunOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        return BlockingBridge.Run(() => RootAsync(task, options, null, synchronous: IsSynchronous, cancellationToken));
    }

    /// <summary>Runs a task.</summary>
    /// <param name="task">The task; a text will do.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The outcome, whatever it is.</returns>
    /// <exception cref="InvalidOperationException">Misuse: the agent is stopped, or is called from within its own run.</exception>
    public Task<AgentResult> ExecuteAsync(AgentTask task, CancellationToken cancellationToken = default) =>
        ExecuteAsync(task, RunOptions.Default, cancellationToken);

    /// <summary>Runs a task. A synchronous agent does so on a thread of the pool.</summary>
    /// <param name="task">The task; a text will do.</param>
    /// <param name="options">How this run is done.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The outcome, whatever it is.</returns>
    /// <exception cref="InvalidOperationException">Misuse: the agent is stopped or called from within its own run, or the
    /// session is in use.</exception>
    public Task<AgentResult> ExecuteAsync(AgentTask task, RunOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        return IsSynchronous
            ? Task.Run(() => RootAsync(task, options, null, synchronous: false, cancellationToken).AsTask(), CancellationToken.None)
            : RootAsync(task, options, null, synchronous: false, cancellationToken).AsTask();
    }

    /// <summary>Goes on with a run: the agent's code runs again, finished steps return what they returned, and what was not
    /// finished is done. A finished run returns its result.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="options">How it is done; its store, or the agent's, holds the run.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The outcome, whatever it is.</returns>
    /// <exception cref="ArgumentException">The run isn't in the store, or is another agent's.</exception>
    /// <exception cref="InvalidOperationException">Misuse, as for <see cref="ExecuteAsync(AgentTask, RunOptions, CancellationToken)"/>.</exception>
    public async Task<AgentResult> ResumeAsync(string runId, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (saved, prepared) = await LoadAsync(runId, options, replay: false, cancellationToken).ConfigureAwait(false);
        return saved.Result ?? await RootAsync(saved, prepared, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the agent again from a run's journal alone: no model and no tool is called, nothing is kept, and the
    /// first difference is told.</summary>
    /// <param name="runId">The run's id.</param>
    /// <param name="options">Its store, or the agent's, holds the run; events go to its watcher.</param>
    /// <param name="cancellationToken">Cancels the replay.</param>
    /// <exception cref="ArgumentException">The run isn't in the store, or is another agent's.</exception>
    public async Task<RunReplay> ReplayAsync(string runId, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        var (saved, prepared) = await LoadAsync(runId, options, replay: true, cancellationToken).ConfigureAwait(false);
        var steps = 0;
        var watcher = prepared.OnEvent;
        prepared = prepared with
        {
            Decider = null,
            OnEvent = e =>
            {
                if (e is StepFinishedEvent { Replayed: true })
                    steps++;
                watcher?.Invoke(e);
            },
        };
        var replayed = await RootAsync(saved, prepared, cancellationToken).ConfigureAwait(false);
        return RunReplay.Of(saved.Result, replayed, steps, saved.JournalEnd ?? (replayed.Status == RunStatus.NeedsDecision ? replayed.Stop?.Message : null));
    }

    /// <summary>Runs the agent inside another agent's run, as a scope of it.</summary>
    internal async ValueTask<AgentResult> NestedAsync(
        AgentContext parent, int ordinal, AgentTask task, AgentSession? session, bool synchronous, CancellationToken token)
    {
        if (_slots is not null)
        {
            for (var outer = parent; outer is not null; outer = outer.Parent)
            {
                if (ReferenceEquals(outer.Agent, this))
                    throw Illegal("run within its own run", "let it finish, or give it AgentOptions.MaxConcurrentRuns = 0");
            }
        }

        ThrowIfTooDeep(parent);
        if (Options.Retry is not null || Options.Learner is not null)
            parent.Run.KeepSteps();
        if (await EnterAsync(LimitWithin(parent), synchronous, token).ConfigureAwait(false) is { } none)
            return none;
        AgentResult? result = null;
        try
        {
            // A run may hand its own session on to an agent that it wraps; it is entered already, and its state is the run's.
            var own = ReferenceEquals(session, parent.Session) ? null : session;
            own?.Enter();
            try
            {
                var state = own?.State.Copy() ?? (session is null ? new StateBag() : parent.State);
                result = await AttemptsAsync(parent.Run, parent, ordinal, task, session, state, synchronous, token).ConfigureAwait(false);
                return result;
            }
            finally
            {
                own?.Exit();
            }
        }
        finally
        {
            Leave(result);
        }
    }

    /// <summary>Stops a run whose agents call each other without end. A failed result would not do: each of them may call
    /// again.</summary>
    private void ThrowIfTooDeep(AgentContext parent)
    {
        var depth = 1;
        for (var outer = parent; outer is not null; outer = outer.Parent)
            depth += outer.IsBranch ? 0 : 1;
        if (depth <= MostNested)
            return;

        List<string> last = [Metadata.Name];
        for (var outer = parent; outer is not null && last.Count < 4; outer = outer.Parent)
        {
            if (!outer.IsBranch)
                last.Insert(0, outer.Agent.Metadata.Name);
        }

        throw parent.Run.Halt(new RunStop(RunStatus.Limited, new StopReason(StopKind.NoProgress,
            $"Agents called each other {MostNested} deep, the most that a run may; the last are '{string.Join("' → '", last)}'. If they go round in a circle, take one from the other's tools.")));
    }

    private async Task<(SavedRun Saved, RunOptions Options)> LoadAsync(
        string runId, RunOptions? options, bool replay, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(runId);
        options ??= RunOptions.Default;
        var store = options.Store ?? Options.Store
            ?? throw new InvalidOperationException("RunOptions.Store is not set: name the store that holds the run.");
        var saved = await SavedRun.LoadAsync(store, runId, cancellationToken, replay).ConfigureAwait(false);
        if (saved.Agent != Metadata.Name)
            throw new ArgumentException($"Run {runId} is a run of agent '{saved.Agent}', not of '{Metadata.Name}'.", nameof(runId));

        if (options.Session is null && saved.SessionId is { } sessionId)
            options = options with { Session = await AgentSession.LoadAsync(store, sessionId, saved.SessionPosition, runId, cancellationToken).ConfigureAwait(false) };
        return (saved, options);
    }

    private Task<AgentResult> RootAsync(SavedRun saved, RunOptions options, CancellationToken cancellationToken) => IsSynchronous
        ? Task.Run(() => RootAsync(saved.Task, options, saved, false, cancellationToken).AsTask(), CancellationToken.None)
        : RootAsync(saved.Task, options, saved, false, cancellationToken).AsTask();

    private async ValueTask<AgentResult> RootAsync(
        AgentTask task, RunOptions options, SavedRun? saved, bool synchronous, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        if (_state == AgentState.Stopped)
            throw Illegal("run", "Initialize");
        if (_slots is not null)
            Running.Value = RunningAgent.Enter(this, Running.Value);

        try
        {
            if (await EnterAsync(TimeLimit, synchronous, cancellationToken).ConfigureAwait(false) is { } none)
                return none;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return AgentResult.Cancelled();
        }

        AgentResult? result = null;
        var running = _slots is null ? null : Running.Value;
        try
        {
            options.Session?.Enter();
            try
            {
                result = await RunAsync(task, options, saved, synchronous, cancellationToken).ConfigureAwait(false);
                return result;
            }
            finally
            {
                options.Session?.Exit();
            }
        }
        finally
        {
            Leave(result, running);
        }
    }

    private async ValueTask<AgentResult> RunAsync(
        AgentTask task, RunOptions options, SavedRun? saved, bool synchronous, CancellationToken cancellationToken)
    {
        var run = CreateRun(options, saved);
        var state = saved?.State ?? options.Session?.State.Copy() ?? new StateBag();
        if (run.Store is not null)
        {
            try
            {
                await BlockingBridge.Settle(RunLog.BeginAsync(run, this, task, state, options, saved), synchronous).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                return AgentResult.Failed(AgentError.From(e));
            }
        }

        AgentResult result;
        try
        {
            if (run.HasWatcher)
                run.Emit(new RunStartedEvent(run.Journal is null ? null : run.Id, saved is not null), null, "");
            result = await AttemptsAsync(run, null, 0, task, options.Session, state, synchronous, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Not the agent's code threw, but what is told or asked of the run: a watcher, say.
            options.Session?.Discard(null);
            result = AgentResult.Failed(AgentError.From(e));
            result.RolledBackTo = "start";
        }

        run.End();
        result.Usage = run.Budget.End();
        if (run.Store is not null)
            result = await EndAsync(run, result, options.Session, synchronous).ConfigureAwait(false);
        if (result.IsDone || result.Status == RunStatus.Failed)
            options.Session?.Commit(kept: run.Store is not null);
        if (run.HasWatcher)
            TellEnd(run, result);
        return result;
    }

    /// <summary>Keeps the end of a run. What can't be kept isn't so: the run has failed then, and the session stays as it was, in
    /// memory as in the store.</summary>
    private async ValueTask<AgentResult> EndAsync(Run run, AgentResult result, AgentSession? session, bool synchronous)
    {
        result.RunId = run.Id;
        try
        {
            await BlockingBridge.Settle(RunLog.EndAsync(run, this, result, session), synchronous).ConfigureAwait(false);
            return result;
        }
        catch (Exception e)
        {
            session?.Discard(null);
            if (result.Status != RunStatus.Failed)
                result = AgentResult.Failed(AgentError.From(e), result.Output).Keep(result);
            result.RolledBackTo = "start";
        }

        try
        {
            await BlockingBridge.Settle(RunLog.EndAsync(run, this, RunLog.Small(result), session), synchronous).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The store takes nothing more: there, the run goes on until it is resumed.
            ErrorLearner.Warn(run.Logger, e, $"The end of run {run.Id} could not be kept.");
        }

        return result;
    }

    private static void TellEnd(Run run, AgentResult result)
    {
        try
        {
            run.Emit(new RunEndedEvent(result), null, "");
        }
        catch (Exception e)
        {
            ErrorLearner.Warn(run.Logger, e, "The watcher of a run threw when it was told of the end; the run's result stays as it was.");
        }
    }

    private Run CreateRun(RunOptions options, SavedRun? saved)
    {
        if (saved is not null)
            return new Run(options, Options, saved.Id, saved.Journal, saved);

        var store = options.Store ?? Options.Store;
        if (store is null)
            return new Run(options, Options, null, null).KeepSteps(Options.Retry is not null || Options.Learner is not null);

        var id = options.NewRunId ?? RunId.New(Options.Time.GetUtcNow());
        return new Run(options, Options, id, new RunJournal(store, id));
    }

    /// <summary>Initialises or recovers the agent where that is needed.</summary>
    /// <returns>Null where it is ready; else the failed run.</returns>
    private async ValueTask<AgentResult?> ReadyAsync(bool synchronous, CancellationToken cancellationToken)
    {
        if (_state == AgentState.Ready)
            return null;

        try
        {
            return await BlockingBridge.Settle(InitializeBoundedAsync(synchronous, cancellationToken), synchronous).ConfigureAwait(false)
                ? null
                : AgentResult.Failed(LastError ?? new AgentError(nameof(AgentException), $"Agent '{Metadata.Name}' could not be initialised."));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return AgentResult.Cancelled();
        }
    }

    private async ValueTask<bool> InitializeBoundedAsync(bool synchronous, CancellationToken cancellationToken)
    {
        // Asynchronous code can be left behind, also where its caller waits on its thread; synchronous code on a thread of its own.
        var work = IsSynchronous && !synchronous && cancellationToken.CanBeCanceled
            ? new ValueTask<bool>(Task.Run(() => InitializeAsync(synchronous: false, cancellationToken).AsTask(), CancellationToken.None))
            : InitializeAsync(synchronous && IsSynchronous, cancellationToken);
        return work.IsCompleted || !cancellationToken.CanBeCanceled
            ? await work.ConfigureAwait(false)
            : await Bounded.WaitAsync(work.AsTask(), Grace, Options.Time, cancellationToken).ConfigureAwait(false);
    }
}
