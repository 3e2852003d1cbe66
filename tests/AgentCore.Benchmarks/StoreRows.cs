using System.Diagnostics;
using AgentCore.Checkpoints;

namespace AgentCore.Benchmarks;

/// <summary>What the file store costs, beside raw loops on the same disk in the same run. The two take turns: a disk's speed
/// changes from one second to the next.</summary>
internal sealed class StoreRows : IRows
{
    private const int RecordBytes = 200;
    private const int Rounds = 7;

    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-bench-").FullName;
        try
        {
            var one = await OneWriter(folder);
            yield return Row.RatioAtLeast("file store: one durable writer, against sync each", one.Store, "per s", one.Raw, 0.8);
            var many = await ManyWriters(folder);
            yield return Row.RatioAtLeast("file store: 64 writers, against sync every 32", many.Store, "per s", many.Raw, 0.7);
            var runs = await OpenManyRuns(folder);
            yield return Row.AtMost($"file store: opening 100,000 runs, {runs.Gigabytes:n1} GB", runs.Open, "s", 2);
            yield return Row.AtMost("file store: listing the newest 50 of them", runs.List * 1000, "ms", 100);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Store, double Raw)> OneWriter(string folder)
    {
        const int records = 500;
        var (store, raw) = (new List<double>(), new List<double>());
        await using var open = await Open(Path.Combine(folder, "one"));
        for (var round = 0; round < Rounds; round++)
        {
            raw.Add(RawLoop(folder, records, syncEvery: 1));
            store.Add(records / await Timed(() => Task.Run(() => Write(open, $"log-{round}", records))));
        }
        return (Median(store), Median(raw));
    }

    private static async Task<(double Store, double Raw)> ManyWriters(string folder)
    {
        const int writers = 64;
        const int records = 64 * 500;
        var (store, raw) = (new List<double>(), new List<double>());
        await using var open = await Open(Path.Combine(folder, "many"));
        for (var round = 0; round < Rounds; round++)
        {
            raw.Add(RawLoop(folder, records, syncEvery: 32));
            store.Add(records / await Timed(() => Task.WhenAll(Enumerable.Range(0, writers)
                .Select(writer => Task.Run(() => Write(open, $"log-{round}-{writer}", records / writers))))));
        }
        return (Median(store), Median(raw));
    }

    // Ten records of 1 KB and a document, written twice, for each run.
    private static async Task<(double Open, double List, double Gigabytes)> OpenManyRuns(string folder)
    {
        const int runs = 100_000;
        var path = Path.Combine(folder, "runs");
        await using (var store = await Open(path))
        {
            var record = new byte[1024];
            new Random(1).NextBytes(record);
            for (var run = 0; run < runs; run++)
            {
                var id = $"{run:d8}-0123456789abcdef";
                for (var i = 0; i < 10; i++)
                {
                    var batch = new StoreBatch().Append(id, i, record);
                    if (i is 0 or 9)
                        batch.Put("runs", id, record.AsMemory(0, 150));
                    await store.CommitAsync(batch);
                }
            }
        }
        var bytes = Directory.EnumerateFiles(path).Sum(file => new FileInfo(file).Length);
        var clock = Stopwatch.StartNew();
        await using var again = await Open(path);
        var open = clock.Elapsed.TotalSeconds;
        clock.Restart();
        var listed = 0;
        await foreach (var document in again.ListAsync("runs", descending: true))
        {
            if (++listed == 50)
                break;
        }
        return (open, clock.Elapsed.TotalSeconds, bytes / 1e9);
    }

    private static ValueTask<FileCheckpointStore> Open(string folder) => FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = folder });

    private static async Task Write(FileCheckpointStore store, string log, int records)
    {
        var record = new byte[RecordBytes];
        for (var i = 0; i < records; i++)
            await store.CommitAsync(new StoreBatch { Durable = true }.Append(log, i, record));
    }

    private static double RawLoop(string folder, int records, int syncEvery)
    {
        var path = Path.Combine(folder, "raw-" + Guid.NewGuid().ToString("n"));
        using var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite);
        var record = new byte[RecordBytes];
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < records; i++)
        {
            RandomAccess.Write(handle, record, (long)i * RecordBytes);
            if ((i + 1) % syncEvery == 0)
                RandomAccess.FlushToDisk(handle);
        }
        return records / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> Timed(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
