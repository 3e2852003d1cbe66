using AgentCore.Checkpoints;
using AgentCore.Testing;

namespace AgentCore.Tests.Checkpoints;

public class FaultyStoreTests : StoreTest
{
    [Theory]
    [InlineData(StoreFault.NotDone, "0")]
    [InlineData(StoreFault.DoneButReportedAsFailed, "0,1")]
    public async Task Commit_InjectedFault_FailsAndStopsFurtherWrites(StoreFault fault, string left)
    {
        await using var inner = new MemoryCheckpointStore();
        await using var store = new FaultyCheckpointStore(inner, (number, _) => number == 1 ? fault : StoreFault.None);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("0")));
        Assert.False(store.HasFailed);
        await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(new StoreBatch().Append("a", 1, Bytes("1"))));

        Assert.True(store.HasFailed);
        Assert.Equal(2, store.Commits);
        Assert.Equal(left, await Records(store, "a"));
        await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(new StoreBatch().Append("a", 2, Bytes("2"))));
        await Assert.ThrowsAsync<StoreException>(async () => await store.PutBlobAsync("a", Bytes("x")));
        Assert.Equal(left, await Records(inner, "a"));
    }

    [Fact]
    public async Task Verify_FaultyStoreWithoutFaults_Conforms() => await CheckpointStoreConformance.VerifyAsync(
        _ => ValueTask.FromResult<ICheckpointStore>(new OwningStore()), StoreTraits.None);

    // Disposes the inner store too, as the suite expects of a store.
    private sealed class OwningStore : ICheckpointStore
    {
        private readonly MemoryCheckpointStore _inner = new();
        private readonly FaultyCheckpointStore _faulty;

        public OwningStore() => _faulty = new FaultyCheckpointStore(_inner, (_, _) => StoreFault.None);

        public string Kind => _faulty.Kind;

        public ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default) => _faulty.CommitAsync(batch, cancellationToken);

        public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string log, long from = 0, CancellationToken cancellationToken = default) =>
            _faulty.ReadAsync(log, from, cancellationToken);

        public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default) =>
            _faulty.GetAsync(collection, key, cancellationToken);

        public IAsyncEnumerable<StoredDocument> ListAsync(
            string collection, bool descending = false, string prefix = "", CancellationToken cancellationToken = default) =>
            _faulty.ListAsync(collection, descending, prefix, cancellationToken);

        public ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) =>
            _faulty.PutBlobAsync(log, data, cancellationToken);

        public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default) =>
            _faulty.GetBlobAsync(log, reference, cancellationToken);

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
