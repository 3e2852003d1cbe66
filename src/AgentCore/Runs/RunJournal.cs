using System.Globalization;
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
    private readonly List<byte[]> _deferred = [];
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

    /// <summary>The version that a marker has; 0 where later steps, or the scope's end for good, are recorded without it; null
    /// where it is new.</summary>
    public int? FindVersion(string scope, string id, int next)
    {
        lock (_lock)
            return _table.TryGetVersion(scope, id, out var version) ? version : IsPast(scope, next) ? 0 : null;
    }

    public IReadOnlyList<string> FailedLast(string scope)
    {
        lock (_lock)
            return _table.FailedLast(scope);
    }

    /// <summary>Whether it has something at a place of a scope or behind it, or the scope's end.</summary>
    public bool IsPast(string scope, int next)
    {
        lock (_lock)
            return _table.Recorded(scope) > next || _table.HasEnded(scope);
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
    /// <exception cref="StoreException">It is too large; it would take the others with it.</exception>
    public void Defer(RunRecord record)
    {
        lock (_lock)
        {
            ThrowIfEnded();
            if (_store is not null)
                _deferred.Add(Write(record));
            _table.Apply(record);
        }
    }

    /// <summary>Keeps a record and the deferred ones before it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="durable">Whether it must survive a power loss before this returns.</param>
    /// <param name="extend">Adds to the batch what must take effect with the record.</param>
    /// <exception cref="StoreException">The store refused it. The next record takes its place, without the deferred ones.</exception>
    public ValueTask CommitAsync(RunRecord record, bool durable, Action<StoreBatch>? extend = null)
    {
        lock (_lock)
        {
            if (record.Kind == RunRecord.End)
                _hasEnded = true;
            else
                ThrowIfEnded();
            if (_store is null)
            {
                _table.Apply(record);
                return default;
            }

            var written = Write(record);
            _table.Apply(record);
            var first = _position;
            var batch = new StoreBatch { Durable = durable };
            foreach (var deferred in _deferred)
                batch.Append(_run, _position++, deferred);
            _deferred.Clear();
            batch.Append(_run, _position++, written);
            try
            {
                extend?.Invoke(batch);

                // Inside the lock: a store takes batches in the order of the calls. The token of the run is not handed on: a
                // record that was begun is waited for, or a cancelled run would not know what it has kept.
                var commit = _store.CommitAsync(batch, CancellationToken.None);
                return commit.IsCompletedSuccessfully ? commit : AwaitAsync(commit, first);
            }
            catch
            {
                _position = first;
                throw;
            }
        }
    }

    private async ValueTask AwaitAsync(ValueTask commit, long first)
    {
        try
        {
            await commit.ConfigureAwait(false);
        }
        catch
        {
            // The batches after it are refused too: the first of them all tells where the log ends.
            lock (_lock)
                _position = Math.Min(_position, first);
            throw;
        }
    }

    private static byte[] Write(RunRecord record)
    {
        var written = RunRecordFormat.Write(record);
        return written.Length <= StoreLimits.MaxRecordBytes ? written : throw new StoreException(TooLarge(record, written.Length));
    }

    private static string TooLarge(RunRecord record, int bytes)
    {
        var (what, instead) = record.Kind switch
        {
            RunRecord.Run => ("The task, with the state of its session,", "Give the agent a file to read, or a tool to get the data with"),
            RunRecord.End or RunRecord.Close => ("The result", "Keep what is large in a file, or in a step, whose result may have up to 1 GiB"),
            RunRecord.Checkpoint => ("The state", "Keep what is large in a file"),
            _ => ($"What is kept of step {record.Path}", "Keep what is large in a file, or in the step's result, which may have up to 1 GiB"),
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"{what} has {bytes:#,0} bytes as JSON; a run that is kept in a store takes up to {StoreLimits.MaxRecordBytes:#,0} of it. {instead}, or run without a store.");
    }

    private void ThrowIfEnded()
    {
        if (_hasEnded)
            throw new RunStoppedException("The run has ended; what it left behind is not kept.");
    }
}
