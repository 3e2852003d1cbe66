using AgentCore.Checkpoints;

namespace AgentCore.Runs;

/// <summary>A run's records: kept in memory for retries, and in a store where there is one. Records that need not be kept at
/// once (the intent of a repeatable step, the opening of a scope) wait for the next one that must.</summary>
internal sealed class RunJournal
{
    private readonly Lock _lock = new();
    private readonly ICheckpointStore? _store;
    private readonly string _run;
    private readonly StepTable _table = new();
    private readonly List<RunRecord> _deferred = [];
    private long _position;
    private bool _hasEnded;

    public RunJournal(ICheckpointStore? store, string run)
    {
        _store = store;
        _run = run;
    }

    /// <summary>The store; null for a journal that only serves retries in this process.</summary>
    public ICheckpointStore? Store => _store;

    /// <summary>When the run began, in Unix milliseconds; 0 where no record says.</summary>
    public long StartedAt { get; private set; }

    /// <summary>What the steps of the loaded records used, whatever became of them; null where nothing.</summary>
    public UsageSum? Loaded { get; private set; }

    /// <summary>Takes a record that the store has already.</summary>
    public void Load(RunRecord record)
    {
        if (record.Kind == RunRecord.Run)
            StartedAt = record.At;
        if (record is { Kind: RunRecord.Done or RunRecord.Fail or RunRecord.Unknown, Usage: { } usage })
            (Loaded ??= new UsageSum()).Add(usage);
        _table.Apply(record);
        _position++;
    }

    public StepEntry? Find(string path)
    {
        lock (_lock)
            return _table.TryGetStep(path, out var step) ? step : null;
    }

    public ScopeEntry? FindScope(string path)
    {
        lock (_lock)
            return _table.TryGetScope(path, out var scope) ? scope : null;
    }

    /// <summary>The version that a marker has; 0 where later steps are recorded without it; null where it is new.</summary>
    public int? FindVersion(string scope, string id, int next)
    {
        lock (_lock)
            return _table.TryGetVersion(scope, id, out var version) ? version : _table.Recorded(scope) > next ? 0 : null;
    }

    public IReadOnlyList<string> FailedLast(string scope)
    {
        lock (_lock)
            return _table.FailedLast(scope);
    }

    /// <summary>Whether what <see cref="FailedLast"/> found may be done again without a person. A scope that the clock ended
    /// may: it stops for a decision by itself where a step in it must not be repeated.</summary>
    public bool IsRepeatable(string path) => Find(path) is not { } step || step.Intent.Repeatable;

    public string? BegunOnce(string scope)
    {
        lock (_lock)
            return _table.BegunOnce(scope);
    }

    /// <summary>Keeps a record with the next one that is committed.</summary>
    public void Defer(RunRecord record)
    {
        lock (_lock)
        {
            ThrowIfEnded();
            _table.Apply(record);
            if (_store is not null)
                _deferred.Add(record);
        }
    }

    /// <summary>Keeps a record and the deferred ones before it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="durable">Whether it must survive a power loss before this returns.</param>
    /// <param name="extend">Adds to the batch what must take effect with the record.</param>
    public ValueTask CommitAsync(RunRecord record, bool durable, Action<StoreBatch>? extend = null)
    {
        lock (_lock)
        {
            if (record.Kind == RunRecord.End)
                _hasEnded = true;
            else
                ThrowIfEnded();
            _table.Apply(record);
            if (_store is null)
                return default;

            var batch = new StoreBatch { Durable = durable };
            foreach (var deferred in _deferred)
                batch.Append(_run, _position++, RunRecordFormat.Write(deferred));
            _deferred.Clear();
            batch.Append(_run, _position++, RunRecordFormat.Write(record));
            extend?.Invoke(batch);

            // Inside the lock: a store takes batches in the order of the calls. The token of the run is not handed on: a
            // record that was begun is waited for, or a cancelled run would not know what it has kept.
            return _store.CommitAsync(batch, CancellationToken.None);
        }
    }

    private void ThrowIfEnded()
    {
        if (_hasEnded)
            throw new RunStoppedException("The run has ended; what it left behind is not kept.");
    }
}
