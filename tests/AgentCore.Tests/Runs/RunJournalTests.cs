using AgentCore.Checkpoints;
using AgentCore.Runs;

namespace AgentCore.Tests.Runs;

public sealed class RunJournalTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_AfterARefusedBatch_TakesItsPlace(bool late)
    {
        await using var store = new Refusing(late);
        var journal = new RunJournal(store, "run");
        await journal.CommitAsync(new RunRecord(RunRecord.Run) { Name = "a" }, durable: false);
        journal.Defer(new RunRecord(RunRecord.Scope) { Path = "0", Name = "b" });

        store.Refuses = true;
        var refused = journal.CommitAsync(new RunRecord(RunRecord.Done) { Path = "1" }, durable: false).AsTask();
        var after = journal.CommitAsync(new RunRecord(RunRecord.Done) { Path = "2" }, durable: false).AsTask();
        store.Refuses = false;
        store.Answer.SetResult();
        await Assert.ThrowsAsync<StoreException>(() => refused);
        await Assert.ThrowsAnyAsync<StoreException>(() => after);
        await journal.CommitAsync(new RunRecord(RunRecord.End) { Type = "Failed" }, durable: true);

        Assert.Equal([0L, 1L], store.Positions);
    }

    /// <summary>Refuses batches, at once or when it is told to answer.</summary>
    private sealed class Refusing(bool late) : ICheckpointStore
    {
        public bool Refuses { get; set; }

        public TaskCompletionSource Answer { get; } = new();

        public List<long> Positions { get; } = [];

        public string Kind => "refusing";

        public ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default)
        {
            if (Refuses)
                return late ? RefuseAsync() : ValueTask.FromException(new StoreException("refused"));
            if (batch.Operations[0].Expected != Positions.Count)
                return ValueTask.FromException(new StoreConflictException("run", batch.Operations[0].Expected ?? -1, Positions.Count));
            Positions.AddRange(batch.Operations.Select(o => o.Expected!.Value));
            return default;
        }

        public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string log, long from = 0, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<StoredDocument> ListAsync(string collection, bool descending = false, string prefix = "", CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => default;

        private async ValueTask RefuseAsync()
        {
            await Answer.Task;
            throw new StoreException("refused");
        }
    }
}
