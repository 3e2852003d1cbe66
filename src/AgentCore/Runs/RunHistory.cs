using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentCore.Checkpoints;

namespace AgentCore.Runs;

/// <summary>The runs in a store: to list, show, decide on, fork and delete them.</summary>
/// <param name="store">The store; for deciding, forking and deleting it must be open for writing.</param>
public sealed class RunHistory(ICheckpointStore store)
{
    private readonly ICheckpointStore _store = store ?? throw new ArgumentNullException(nameof(store));

    /// <summary>Lists the runs, newest first. One whose summary can't be read (damaged, or of a newer version) is in the list of
    /// all, as failed; its <see cref="RunSummary.Note"/> says why.</summary>
    /// <param name="status">Only runs that stand so; null for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async IAsyncEnumerable<RunSummary> ListAsync(
        RunStatus? status = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var document in _store.ListAsync(RunLog.Collection, descending: true, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            var summary = ParseOrUnknown(document, out var isKnown);
            if (status is null || (isKnown && summary.Status == status))
                yield return summary;
        }
    }

    /// <summary>Finds a run by the beginning of its id, or the newest by <c>last</c>.</summary>
    /// <param name="id">The id, its beginning, or <c>last</c>.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="ArgumentException">No run fits, or more than one.</exception>
    public async Task<RunSummary> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var found = new List<RunSummary>();
        var prefix = id == "last" ? "" : id;
        await foreach (var document in _store.ListAsync(RunLog.Collection, descending: true, prefix, cancellationToken).ConfigureAwait(false))
        {
            found.Add(Parse(document));
            if (id == "last" || found.Count > 1)
                break;
        }

        return found.Count switch
        {
            1 => found[0],
            0 => throw new ArgumentException($"There is no run '{id}' in this store. 'runs list' shows which there are.", nameof(id)),
            _ => throw new ArgumentException($"More than one run begins with '{id}': {found[0].Id}, {found[1].Id}… Give more of the id.", nameof(id)),
        };
    }

    /// <summary>Reads a run with its steps.</summary>
    /// <param name="id">The run's id.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">There is no such run.</exception>
    /// <exception cref="StoreException">The run is damaged, or of a newer format.</exception>
    public async Task<RunDetails> ReadAsync(string id, CancellationToken cancellationToken = default)
    {
        var records = await RecordsAsync(id, cancellationToken).ConfigureAwait(false);
        return RunDetails.Of(id, records, await SummaryAsync(_store, id, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Decides on a step of a run; resuming the run then acts on it.</summary>
    /// <param name="id">The run's id.</param>
    /// <param name="step">The step, such as <c>3.1</c>.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">There is no such run or step, or the step doesn't wait for such a decision; the
    /// message says what can be decided.</exception>
    public async Task DecideAsync(string id, string step, Decision decision, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var records = await RecordsAsync(id, cancellationToken).ConfigureAwait(false);
        var table = new StepTable();
        foreach (var record in records)
            table.Apply(record);
        if (!table.TryGetStep(step, out var entry))
        {
            throw new ArgumentException(table.TryGetScope(step, out var scope) && scope.Opened is { } opened
                ? $"'{step}' of run {id} is the {opened.Type} '{opened.Name}', and only steps are decided on. 'runs show {id}' lists those in it."
                : $"Run {id} has no step '{step}'. 'runs show {id}' lists its steps.", nameof(step));
        }

        var named = $"Step {step} '{entry.Intent.Name}' of run {id}";
        if (entry.Superseded || (entry.Intent.Repeatable && entry.Verdict is null && table.FailedLast("").Contains(step)))
            throw new ArgumentException($"{named} failed, and is done again when the run is resumed; there is nothing to decide.", nameof(decision));

        var legal = Legal(entry);
        if (!legal.Contains(decision.Verdict))
        {
            throw new ArgumentException(legal.Count == 0
                ? $"{named} has a result; there is nothing to decide."
                : $"{named} can't be decided as {decision.Verdict}; choose {string.Join(", ", legal)}.", nameof(decision));
        }

        var summary = await SummaryAsync(_store, id, cancellationToken).ConfigureAwait(false);
        var pending = RunDetails.Of(id, records, summary).Pending.FirstOrDefault(p => p.Step == step);
        if (decision is { Verdict: Verdict.Done, Result: null } && pending?.Returns is { } returns)
            throw new ArgumentException($"{named} can't be decided as done alone: it returns {returns}; give it with --result. Where it returned nothing, give null.", nameof(decision));

        var decided = RecordOf(step, decision, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var batch = new StoreBatch { Durable = true }.Append(id, records.Count, RunRecordFormat.Write(decided));

        // With all decided it waits for nobody any more.
        if (summary is { Status: RunStatus.NeedsDecision } && RunDetails.Of(id, [.. records, decided], summary).Pending.Count == 0)
            RunLog.Put(batch, summary with { Status = RunStatus.Running, Updated = decided.Time, Note = "decided; it goes on when it is resumed" });
        await _store.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a new run from the first records of another: everything before is as it was, and resuming the new run
    /// does the rest anew.</summary>
    /// <param name="id">The run's id.</param>
    /// <param name="at">How many of its records to take: 1 to their number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The new run's id.</returns>
    /// <exception cref="ArgumentException">There is no such run, or it has fewer records.</exception>
    public async Task<string> ForkAsync(string id, int at, CancellationToken cancellationToken = default)
    {
        var records = await RecordsAsync(id, cancellationToken).ConfigureAwait(false);
        if (at < 1 || at > records.Count)
            throw new ArgumentException($"Run {id} has {records.Count} records; fork it at 1 to {records.Count}, not at {at}.", nameof(at));

        var fork = RunId.New(DateTimeOffset.UtcNow);
        var batch = new StoreBatch { Durable = true };
        for (var i = 0; i < at; i++)
        {
            var record = i == 0 ? records[0] with { Origin = records[0].Origin ?? id } : records[i];
            if (record.Blob is { } blob)
            {
                var data = await _store.GetBlobAsync(id, blob, cancellationToken).ConfigureAwait(false);
                record = record with { Blob = await _store.PutBlobAsync(fork, data, cancellationToken).ConfigureAwait(false) };
            }

            batch.Append(fork, i, RunRecordFormat.Write(record));
        }

        var details = RunDetails.Of(id, records, await SummaryAsync(_store, id, cancellationToken).ConfigureAwait(false));
        var now = DateTimeOffset.UtcNow;
        RunLog.Put(batch, details.Summary with { Id = fork, Status = RunStatus.Running, Started = records[0].Time, Updated = now, ForkedFrom = id, Note = null, Usage = null });
        await _store.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
        return fork;
    }

    /// <summary>Deletes a run.</summary>
    /// <param name="id">The run's id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        await _store.CommitAsync(new StoreBatch().DeleteLog(id).Delete(RunLog.Collection, id), cancellationToken).ConfigureAwait(false);

    internal static RunRecord RecordOf(string step, Decision decision, long now) => new(RunRecord.Decide)
    {
        Path = step,
        At = now,
        Name = decision.By,
        Type = decision.Verdict.ToString(),
        Text = decision.Reason,
        Expires = decision.Expires?.ToUnixTimeMilliseconds(),
        Value = decision.Result is { } result ? JsonSerializer.SerializeToUtf8Bytes(result, AgentJson.Options) : default(ReadOnlyMemory<byte>),
    };

    private static IReadOnlyList<Verdict> Legal(StepEntry entry) => (entry.Intent.Kind, entry.Outcome?.Kind) switch
    {
        (RunRecord.Ask, _) when entry.Intent.Type == "ask" => [Verdict.Answer, Verdict.Deny],
        (RunRecord.Ask, _) => [Verdict.Approve, Verdict.Deny],
        (_, RunRecord.Done) => [],
        _ => [Verdict.Done, Verdict.Retry, Verdict.Abort],
    };

    private async Task<List<RunRecord>> RecordsAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        var records = new List<RunRecord>();
        await foreach (var data in _store.ReadAsync(id, 0, cancellationToken).ConfigureAwait(false))
            records.Add(RunRecordFormat.Read(data, id, records.Count));
        return records.Count > 0 ? records : throw new ArgumentException($"There is no run '{id}' in this store. 'runs list' shows which there are.", nameof(id));
    }

    internal static async Task<RunSummary?> SummaryAsync(ICheckpointStore store, string id, CancellationToken cancellationToken) =>
        await store.GetAsync(RunLog.Collection, id, cancellationToken).ConfigureAwait(false) is { } document ? Parse(document) : null;

    private static RunSummary Parse(StoredDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize<RunSummary>(document.Value.Span, AgentJson.Options) is { Id: not null, Agent: not null, Input: not null, Labels: not null } summary
                ? summary
                : throw new JsonException("It is not whole.");
        }
        catch (JsonException e)
        {
            throw new StoreException($"The summary of run {document.Key} is damaged, or of a newer version of AgentCore: {e.Message}", e);
        }
    }

    /// <summary>A summary for a list, which shows also the run whose own can't be read.</summary>
    private static RunSummary ParseOrUnknown(StoredDocument document, out bool isKnown)
    {
        try
        {
            isKnown = true;
            return Parse(document);
        }
        catch (StoreException e)
        {
            isKnown = false;
            return new RunSummary(document.Key, "(unknown)", RunStatus.Failed, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, e.Message) { Note = e.Message };
        }
    }
}
