using AgentCore.Checkpoints;
using static AgentCore.Testing.ConformanceCase;

namespace AgentCore.Testing;

/// <summary>What a store must do with documents.</summary>
internal static class DocumentCases
{
    public static IEnumerable<(string Name, StoreTraits Needs, Func<ConformanceCase, Task> Run)> All =>
    [
        ("Put_NewAndAgain_CountsVersions", StoreTraits.None, Versions),
        ("Put_WrongVersion_ConflictsAndWritesNothing", StoreTraits.None, VersionConflict),
        ("Delete_ThenPut_StartsAtVersionOne", StoreTraits.None, Delete),
        ("List_KeysOutOfOrder_ComeInOrdinalOrder", StoreTraits.None, Order),
        ("List_Prefix_GivesOnlyItsKeys", StoreTraits.None, Prefix),
        ("List_ManyWithChangesMeanwhile_Ends", StoreTraits.None, ChangesMeanwhile),
        ("List_CancelledToken_Stops", StoreTraits.None, CancelList),
    ];

    private static async Task Versions(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        Equal("none", await Value(store, "c", "k").ConfigureAwait(false));
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("one"), expectedVersion: 0)).ConfigureAwait(false);
        Equal("one@1", await Value(store, "c", "k").ConfigureAwait(false));
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("two"), expectedVersion: 1)).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes(""))).ConfigureAwait(false);
        Equal("@3", await Value(store, "c", "k").ConfigureAwait(false));
        Equal("none", await Value(store, "other", "k").ConfigureAwait(false));
    }

    private static async Task VersionConflict(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await Throws<StoreConflictException>(
            () => store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("x"), expectedVersion: 1)).AsTask(), "version 1 of none").ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("one"))).ConfigureAwait(false);
        var conflict = await Throws<StoreConflictException>(
            () => store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("x"), expectedVersion: 0)).AsTask(), "version 0 of 1").ConfigureAwait(false);
        Equal(0, conflict.Expected);
        Equal(1, conflict.Actual);
        Equal("one@1", await Value(store, "c", "k").ConfigureAwait(false));
    }

    private static async Task Delete(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("one")).Put("c", "k", Bytes("two"))).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Delete("c", "k").Delete("c", "unknown").Delete("unknown", "k")).ConfigureAwait(false);
        Equal("none", await Value(store, "c", "k").ConfigureAwait(false));
        Equal("", await Keys(store, "c").ConfigureAwait(false));
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("new"), expectedVersion: 0)).ConfigureAwait(false);
        Equal("new@1", await Value(store, "c", "k").ConfigureAwait(false));
    }

    private static async Task Order(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        string[] keys = ["b", "a", "B", "é", "aa", "Z", "0", "a\u0001", "\uffff", "🙂"];
        foreach (var key in keys)
            await store.CommitAsync(new StoreBatch().Put("c", key, Bytes(key))).ConfigureAwait(false);
        var expected = keys.Order(StringComparer.Ordinal).ToArray();
        Equal(string.Join(",", expected), await Keys(store, "c").ConfigureAwait(false));
        Equal(string.Join(",", expected.Reverse()), await Keys(store, "c", descending: true).ConfigureAwait(false));
    }

    private static async Task Prefix(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        foreach (var key in new[] { "run-1", "run-2", "run", "rum", "run-10", "ruo", "Run-3" })
            await store.CommitAsync(new StoreBatch().Put("c", key, Bytes(key))).ConfigureAwait(false);
        Equal("run-1,run-10,run-2", await Keys(store, "c", prefix: "run-").ConfigureAwait(false));
        Equal("run-2,run-10,run-1", await Keys(store, "c", descending: true, prefix: "run-").ConfigureAwait(false));
        Equal("", await Keys(store, "c", prefix: "x").ConfigureAwait(false));
        Equal("", await Keys(store, "c", descending: true, prefix: "a").ConfigureAwait(false));
    }

    private static async Task ChangesMeanwhile(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var batch = new StoreBatch();
        for (var i = 0; i < 1000; i++)
            batch.Put("c", $"{i:d4}", Bytes("x"));
        await store.CommitAsync(batch).ConfigureAwait(false);
        var seen = new List<string>();
        await foreach (var document in store.ListAsync("c").ConfigureAwait(false))
        {
            seen.Add(document.Key);
            await store.CommitAsync(new StoreBatch().Delete("c", document.Key)).ConfigureAwait(false);
        }
        Equal(string.Join(",", Enumerable.Range(0, 1000).Select(i => $"{i:d4}")), string.Join(",", seen));
        Equal("", await Keys(store, "c").ConfigureAwait(false));
    }

    private static async Task CancelList(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Put("c", "1", Bytes("x")).Put("c", "2", Bytes("x"))).ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        await Throws<OperationCanceledException>(async () =>
        {
            await foreach (var document in store.ListAsync("c", cancellationToken: stop.Token).ConfigureAwait(false))
                await stop.CancelAsync().ConfigureAwait(false);
        }, "listing on after a cancellation").ConfigureAwait(false);
    }
}
