namespace AgentCore.Checkpoints;

/// <summary>
/// Keeps runs, sessions and small documents. A store holds two things: <em>logs</em> (append-only sequences of records,
/// one per run or session) and <em>documents</em> (small values under a collection and a key).
/// </summary>
/// <remarks>
/// <para><b>Acknowledged means kept.</b> When <see cref="CommitAsync"/> returns for a batch with
/// <see cref="StoreBatch.Durable"/>, the batch and everything committed before it survive a power loss. Without it, the batch
/// survives the end of the process (it was handed to the operating system or the database).</para>
/// <para><b>Order.</b> Batches take effect in the order in which <see cref="CommitAsync"/> was called, whichever task is
/// awaited first; a batch takes effect wholly or not at all. All members may be called from many threads.</para>
/// <para>The conformance suite in AgentCore.Testing holds every store to this.</para>
/// </remarks>
public interface ICheckpointStore : IAsyncDisposable
{
    /// <summary>The kind of store, as <c>--store</c> and <c>doctor</c> name it: <c>file</c>, <c>litedb</c>, <c>memory</c>.</summary>
    string Kind { get; }

    /// <summary>Applies a batch atomically.</summary>
    /// <param name="batch">What to write. The store takes its buffers over; the caller must not change them afterwards.</param>
    /// <param name="cancellationToken">Gives up waiting. A batch already handed over may still take effect.</param>
    /// <exception cref="StoreConflictException">A log is not at the position that an append expects, or a document not at the
    /// expected version: another writer was there first. Nothing was written.</exception>
    /// <exception cref="StoreException">The batch could not be written, or a record is larger than
    /// <see cref="StoreLimits.MaxRecordBytes"/>. After a failed write or sync, the store refuses all further writes.</exception>
    ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Reads a log's records in order, from a position on. An unknown log is empty.</summary>
    /// <param name="log">The log's name.</param>
    /// <param name="from">The first position to return, 0 or more.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="StoreException">The log is damaged; the message says where.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string log, long from = 0, CancellationToken cancellationToken = default);

    /// <summary>Gets a document, or null where there is none.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="key">The key in it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default);

    /// <summary>Lists a collection's documents in ordinal order of their keys, or in the reverse order.</summary>
    /// <param name="collection">The collection. An unknown one is empty.</param>
    /// <param name="descending">Largest key first: for run ids, the newest run first.</param>
    /// <param name="prefix">Only keys that start with this.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<StoredDocument> ListAsync(
        string collection, bool descending = false, string prefix = "", CancellationToken cancellationToken = default);

    /// <summary>Keeps a large value beside a log and returns a reference to it. It is durable when this returns; it is
    /// removed with its log.</summary>
    /// <param name="log">The log that will refer to it.</param>
    /// <param name="data">The value.</param>
    /// <param name="cancellationToken">Gives up; a value that nothing refers to is removed in time.</param>
    /// <exception cref="StoreException">The value could not be written.</exception>
    ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    /// <summary>Reads a large value back.</summary>
    /// <param name="log">The log that refers to it.</param>
    /// <param name="reference">What <see cref="PutBlobAsync"/> returned.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="StoreException">The value is missing or damaged.</exception>
    ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default);
}
