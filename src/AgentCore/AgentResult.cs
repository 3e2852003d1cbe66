using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore;

/// <summary>The outcome of a run. A run never throws: what went wrong is in here.</summary>
public sealed class AgentResult
{
    private AgentResult(RunStatus status, string output)
    {
        Status = status;
        Output = output;
    }

    /// <summary>How the run ended.</summary>
    public RunStatus Status { get; }

    /// <summary>Whether the run did what it was asked.</summary>
    public bool IsDone => Status == RunStatus.Done;

    /// <summary>The answer in words; where the run did not end well, the last good output, or empty.</summary>
    public string Output { get; }

    /// <summary>The answer as data, if it has any; <see cref="GetData{T}"/> reads it by type.</summary>
    public object? Data { get; private init; }

    /// <summary>What went wrong; null unless the run failed.</summary>
    public AgentError? Error { get; private init; }

    /// <summary>Why it ended, where a limit, a condition or a decision ended it.</summary>
    public StopReason? Stop { get; private init; }

    /// <summary>What a person must decide before the run can go on; empty unless the status is
    /// <see cref="RunStatus.NeedsDecision"/>.</summary>
    public IReadOnlyList<PendingDecision> Pending { get; private init; } = [];

    /// <summary>Tokens of every model call of the run, those of nested agents, of failed tries and of earlier processes included;
    /// null where there was none.</summary>
    public UsageDetails? Usage { get; internal set; }

    /// <summary>The run's id, with which it can be shown and resumed; null when no journal was kept.</summary>
    public string? RunId { get; internal set; }

    /// <summary>The checkpoint that a failed run was rolled back to: <c>start</c>, or the number of the last
    /// <see cref="AgentContext.Checkpoint"/>; null for other runs.</summary>
    public string? RolledBackTo { get; internal set; }

    /// <summary>A run that did what it was asked.</summary>
    /// <param name="output">The answer in words.</param>
    /// <param name="data">The answer as data; it must serialise to JSON where a journal is kept.</param>
    /// <param name="stop">Why it ended, if that is worth telling.</param>
    public static AgentResult Done(string output, object? data = null, StopReason? stop = null) =>
        new(RunStatus.Done, output ?? throw new ArgumentNullException(nameof(output))) { Data = data, Stop = stop };

    /// <summary>A run that could not do what it was asked.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="output">The last good output.</param>
    /// <param name="stop">Why it ended, if that is worth telling.</param>
    /// <param name="data">The data so far.</param>
    public static AgentResult Failed(AgentError error, string output = "", StopReason? stop = null, object? data = null) =>
        new(RunStatus.Failed, output) { Error = error ?? throw new ArgumentNullException(nameof(error)), Stop = stop, Data = data };

    /// <summary>A run that could not do what it was asked.</summary>
    /// <param name="message">What went wrong.</param>
    public static AgentResult Failed(string message) => Failed(new AgentError(nameof(AgentException), message));

    /// <summary>A run that a limit stopped.</summary>
    /// <param name="stop">Which limit, how much, and how to raise it.</param>
    /// <param name="output">The last good output.</param>
    /// <param name="data">The data so far.</param>
    public static AgentResult Limited(StopReason stop, string output = "", object? data = null) =>
        new(RunStatus.Limited, output) { Stop = stop ?? throw new ArgumentNullException(nameof(stop)), Data = data };

    /// <summary>The data, read as a type: as it is, or from its JSON.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <returns>The value, or the type's default where there is no data.</returns>
    /// <exception cref="InvalidOperationException">The data is of another type.</exception>
    public T? GetData<T>() => Data switch
    {
        null => default,
        T value => value,
        JsonElement element => element.Deserialize<T>(AgentJson.Options),
        _ => throw new InvalidOperationException($"The result's data is a {Data.GetType().Name}, not a {typeof(T).Name}."),
    };

    /// <summary>This result, if the run is done; otherwise an exception that says how it ended.</summary>
    /// <exception cref="AgentRunException">The run did not end as <see cref="RunStatus.Done"/>.</exception>
    public AgentResult EnsureDone() => IsDone ? this : throw new AgentRunException(this);

    /// <summary>How it ended, in a line.</summary>
    public string Describe() => Status switch
    {
        RunStatus.Done => Stop is null ? "done" : $"done: {Stop.Message}",
        RunStatus.Failed => $"failed: {Error}",
        RunStatus.Limited => $"stopped by a limit: {Stop?.Message}",
        RunStatus.NeedsDecision => $"waits for a decision: {string.Join("; ", Pending.Select(p => p.Question))}",
        RunStatus.Cancelled => "cancelled",
        _ => "running",
    };

    /// <inheritdoc/>
    public override string ToString() => IsDone ? Output : Describe();

    internal static AgentResult Cancelled(string output = "", object? data = null) =>
        new(RunStatus.Cancelled, output) { Stop = new StopReason(StopKind.Cancelled, "The run was cancelled."), Data = data };

    internal static AgentResult NeedsDecision(IReadOnlyList<PendingDecision> pending, string output = "", object? data = null) =>
        new(RunStatus.NeedsDecision, output)
        {
            Data = data,
            Pending = pending,
            Stop = new StopReason(StopKind.Decision, pending.Count > 0 ? pending[0].Question : "A person must decide."),
        };

    /// <summary>This result with what another one of the same run knows of it.</summary>
    internal AgentResult Keep(AgentResult other)
    {
        Usage = other.Usage;
        RunId = other.RunId;
        RolledBackTo = other.RolledBackTo;
        return this;
    }

    internal static AgentResult Restore(
        RunStatus status, string output, object? data, AgentError? error, StopReason? stop, IReadOnlyList<PendingDecision> pending) =>
        new(status, output) { Data = data, Error = error, Stop = stop, Pending = pending };
}
