using AgentCore.Checkpoints;
using static AgentCore.Testing.ConformanceCase;

namespace AgentCore.Testing;

/// <summary>What a store must still hold when it is opened again.</summary>
internal static class ReopenCases
{
    public static IEnumerable<(string Name, StoreTraits Needs, Func<ConformanceCase, Task> Run)> All =>
    [
        ("Reopen_AfterDispose_HoldsEverything", StoreTraits.Persistent, AfterDispose),
        ("Reopen_ManyTimes_GoesOnWhereItWas", StoreTraits.Persistent, ManyTimes),
        ("Reopen_AfterDispose_StillChecksPositionsAndVersions", StoreTraits.Persistent, StillChecks),
        ("Crash_CopyOfTheFiles_HoldsEverythingAcknowledged", StoreTraits.Persistent | StoreTraits.InFolder, Crash),
        ("Crash_CopyWhileWriting_HoldsAcknowledgedBatchesWhole", StoreTraits.Persistent | StoreTraits.InFolder, CrashWhileWriting),
    ];

    private static async Task AfterDispose(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var blob = await store.PutBlobAsync("a", Bytes("large")).ConfigureAwait(false);
        await Fill(store, blob).ConfigureAwait(false);
        store = await test.Reopen(store).ConfigureAwait(false);
        await Check(store, blob).ConfigureAwait(false);
    }

    private static async Task ManyTimes(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        for (var i = 0; i < 5; i++)
        {
            await store.CommitAsync(new StoreBatch().Append("a", i, Bytes($"{i}")).Put("c", "k", Bytes($"{i}"), i)).ConfigureAwait(false);
            store = await test.Reopen(store).ConfigureAwait(false);
        }
        Equal("0,1,2,3,4", await Records(store, "a").ConfigureAwait(false));
        Equal("4@5", await Value(store, "c", "k").ConfigureAwait(false));
    }

    private static async Task StillChecks(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("0")).Put("c", "k", Bytes("1"))).ConfigureAwait(false);
        store = await test.Reopen(store).ConfigureAwait(false);
        await Throws<StoreConflictException>(() => store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("x"))).AsTask(), "position 0 of 1").ConfigureAwait(false);
        await Throws<StoreConflictException>(() => store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("x"), 0)).AsTask(), "version 0 of 1").ConfigureAwait(false);
    }

    private static async Task Crash(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var blob = await store.PutBlobAsync("a", Bytes("large")).ConfigureAwait(false);
        await Fill(store, blob).ConfigureAwait(false);
        // Not disposed: this is what a crash now would leave.
        var copy = await test.Open(Copy(test)).ConfigureAwait(false);
        await Check(copy, blob).ConfigureAwait(false);
        await copy.CommitAsync(new StoreBatch { Durable = true }.Append("a", 2, Bytes("2"))).ConfigureAwait(false);
        Equal($"{blob},1,2", await Records(copy, "a").ConfigureAwait(false));
    }

    private static async Task CrashWhileWriting(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var acknowledged = 0;
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < 5000 && !stop.IsCancellationRequested; i++)
            {
                await store.CommitAsync(new StoreBatch { Durable = i % 4 == 0 }.Append("a", i, Bytes($"{i}")).Append("b", i, Bytes($"{i}"))).ConfigureAwait(false);
                Volatile.Write(ref acknowledged, i + 1);
            }
        }, CancellationToken.None);
        try
        {
            for (var round = 0; round < 5; round++)
            {
                while (Volatile.Read(ref acknowledged) < (round + 1) * 20 && !writer.IsCompleted)
                    await Task.Yield();
                var before = Volatile.Read(ref acknowledged);
                var copy = await test.Open(Copy(test)).ConfigureAwait(false);
                var (a, b) = (await Records(copy, "a").ConfigureAwait(false), await Records(copy, "b").ConfigureAwait(false));
                Equal(a, b, "the two halves of each batch");
                Equal(true, a.Split(',').Length >= before, $"{before} acknowledged batches, {a.Split(',').Length} found; all are there");
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await writer.ConfigureAwait(false);
        }
    }

    private static async Task Fill(ICheckpointStore store, string blob)
    {
        await store.CommitAsync(new StoreBatch { Durable = true }.Append("a", 0, Bytes(blob)).Append("a", 1, Bytes("1"))).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch { Durable = true }.Put("c", "k", Bytes("one")).Put("c", "k", Bytes("two")).Put("c", "gone", Bytes("x"))).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("deleted", 0, Bytes("x")).Put("c", "j", Bytes("one"))).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch { Durable = true }.DeleteLog("deleted").Delete("c", "gone")).ConfigureAwait(false);
    }

    private static async Task Check(ICheckpointStore store, string blob)
    {
        Equal($"{blob},1", await Records(store, "a").ConfigureAwait(false));
        Equal("", await Records(store, "deleted").ConfigureAwait(false));
        Equal("two@2", await Value(store, "c", "k").ConfigureAwait(false));
        Equal("j,k", await Keys(store, "c").ConfigureAwait(false));
        Equal("large", TextOf(await store.GetBlobAsync("a", blob).ConfigureAwait(false)));
    }

    private static string Copy(ConformanceCase test)
    {
        var target = Path.Combine(test.Folder, "copies", Guid.NewGuid().ToString("n"));
        foreach (var file in Directory.EnumerateFiles(test.Folder, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(test.Folder, file);
            if (relative.StartsWith("copies", StringComparison.Ordinal))
                continue;
            var path = Path.Combine(target, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            try
            {
                using var from = new FileStream(file, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete });
                using var to = File.Create(path);
                // What is there now and no more: a copy could chase a file that grows for ever.
                var content = new byte[from.Length];
                to.Write(content, 0, from.ReadAtLeast(content, content.Length, throwOnEndOfStream: false));
            }
            catch (IOException)
            {
                // A lock file, which a crash would release. Were it data, the copy would show that it misses.
            }
        }
        return target;
    }
}
