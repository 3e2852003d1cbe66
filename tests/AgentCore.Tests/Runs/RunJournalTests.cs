using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Tests.Checkpoints;

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
    private sealed class Refusing(bool late) : CommitOnlyStore
    {
        public bool Refuses { get; set; }

        public TaskCompletionSource Answer { get; } = new();

        public List<long> Positions { get; } = [];

        public override string Kind => "refusing";

        public override ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default)
        {
            if (Refuses)
                return late ? RefuseAsync() : ValueTask.FromException(new StoreException("refused"));
            if (batch.Operations[0].Expected != Positions.Count)
                return ValueTask.FromException(new StoreConflictException("run", batch.Operations[0].Expected ?? -1, Positions.Count));
            Positions.AddRange(batch.Operations.Select(o => o.Expected!.Value));
            return default;
        }

        private async ValueTask RefuseAsync()
        {
            await Answer.Task;
            throw new StoreException("refused");
        }
    }
}
