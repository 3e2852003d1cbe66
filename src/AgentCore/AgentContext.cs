using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Learning;
using AgentCore.Runs;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentCore;

/// <summary>A run as its agent sees it: the task, and the ways to do what leaves the process (steps, tools, models, other
/// agents) so that it is kept and not done twice.</summary>
/// <remarks>Within one context one thing is done at a time; <see cref="ParallelAsync{T}"/> opens branches with contexts of
/// their own. What an agent does outside steps is done again when a run is resumed.</remarks>
public sealed partial class AgentContext
{
    private readonly int _ordinal;
    private readonly bool _synchronous;
    private string? _path;
    private int _next;
    private int _open;
    private volatile bool _givenUp;
    private long _now;
    private int _ids;
    private Random? _random;
    private StateBag? _state;
    private StateBag? _checkpoint;
    private int _checkpoints;
    private UsageDetails? _usage;
    private Dictionary<AgentSession, AgentSession.Point>? _sessions;

    internal AgentContext(
        Run run, AgentContext? parent, int ordinal, BaseAgent agent, AgentTask task, AgentSession? session, StateBag? state,
        bool synchronous, CancellationToken cancellationToken, AttemptChanges? changes = null)
    {
        Run = run;
        Parent = parent;
        _ordinal = ordinal;
        Agent = agent;
        Task = task;
        Session = session;
        _state = state;
        if (state is not null)
            state.Migrations = agent.Options.Migrations;
        CancellationToken = cancellationToken;
        _synchronous = synchronous;
        Changes = changes ?? parent?.Changes ?? AttemptChanges.None;
        _now = parent?._now ?? (run.Journal is null ? 0 : run.StartedAt);
    }

    /// <summary>The agent that runs.</summary>
    public BaseAgent Agent { get; }

    /// <summary>What it is asked to do.</summary>
    public AgentTask Task { get; }

    /// <summary>The conversation that the run goes on with; null for none.</summary>
    public AgentSession? Session { get; }

    /// <summary>Cancelled when the run is, or when its time is up.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>What remedies changed for this attempt; nothing for the first one. Steps, tools and model calls follow it by
    /// themselves.</summary>
    public AttemptChanges Changes { get; }

    /// <summary>The run's id.</summary>
    public string RunId => Run.Id;

    /// <summary>Where the agent logs. Runs that are replayed log again.</summary>
    public ILogger Logger => Run.Logger;

    /// <summary>What the session keeps between runs. It starts as it was when the run began, in resumed runs too; what is set
    /// here is kept when the run is done.</summary>
    public StateBag State => _state ??= new StateBag { Migrations = Agent.Options.Migrations };

    /// <summary>The time of the last step, or of the run's start: the same when the run is resumed. The clock itself belongs
    /// in a step.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(_now == 0 ? _now = Run.StartedAt : _now);

    /// <summary>Random numbers that are the same when the run is resumed.</summary>
    public Random Random => _random ??= new Random(unchecked((int)Runs.RunId.Derive(Run.Origin, Path, "random")));

    /// <summary>The tokens of the model calls so far, nested agents' included; null where there was none.</summary>
    internal UsageDetails? Usage => _usage;

    internal Run Run { get; }

    internal AgentContext? Parent { get; }

    /// <summary>The scope's place in the run: ordinals joined by dots, empty for the run.</summary>
    internal string Path => _path ??= Parent is null ? "" : StepTable.Join(Parent.Path, _ordinal);

    internal bool IsSynchronous => _synchronous;

    /// <summary>Whether it is a branch of its parent's agent, rather than an agent's.</summary>
    internal bool IsBranch { get; init; }

    /// <summary>The place of what was begun last in this scope.</summary>
    internal string LastPath => StepTable.Join(Path, Math.Max(0, _next - 1));

    /// <summary>Where the tool calls of the agents below are written; null where nobody asks.</summary>
    internal CallLog? Calls { get; set; }

    /// <summary>A tool that chat agents directly below are given besides their own, and that ends their run.</summary>
    internal EndingTool? Ending { get; set; }

    /// <summary>A new id that is the same when the run is resumed.</summary>
    public string NewId() => Runs.RunId.Derive(Run.Origin, Path, $"id{_ids++}").ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Tells whoever watches the run.</summary>
    /// <param name="message">What to tell.</param>
    public void Note(string message) => Run.Emit(new NoteEvent(message), this, Path);

    /// <summary>Which version of a piece of code to run: the newest in new runs, the one that a resumed run began with
    /// otherwise. <c>if (context.Version("sums", 1) == 0) Old(); else New();</c></summary>
    /// <param name="id">Names the change.</param>
    /// <param name="max">The newest version, 1 or more.</param>
    /// <returns>0 for runs that were past this point before the change, up to <paramref name="max"/>.</returns>
    public int Version(string id, int max)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        if (Run.Journal is not { } journal)
            return max;
        if (journal.FindVersion(Path, id, _next) is { } version)
            return version;
        // The replay of a run that has ended has all that its run had: what has no marker was done before the change.
        if (Run.Saved is { IsReplay: true, Result: not null })
            return 0;

