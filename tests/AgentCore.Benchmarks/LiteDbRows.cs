using System.Diagnostics;
using AgentCore.Checkpoints;
using AgentCore.LiteDb;
using LiteDB;

namespace AgentCore.Benchmarks;

/// <summary>The LiteDB store beside LiteDB itself, on the same disk in the same run. LiteDB forces nothing to disk by a commit,
/// so that its own durable way is an upsert with a checkpoint each; the two take turns.</summary>
internal sealed class LiteDbRows : IRows
{
    private const int Records = 200;
    private const int Rounds = 7;

    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-bench-").FullName;
        try
        {
            var own = new List<double>();
            var plain = new List<double>();
            var (one, many, fast) = (new List<double>(), new List<double>(), new List<double>());
            await using var durable = await LiteDbStore.OpenAsync(Path.Combine(folder, "durable"));
            await using var faster = await LiteDbStore.OpenAsync(Path.Combine(folder, "faster"), new LiteDbStoreOptions { Durability = StoreDurability.ProcessEndOnly });
            await using var file = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = Path.Combine(folder, "file") });
            var files = new List<double>();
            for (var round = 0; round < Rounds; round++)
            {
                own.Add(Upserts(Path.Combine(folder, $"own-{round}.db"), checkpoint: true));
                one.Add(await AppendsAsync(durable, $"one-{round}", writers: 1));
                many.Add(await AppendsAsync(durable, $"many-{round}", writers: 32));
                files.Add(await AppendsAsync(file, $"one-{round}", writers: 1));
                plain.Add(Upserts(Path.Combine(folder, $"plain-{round}.db"), checkpoint: false));
                fast.Add(await AppendsAsync(faster, $"one-{round}", writers: 1));
            }

            // An append is a record and the log's head, four to five pages in all, that are forced to disk at the end of a growing
            // log; an upsert with a checkpoint is one document in a file that keeps its size. Writers that share a sync win.
            yield return Row.RatioAtLeast("LiteDB: durable append, against upsert, checkpoint", Median(one), "per s", Median(own), 0.15);
            yield return Row.RatioAtLeast("LiteDB: 32 durable writers, against the same", Median(many), "per s", Median(own), 1.5);
            yield return Row.RatioAtLeast("LiteDB: ProcessEndOnly, against upsert", Median(fast), "per s", Median(plain), 0.15);
            yield return Row.RatioAtLeast("LiteDB: ProcessEndOnly, against durable", Median(fast), "per s", Median(one), 1.2);
            yield return Row.RatioAtLeast("LiteDB: durable append, against the file store's", Median(one), "per s", Median(files), 0.1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Upserts(string path, bool checkpoint)
    {
        using var database = new LiteDatabase(path);
        var records = database.GetCollection("records");
        var value = new byte[200];
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Records; i++)
        {
            records.Upsert(new BsonDocument { ["_id"] = i, ["v"] = value });
            if (checkpoint)
                database.Checkpoint();
        }

        return Records / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> AppendsAsync(ICheckpointStore store, string log, int writers)
    {
        var record = new byte[200];
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Records; i++)
                await store.CommitAsync(new StoreBatch { Durable = true }.Append($"{log}-{writer}", i, record));
        })));
        return Records * writers / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
