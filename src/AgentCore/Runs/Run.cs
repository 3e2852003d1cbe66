using AgentCore.Checkpoints;
using AgentCore.Telemetry;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCore.Runs;

/// <summary>One run: what its scopes share.</summary>
internal sealed class Run
{
    private readonly Lock _lock = new();
    private readonly List<PendingDecision> _pending = [];
    private string? _id;
    private RunStop? _stop;
    private long _events;
    private volatile bool _hasEnded;

    public Run(RunOptions options, AgentOptions agent, string? id, RunJournal? journal, SavedRun? saved = null)
    {
        Options = options;
        Time = agent.Time;
        Logger = agent.Logger ?? NullLogger.Instance;
        Journal = journal;
        Saved = saved;
        IsObserved = options.OnEvent is not null || AgentTelemetry.IsOn;
        _id = id;
        StartedAt = journal?.StartedAt ?? 0;
        Budget = new TokenBudget(this, journal?.Loaded);
    }

    public RunOptions Options { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>The journal; null when it is off.</summary>
    public RunJournal? Journal { get; private set; }

    /// <summary>Guards its tokens, and the usage and the checkpoints of its scopes.</summary>
    public Lock UsageLock { get; } = new();

    /// <summary>Its tokens.</summary>
    public TokenBudget Budget { get; }

    /// <summary>When it began, in Unix milliseconds.</summary>
    public long StartedAt
    {
        get => field == 0 ? field = NowMilliseconds() : field;
        set;
    }

    public ICheckpointStore? Store => Journal?.Store;

    /// <summary>Where large results are read from: the store, also while a run is replayed without being kept.</summary>
    public ICheckpointStore? BlobStore => Store ?? Saved?.Store;

    /// <summary>The run as it was kept, where this one goes on with it.</summary>
    public SavedRun? Saved { get; }

    /// <summary>The run that random numbers and ids derive from: itself, or the one that it was forked from.</summary>
    public string Origin => Saved?.Origin ?? Id;

    public string Id => _id ??= RunId.New(Time.GetUtcNow());

    /// <summary>Why no further step may be done; null while steps may.</summary>
    public RunStop? Stop => Volatile.Read(ref _stop);

    /// <summary>The task, cut short, as lists show it.</summary>
    public string Input
    {
        get => Saved?.Summary.Input ?? field;
        set;
    } = "";

    /// <summary>Whether tool calls are written into <see cref="AgentContext.Calls"/>.</summary>
    public bool LogsCalls { get; set; }

    /// <summary>Whether events go to somebody.</summary>
    public bool HasWatcher => Options.OnEvent is not null;

    /// <summary>Whether anybody watches, traces or measures: then steps take the long way.</summary>
    public bool IsObserved { get; }

    /// <summary>Keeps steps in memory from here on where no journal does, so that a retry can go on from the failed one.</summary>
    public Run KeepSteps(bool keep = true)
    {
        if (keep)
        {
            lock (_lock)
                Journal ??= new RunJournal(null, Id);
        }

        return this;
    }

    /// <summary>Now, in the precision of the journal.</summary>
    public long NowMilliseconds() => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Stops the run; the first reason holds, but every pending decision is kept.</summary>
    public RunStoppedException Halt(RunStop stop)
    {
        lock (_lock)
        {
            if (_stop is null)
                Volatile.Write(ref _stop, stop);
            if (stop.Pending is { } pending)
                _pending.Add(pending);
            return new RunStoppedException(_stop!.Reason.Message);
        }
    }

    /// <summary>Ends the run: what it left behind can do nothing more, and tells nobody.</summary>
    public void End() => _hasEnded = true;

    public void ThrowIfStopped()
    {
        if (_hasEnded)
            throw new RunStoppedException("The run has ended; what it left behind can do nothing more.");
        if (Stop is { } stop)
            throw new RunStoppedException(stop.Reason.Message);
    }

    /// <summary>The result that a stop makes of what the agent returned.</summary>
    public AgentResult ResultOf(RunStop stop, AgentResult? returned)
    {
        lock (_lock)
        {
            var output = returned?.Output ?? "";
            return stop.Status switch
            {
                RunStatus.NeedsDecision => AgentResult.NeedsDecision([.. _pending], output, returned?.Data),
                RunStatus.Limited => AgentResult.Limited(stop.Reason, output, returned?.Data),
                RunStatus.Cancelled => AgentResult.Cancelled(output, returned?.Data),
                _ => AgentResult.Failed(stop.Error ?? new AgentError(nameof(AgentException), stop.Reason.Message), output, stop.Reason, returned?.Data),
            };
        }
    }

    public void Emit(AgentEvent happening, AgentContext? context, string step, bool replayed = false)
    {
        if (Options.OnEvent is not { } watcher)
            return;

        lock (_lock)
        {
            if (_hasEnded && happening is not RunEndedEvent)
                return;
            happening.Sequence = _events++;
            happening.Replayed = replayed;
            happening.Agent = context?.Agent.Metadata.Name ?? "";
            happening.Step = step;
            watcher(happening);
        }
    }
}

/// <summary>Why a run may do no further step.</summary>
internal sealed record RunStop(RunStatus Status, StopReason Reason)
{
    public PendingDecision? Pending { get; init; }

    public AgentError? Error { get; init; }
}
