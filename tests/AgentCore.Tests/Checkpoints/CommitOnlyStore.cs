using AgentCore.Checkpoints;

namespace AgentCore.Tests.Checkpoints;

/// <summary>A store for tests of what is committed: nothing can be read from it.</summary>
internal abstract class CommitOnlyStore : ICheckpointStore
{
    public abstract string Kind { get; }

    public abstract ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default);

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string log, long from = 0, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public IAsyncEnumerable<StoredDocument> ListAsync(string collection, bool descending = false, string prefix = "", CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;
}
