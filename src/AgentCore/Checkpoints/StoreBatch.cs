namespace AgentCore.Checkpoints;

/// <summary>What one <see cref="ICheckpointStore.CommitAsync"/> writes: appends to logs, puts and deletes of documents. All of
/// it takes effect, or none.</summary>
public sealed class StoreBatch
{
    private readonly List<StoreOperation> _operations = [];

    /// <summary>The operations, in the order in which they were added and take effect.</summary>
    public IReadOnlyList<StoreOperation> Operations => _operations;

    /// <summary>Whether the commit is acknowledged only when it would survive a power loss. Off: when it would survive the
    /// end of the process.</summary>
    public bool Durable { get; set; }

    /// <summary>Appends a record to a log.</summary>
    /// <param name="log">The log's name, for example a run's id.</param>
    /// <param name="position">The position that the record must get, counted from 0. A log whose next position differs
    /// makes the commit fail with <see cref="StoreConflictException"/>.</param>
    /// <param name="record">The record's bytes; the store does not look inside.</param>
    public StoreBatch Append(string log, long position, ReadOnlyMemory<byte> record)
    {
        ArgumentException.ThrowIfNullOrEmpty(log);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        _operations.Add(new StoreOperation(StoreOperationKind.Append, "", log, record, position));
        return this;
    }

    /// <summary>Creates or replaces a document.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="key">The key in it.</param>
    /// <param name="value">The document's bytes.</param>
    /// <param name="expectedVersion">The version that the document must have now: 0 for none yet, null for any.</param>
    public StoreBatch Put(string collection, string key, ReadOnlyMemory<byte> value, long? expectedVersion = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentException.ThrowIfNullOrEmpty(key);
        _operations.Add(new StoreOperation(StoreOperationKind.Put, collection, key, value, expectedVersion));
        return this;
    }

    /// <summary>Deletes a document; deleting what isn't there changes nothing.</summary>
    /// <param name="collection">The collection.</param>
    /// <param name="key">The key in it.</param>
    public StoreBatch Delete(string collection, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentException.ThrowIfNullOrEmpty(key);
        _operations.Add(new StoreOperation(StoreOperationKind.Delete, collection, key, default, null));
        return this;
    }

    /// <summary>Deletes a log with its blobs; deleting what isn't there changes nothing.</summary>
    /// <param name="log">The log's name.</param>
    public StoreBatch DeleteLog(string log)
    {
        ArgumentException.ThrowIfNullOrEmpty(log);
        _operations.Add(new StoreOperation(StoreOperationKind.DeleteLog, "", log, default, null));
        return this;
    }
}

/// <summary>What an operation of a batch does.</summary>
public enum StoreOperationKind
{
    /// <summary>Appends a record to the log <see cref="StoreOperation.Key"/>.</summary>
    Append,

    /// <summary>Creates or replaces a document.</summary>
    Put,

    /// <summary>Deletes a document.</summary>
    Delete,

    /// <summary>Deletes the log <see cref="StoreOperation.Key"/> and its blobs.</summary>
    DeleteLog,
}

/// <summary>One operation of a <see cref="StoreBatch"/>.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Collection">The document's collection; empty for logs.</param>
/// <param name="Key">The document's key, or the log's name.</param>
/// <param name="Data">The record or the document.</param>
/// <param name="Expected">The position (append) or version (put) that must hold; null where any will do.</param>
public readonly record struct StoreOperation(
    StoreOperationKind Kind, string Collection, string Key, ReadOnlyMemory<byte> Data, long? Expected);

/// <summary>A document as the store keeps it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its bytes.</param>
/// <param name="Version">1 when it was created, one more with each put.</param>
public sealed record StoredDocument(string Key, ReadOnlyMemory<byte> Value, long Version);
