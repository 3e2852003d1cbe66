using System.Runtime.CompilerServices;
using AgentCore.Checkpoints;

namespace AgentCore.Testing;

/// <summary>A store that keeps everything in memory: for tests, and for runs that need not outlive the process.</summary>
public sealed class MemoryCheckpointStore : ICheckpointStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<byte[]>> _logs = [];
    private readonly Dictionary<string, SortedDictionary<string, StoredDocument>> _collections = [];
    private readonly Dictionary<string, Dictionary<string, byte[]>> _blobs = [];
    private bool _disposed;

    /// <inheritdoc/>
    public string Kind => "memory";

    /// <inheritdoc/>
    public ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        try
        {
            StoreLimits.Check(batch);
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                Apply(batch);
            }
            return ValueTask.CompletedTask;
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string log, long from = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(log);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        cancellationToken.ThrowIfCancellationRequested();
        byte[][] records;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            records = _logs.TryGetValue(log, out var known) ? [.. known] : [];
        }
        for (var i = from; i < records.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return records[i].AsMemory();
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<StoredDocument?>(cancellationToken);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return ValueTask.FromResult(_collections.TryGetValue(collection, out var documents) ? documents.GetValueOrDefault(key) : null);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredDocument> ListAsync(
        string collection, bool descending = false, string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentNullException.ThrowIfNull(prefix);
        cancellationToken.ThrowIfCancellationRequested();
        StoredDocument[] documents;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            documents = _collections.TryGetValue(collection, out var known)
                ? [.. known.Values.Where(document => document.Key.StartsWith(prefix, StringComparison.Ordinal))]
                : [];
        }
        if (descending)
            Array.Reverse(documents);
        foreach (var document in documents)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return document;
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<string>(cancellationToken);
        StoreLimits.CheckName(log);
        if (data.Length > StoreLimits.MaxBlobBytes)
            throw new StoreException($"The value for '{log}' has {data.Length} bytes; the limit is {StoreLimits.MaxBlobBytes}.");
        var reference = Guid.NewGuid().ToString("n");
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_blobs.TryGetValue(log, out var blobs))
                _blobs[log] = blobs = [];
            blobs.Add(reference, data.ToArray());
        }
        return ValueTask.FromResult(reference);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(log);
        ArgumentException.ThrowIfNullOrEmpty(reference);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadOnlyMemory<byte>>(cancellationToken);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _blobs.TryGetValue(log, out var blobs) && blobs.TryGetValue(reference, out var data)
                ? ValueTask.FromResult<ReadOnlyMemory<byte>>(data)
                : ValueTask.FromException<ReadOnlyMemory<byte>>(new StoreException($"The value '{reference}' of '{log}' is missing. It goes with its log."));
        }
    }

    /// <summary>Forgets everything.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
            _disposed = true;
        return ValueTask.CompletedTask;
    }

    private void Apply(StoreBatch batch)
    {
        var undo = new Stack<Action>();
        try
        {
            foreach (var op in batch.Operations)
                undo.Push(ApplyOne(op));
        }
        catch
        {
            while (undo.TryPop(out var step))
                step();
            throw;
        }
        foreach (var op in batch.Operations.Where(op => op.Kind == StoreOperationKind.DeleteLog))
            _blobs.Remove(op.Key);
    }

    // Returns what takes the operation back.
    private Action ApplyOne(StoreOperation op)
    {
        switch (op.Kind)
        {
            case StoreOperationKind.Append:
                if (!_logs.TryGetValue(op.Key, out var log))
                    _logs[op.Key] = log = [];
                if (op.Expected != log.Count)
                    throw new StoreConflictException(op.Key, op.Expected ?? -1, log.Count);
                log.Add(op.Data.ToArray());
                return () => log.RemoveAt(log.Count - 1);

            case StoreOperationKind.DeleteLog:
                return _logs.Remove(op.Key, out var deleted) ? () => _logs[op.Key] = deleted : () => { };

            case StoreOperationKind.Put:
                if (!_collections.TryGetValue(op.Collection, out var documents))
                    _collections[op.Collection] = documents = new SortedDictionary<string, StoredDocument>(StringComparer.Ordinal);
                var before = documents.GetValueOrDefault(op.Key);
                if (op.Expected is { } expected && expected != (before?.Version ?? 0))
                    throw new StoreConflictException($"{op.Collection}/{op.Key}", expected, before?.Version ?? 0);
                documents[op.Key] = new StoredDocument(op.Key, op.Data.ToArray(), (before?.Version ?? 0) + 1);
                return () => Restore(documents, op.Key, before);

            default:
                if (!_collections.TryGetValue(op.Collection, out var holder))
                    return () => { };
                var gone = holder.GetValueOrDefault(op.Key);
                holder.Remove(op.Key);
                return () => Restore(holder, op.Key, gone);
        }
    }

    private static void Restore(SortedDictionary<string, StoredDocument> documents, string key, StoredDocument? before)
    {
        if (before is null)
            documents.Remove(key);
        else
            documents[key] = before;
    }
}
