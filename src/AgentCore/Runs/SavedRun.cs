using System.Text.Json;
using AgentCore.Checkpoints;

namespace AgentCore.Runs;

/// <summary>A run as its store has it, ready to go on.</summary>
internal sealed class SavedRun
{
    private SavedRun(ICheckpointStore store, RunRecord first, RunSummary summary, RunJournal journal)
    {
        Store = store;
        Summary = summary;
        Journal = journal;
        Id = summary.Id;
        Agent = first.Name!;
        DefinitionHash = first.Hash;
        Task = JsonSerializer.Deserialize<AgentTask>(first.Value.Span, AgentJson.Options)!;
        State = StateBag.Read(first.Extra);
        SessionId = first.Text;
        SessionPosition = first.SessionPosition ?? 0;
        Origin = first.Origin;
    }

    public ICheckpointStore Store { get; }

    public string Id { get; }

    public string Agent { get; }

    public string? DefinitionHash { get; }

    public AgentTask Task { get; }

    public StateBag State { get; }

    public string? SessionId { get; }

    public long SessionPosition { get; }

    public string? Origin { get; }

    public RunSummary Summary { get; }

    public RunJournal Journal { get; }

    /// <summary>Whether it is only replayed: a step that the journal doesn't have is a difference, not a thing to do.</summary>
    public bool IsReplay { get; private init; }

    /// <summary>Where a replay came to the end of the journal; null where it did not.</summary>
    public string? JournalEnd { get; private set; }

    /// <summary>Its result, where it is done.</summary>
    public AgentResult? Result { get; private set; }

    /// <summary>Stops a replay where the journal ends.</summary>
    public RunStop End(string path, string step)
    {
        JournalEnd = $"The journal ends before step {path}, {step}.";
        return new RunStop(RunStatus.Cancelled, new StopReason(StopKind.Completed, JournalEnd));
    }

    public static async Task<SavedRun> LoadAsync(ICheckpointStore store, string runId, CancellationToken cancellationToken, bool replay = false)
    {
        var journal = new RunJournal(replay ? null : store, runId);
        RunRecord? first = null;
        AgentResult? result = null;
        long position = 0;
        await foreach (var data in store.ReadAsync(runId, 0, cancellationToken).ConfigureAwait(false))
        {
            var record = RunRecordFormat.Read(data, runId, position++);
            first ??= record;
            journal.Load(record);
            if (record.Kind == RunRecord.End)
                result = RunLog.Result(record);
            else if (record.Kind is RunRecord.Resume or RunRecord.Decide)
                result = null;
        }

        if (first is null)
            throw new ArgumentException($"There is no run '{runId}' in this store. List the runs to see which there are.", nameof(runId));
        if (first.Kind != RunRecord.Run)
            throw new StoreException($"Run {runId} does not begin with its task, but with a record of kind '{first.Kind}'.");

        var summary = await RunHistory.SummaryAsync(store, runId, cancellationToken).ConfigureAwait(false)
            ?? new RunSummary(runId, first.Name!, RunStatus.Running, first.Time, first.Time, "");
        if (result is not null)
            result.RunId = runId;
        return new SavedRun(store, first, summary, journal) { IsReplay = replay, Result = result is { IsDone: true } || replay ? result : null };
    }
}
