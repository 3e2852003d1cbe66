using AgentCore.Checkpoints;

namespace AgentCore.Tests.Checkpoints;

public class FileStoreCompactionTests : StoreTest
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Compact_ByAge_RemovesOldFinishedLogsWithTheirDocumentsAndSpace()
    {
        await using var store = await Open();
        await Fill(store, 10);
        var result = await store.CompactAsync(new CompactionOptions
        {
            Finished = [.. Enumerable.Range(0, 8).Select(i => new FinishedLog($"run-{i}", Now.AddDays(-i), "runs", $"run-{i}"))],
            MaxAge = TimeSpan.FromDays(2.5),
            Time = new FixedTime(Now),
        });
        Assert.Equal(["run-7", "run-6", "run-5", "run-4", "run-3"], result.RemovedLogs);
        Assert.True(result.BytesAfter < result.BytesBefore * 0.6, $"{result.BytesBefore} -> {result.BytesAfter}");
        Assert.Equal("run-0,run-1,run-2,run-8,run-9", await Keys(store, "runs"));
        await Check(store, [0, 1, 2, 8, 9]);
    }

    [Fact]
    public async Task Compact_BySize_RemovesTheOldestFinishedLogsFirst()
    {
        await using var store = await Open();
        await Fill(store, 10);
        var result = await store.CompactAsync(new CompactionOptions
        {
            Finished = [.. Enumerable.Range(0, 6).Select(i => new FinishedLog($"run-{i}", Now.AddDays(-i)))],
            MaxBytes = 100_000,
        });
        // Each log takes a little more than 30,000 bytes; three stay.
        Assert.Equal(["run-5", "run-4", "run-3"], result.RemovedLogs);
    }

    [Fact]
    public async Task Compact_NothingFinished_RemovesNothing()
    {
        await using var store = await Open();
        await Fill(store, 3);
        var result = await store.CompactAsync(new CompactionOptions { MaxAge = TimeSpan.Zero, MaxBytes = 0 });
        Assert.Empty(result.RemovedLogs);
        Assert.Equal(0, result.RewrittenSegments);
        await Check(store, [0, 1, 2]);
    }

    [Fact]
    public async Task Compact_ManySegmentsAndReopened_HoldsWhatIsLiveAndNoMore()
    {
        await using (var store = await Open(options => options with { SegmentBytes = 64 * 1024 }))
        {
            await Fill(store, 20);
            foreach (var i in Enumerable.Range(0, 20).Where(i => i % 4 != 0))
                await store.CommitAsync(new StoreBatch().DeleteLog($"run-{i}").Delete("runs", $"run-{i}"));
            await store.CommitAsync(new StoreBatch().Append("run-1", 0, Bytes("anew")));
            await store.CompactAsync(new CompactionOptions { MinGarbage = 0 });
            await Check(store, [0, 4, 8, 12, 16]);
        }
        await using var again = await Open();
        Assert.True(again.Report.IsWhole);
        await Check(again, [0, 4, 8, 12, 16]);
        Assert.Equal("anew", await Records(again, "run-1"));
        Assert.Equal("", await Records(again, "run-2"));
        Assert.True(Segments().Sum(segment => new FileInfo(segment).Length) < 200_000);
    }

    [Fact]
    public async Task Compact_WhileReadingAndWriting_DisturbsNeither()
    {
        await using var store = await Open(options => options with { SegmentBytes = 64 * 1024 });
        await Fill(store, 20);
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
                await Check(store, [0, 4, 8]);
        });
        var written = 0;
        var writer = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested && written < 20_000)
                await store.CommitAsync(new StoreBatch().Append("live", written, Bytes($"{written++}")).Put("d", "k", Bytes($"{written}")));
        });
        for (var i = 0; i < 20; i++)
        {
            await store.CommitAsync(new StoreBatch().DeleteLog($"run-{(i % 5 * 4) + 1}"));
            await store.CompactAsync(new CompactionOptions { MinGarbage = 0.01 });
        }
        await stop.CancelAsync();
        await Task.WhenAll(reader, writer);
        Assert.Equal(string.Join(",", Enumerable.Range(0, written)), await Records(store, "live"));
    }

    [Fact]
    public async Task Compact_DeletedLogOfWhichAPartRemains_StaysDeleted()
    {
        // Its first records are compacted away, its last ones are not: what is left must not look like damage.
        await using (var store = await Open(options => options with { SegmentBytes = 64 * 1024 }))
        {
            for (var i = 0; i < 25; i++)
                await store.CommitAsync(new StoreBatch().Append("gone", i, new byte[3000]));
            for (var i = 0; i < 60; i++)
                await store.CommitAsync(new StoreBatch().Append("kept", i, new byte[3000]));
            await store.CommitAsync(new StoreBatch().DeleteLog("gone"));
            await store.CompactAsync(new CompactionOptions { MinGarbage = 0.9 });
        }
        await using var again = await Open();
        Assert.True(again.Report.IsWhole);
        Assert.Equal("", await Records(again, "gone"));
        Assert.Equal(60, (await Records(again, "kept")).Split(',').Length);
    }

    [Fact]
    public async Task Compact_GarbageShareOutOfRange_NamesTheRule()
    {
        await using var store = await Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CompactAsync(new CompactionOptions { MinGarbage = 2 }));
    }

    private static async Task Fill(FileCheckpointStore store, int logs)
    {
        for (var record = 0; record < 10; record++)
        {
            for (var i = 0; i < logs; i++)
            {
                var batch = new StoreBatch().Append($"run-{i}", record, Bytes($"{i}.{record}." + new string('x', 3000)));
                if (record == 0)
                    batch.Put("runs", $"run-{i}", Bytes("summary"));
                await store.CommitAsync(batch);
            }
        }
    }

    private static async Task Check(FileCheckpointStore store, int[] logs)
    {
        foreach (var i in logs)
            Assert.Equal(string.Join(",", Enumerable.Range(0, 10).Select(record => $"{i}.{record}." + new string('x', 3000))), await Records(store, $"run-{i}"));
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
