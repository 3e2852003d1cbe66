using AgentCore.Checkpoints;
using static AgentCore.Testing.ConformanceCase;

namespace AgentCore.Testing;

/// <summary>What a store must do with batches: all or nothing, in order, from many threads.</summary>
internal static class BatchCases
{
    public static IEnumerable<(string Name, StoreTraits Needs, Func<ConformanceCase, Task> Run)> All =>
    [
        ("Commit_ConflictInTheMiddle_WritesNothing", StoreTraits.None, Atomicity),
        ("Commit_OperationsOnOneName_TakeEffectInOrder", StoreTraits.None, WithinABatch),
        ("Commit_NotAwaited_TakesEffectInCallOrder", StoreTraits.None, CallOrder),
        ("Commit_ManyThreadsOnOneDocument_LosesNoUpdate", StoreTraits.None, Counter),
        ("Commit_ManyThreadsOnManyLogs_KeepsEach", StoreTraits.None, ManyLogs),
        ("Commit_EmptyBatch_Succeeds", StoreTraits.None, Empty),
        ("Commit_CancelledToken_WritesNothing", StoreTraits.None, Cancelled),
        ("Commit_AfterDispose_IsRefused", StoreTraits.None, Disposed),
    ];

    private static async Task Atomicity(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("0")).Put("c", "k", Bytes("one")).Append("gone", 0, Bytes("g"))).ConfigureAwait(false);
        var batch = new StoreBatch().Append("a", 1, Bytes("1")).Append("new", 0, Bytes("n")).Put("c", "k", Bytes("two")).Put("c", "new", Bytes("n"))
            .Delete("c", "k").DeleteLog("gone").Append("a", 5, Bytes("conflict"));
        await Throws<StoreConflictException>(() => store.CommitAsync(batch).AsTask(), "a conflict at the end").ConfigureAwait(false);
        Equal("0", await Records(store, "a").ConfigureAwait(false));
        Equal("", await Records(store, "new").ConfigureAwait(false));
        Equal("g", await Records(store, "gone").ConfigureAwait(false));
        Equal("one@1", await Value(store, "c", "k").ConfigureAwait(false));
        Equal("k", await Keys(store, "c").ConfigureAwait(false));
        await store.CommitAsync(new StoreBatch().Append("a", 1, Bytes("1")).Append("new", 0, Bytes("n")).Put("c", "k", Bytes("two"), 1)).ConfigureAwait(false);
        Equal("0,1", await Records(store, "a").ConfigureAwait(false));
    }

    private static async Task WithinABatch(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("old")).Append("a", 1, Bytes("old"))).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch()
            .DeleteLog("a").Append("a", 0, Bytes("new"))
            .Put("c", "k", Bytes("1")).Put("c", "k", Bytes("2"), 1).Delete("c", "k").Put("c", "k", Bytes("3"), 0)
            .Append("b", 0, Bytes("x")).DeleteLog("b")).ConfigureAwait(false);
        Equal("new", await Records(store, "a").ConfigureAwait(false));
        Equal("", await Records(store, "b").ConfigureAwait(false));
        Equal("3@1", await Value(store, "c", "k").ConfigureAwait(false));
    }

    private static async Task CallOrder(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var pending = new List<Task>();
        for (var i = 0; i < 200; i++)
        {
            pending.Add(store.CommitAsync(new StoreBatch { Durable = i % 3 == 0 }.Put("c", "k", Bytes($"{i}"))).AsTask());
            pending.Add(store.CommitAsync(new StoreBatch { Durable = i % 5 == 0 }.Append("a", i, Bytes($"{i}"))).AsTask());
        }
        pending.Reverse();
        foreach (var commit in pending)
            await commit.ConfigureAwait(false);
        Equal("199@200", await Value(store, "c", "k").ConfigureAwait(false));
    }

    private static async Task Counter(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                while (true)
                {
                    var known = await store.GetAsync("c", "counter").ConfigureAwait(false);
                    var next = (known is null ? 0 : int.Parse(TextOf(known.Value), System.Globalization.CultureInfo.InvariantCulture)) + 1;
                    try
                    {
                        await store.CommitAsync(new StoreBatch { Durable = writer % 2 == 0 }.Put("c", "counter", Bytes($"{next}"), known?.Version ?? 0)).ConfigureAwait(false);
                        break;
                    }
                    catch (StoreConflictException)
                    {
                        // Another writer was first: read again.
                    }
                }
            }
        }))).ConfigureAwait(false);
        Equal("200@200", await Value(store, "c", "counter").ConfigureAwait(false));
    }

    private static async Task ManyLogs(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
            {
                await store.CommitAsync(new StoreBatch { Durable = i % 10 == 0 }
                    .Append($"log-{writer}", i, Bytes($"{writer}.{i}")).Put("c", $"{writer}", Bytes($"{i}"))).ConfigureAwait(false);
                Equal($"{writer}.{i}", await Records(store, $"log-{writer}", i).ConfigureAwait(false), "a read after its own write");
            }
        }))).ConfigureAwait(false);
        for (var writer = 0; writer < 16; writer++)
            Equal(string.Join(",", Enumerable.Range(0, 50).Select(i => $"{writer}.{i}")), await Records(store, $"log-{writer}").ConfigureAwait(false));
    }

    private static async Task Empty(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch()).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch { Durable = true }).ConfigureAwait(false);
    }

    private static async Task Cancelled(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync().ConfigureAwait(false);
        await Throws<OperationCanceledException>(
            () => store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("x")), stop.Token).AsTask(), "a commit cancelled before").ConfigureAwait(false);
        Equal("", await Records(store, "a").ConfigureAwait(false));
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("0"))).ConfigureAwait(false);
    }

    private static async Task Disposed(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("x"))).ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
        await store.DisposeAsync().ConfigureAwait(false);
        await Throws<ObjectDisposedException>(() => store.CommitAsync(new StoreBatch().Append("a", 1, Bytes("x"))).AsTask(), "a commit").ConfigureAwait(false);
        await Throws<ObjectDisposedException>(() => store.GetAsync("c", "k").AsTask(), "a read").ConfigureAwait(false);
    }
}
