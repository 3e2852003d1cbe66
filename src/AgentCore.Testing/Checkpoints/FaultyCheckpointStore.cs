using AgentCore.Checkpoints;

namespace AgentCore.Testing;

/// <summary>What goes wrong with a commit.</summary>
public enum StoreFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The batch is not written, and the commit fails.</summary>
    NotDone,

    /// <summary>The batch is written, and the commit is reported as failed all the same: a disk or a server that died between
    /// the work and the answer.</summary>
    DoneButReportedAsFailed,
}

/// <summary>A store whose commits fail on demand, to test what is built on stores. As a real store does, it refuses all writes
/// after a failed one; open another one over the same inner store to go on, as after a restart.</summary>
/// <param name="inner">The store that keeps what is written. It is not disposed with this one.</param>
/// <param name="plan">Which fault each commit meets: the commit's number, counted from 0, and its batch.</param>
public sealed class FaultyCheckpointStore(ICheckpointStore inner, Func<int, StoreBatch, StoreFault> plan) : ICheckpointStore
{
    private readonly Lock _lock = new();
    private int _commits;
    private bool _failed;

    /// <inheritdoc/>
    public string Kind => inner.Kind;

    /// <summary>How many commits were asked for.</summary>
    public int Commits => Volatile.Read(ref _commits);

    /// <summary>Whether a fault has struck.</summary>
    public bool HasFailed => Volatile.Read(ref _failed);

    /// <inheritdoc/>
    public async ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        ValueTask commit;
        StoreFault fault;
        lock (_lock)
        {
            if (_failed)
                throw new StoreException("The store takes no more writes since one failed (an injected fault).");
            fault = plan(_commits++, batch);
            _failed = fault != StoreFault.None;
            if (fault == StoreFault.NotDone)
                throw new StoreException("The batch could not be written (an injected fault: it was not).");
            // Inside the lock, so that commits keep the order of their numbers.
            commit = inner.CommitAsync(batch, cancellationToken);
        }
        await commit.ConfigureAwait(false);
        if (fault == StoreFault.DoneButReportedAsFailed)
            throw new StoreException("The batch could not be written (an injected fault: it was).");
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string log, long from = 0, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(log, from, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default) =>
        inner.GetAsync(collection, key, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredDocument> ListAsync(
        string collection, bool descending = false, string prefix = "", CancellationToken cancellationToken = default) =>
        inner.ListAsync(collection, descending, prefix, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
        HasFailed
            ? ValueTask.FromException<string>(new StoreException("The store takes no more writes since one failed (an injected fault)."))
            : inner.PutBlobAsync(log, data, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default) =>
        inner.GetBlobAsync(log, reference, cancellationToken);

    /// <summary>Does nothing: the inner store has another owner.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