        journal.Defer(new RunRecord(RunRecord.Version) { Path = Path, At = Run.NowMilliseconds(), Name = id, Number = max });
        return max;
    }

    /// <summary>Whether a changed piece of code does as it does now, at this point of the scope: where it comes by again and again,
    /// a run from before may be past one of its turns and not past the next.</summary>
    internal bool IsNewHere(string id) => Version($"{id}@{_next}", 1) > 0;

    /// <summary>Whether the journal has a step of this name as the next thing in this scope.</summary>
    internal bool HasNext(string name) =>
        Run.Journal?.Find(StepTable.Join(Path, _next)) is { Intent: { Kind: RunRecord.Intent, Type: "step" } intent } && intent.Name == name;

    /// <summary>Sets messages ready that the session gets when the run is done, in place of those set before. Without a session
    /// it does nothing.</summary>
    /// <param name="messages">The messages, oldest first: what was asked and what was answered.</param>
    public void AddToSession(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        Stage(messages);
    }

    /// <summary>Sets messages ready for the session; those of a context that was given up are too late.</summary>
    internal void Stage(IReadOnlyList<ChatMessage> messages, CompactedHead? compacted = null)
    {
        if (!IsGivenUp)
            Session?.Stage(messages, compacted);
    }

    /// <summary>Marks a good point: a run that fails later leaves the session's state as it is now.</summary>
    public void Checkpoint()
    {
        // A branch shares the state of the agent that opened it, and fails with it.
        var owner = this;
        while (owner.IsBranch)
            owner = owner.Parent!;
        lock (Run.UsageLock)
        {
            owner._checkpoints++;
            owner._checkpoint = State.Copy();
            Run.Journal?.Defer(new RunRecord(RunRecord.Checkpoint)
            {
                Path = Path,
                At = Run.NowMilliseconds(),
                Number = owner._checkpoints,
                Value = owner._checkpoint.Write(),
            });
        }
    }

    /// <summary>Counts tokens as they are used. When the run has ended, its result is out, and it is too late.</summary>
    internal void AddUsage(UsageDetails usage)
    {
        if (Run.Budget.Count(usage))
            Recount(usage, null);
    }

    /// <summary>Counts tokens that the run has counted: here, and in the scopes around where no earlier attempt has.</summary>
    /// <param name="usage">The tokens.</param>
    /// <param name="counted">The context in this one's place that counted them last in this process; null where none has.</param>
    private void Recount(UsageDetails usage, AgentContext? counted)
    {
        for (var context = this; context is not null && context != counted; context = context.Parent)
        {
            lock (Run.UsageLock)
                UsageSum.Add(context._usage ??= new UsageDetails(), usage);
            counted = counted?.Parent;
        }
    }

    /// <summary>Ends an attempt: the run's stop wins, usage is summed, the session's new state is set ready.</summary>
    internal AgentResult Complete(AgentResult? returned)
    {
        var result = Run.Stop is { } stop ? Run.ResultOf(stop, returned) : returned!;
        result.Usage = _usage;
        if (Parent is not null)
            Parent._now = Math.Max(Parent._now, _now);
        if (result.Status == RunStatus.Failed)
        {
            result.RolledBackTo = _checkpoint is null ? "start" : _checkpoints.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (result.Error is { Retryable: true } error && Run.Journal is { } journal
                && journal.FailedLast(Path).FirstOrDefault(p => !journal.IsRepeatable(p)) is { } blocked)
            {
                result = AgentResult.Failed(error with { Retryable = false, Step = blocked }, result.Output, result.Stop, result.Data).Keep(result);
            }
        }

        if (Parent is { IsGivenUp: true })
            return result;
        if (result.IsDone)
            Session?.Stage(_state);
        else
            Session?.Discard(_checkpoint);
        return result;
    }

    /// <summary>Makes way for another attempt: this one can do nothing more, and its failed step is done again. Sessions that
    /// it handed on are as they were before it.</summary>
    internal ValueTask SupersedeAsync(int attempt, AgentError error, LearnedAttempts? learned)
    {
        GiveUp();
        foreach (var (session, point) in _sessions ?? [])
            session.GoBack(point);
        Run.Emit(new RunRetryingEvent(attempt, error) { Remedy = learned?.Latest }, this, Path);
        var journal = Run.Journal!;
        return KeepAsync(
            new RunRecord(RunRecord.Attempt)
            {
                Path = Path,
                At = Run.NowMilliseconds(),
                Number = attempt,
                Error = error,
                List = journal.FailedLast(Path),
                Name = learned?.Latest,
                Value = learned?.Json ?? default(ReadOnlyMemory<byte>),
            },
            durable: false);
    }

    /// <summary>Lets nothing more be done in this context and those below it.</summary>
    internal void GiveUp() => _givenUp = true;

    private bool IsGivenUp
    {
        get
        {
            for (var context = this; context is not null; context = context.Parent)
            {
                if (context._givenUp)
                    return true;
            }

            return false;
        }
    }

    /// <summary>Begins the next thing in this scope.</summary>
    /// <param name="count">How many ordinals it takes.</param>
    /// <returns>The first of them.</returns>
    private int Begin(int count = 1)
    {
        if (IsGivenUp)
            throw new RunStoppedException("This attempt was given up: another has begun, or it did not end when it was cancelled. Its context can do nothing more.");

        Run.ThrowIfStopped();
        CancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _open, 1) == 1)
        {
            throw new InvalidOperationException(
                "Two things at once in one context, so that their order would be lost: await the first, or open a branch for each with context.ParallelAsync.");
        }

        var first = _next;
        _next += count;
        return first;
    }

    private void End() => Volatile.Write(ref _open, 0);

    internal static string Hash(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(data, hash);
        return Convert.ToHexStringLower(hash);
    }

    private static byte[] ToJson(object? value) => value switch
    {
        null => "null"u8.ToArray(),
        string text => JsonSerializer.SerializeToUtf8Bytes(text, AgentJson.Options),
        AIContent content => JsonSerializer.SerializeToUtf8Bytes(content, AgentJson.Options),
        _ => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), AgentJson.Options),
    };

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
