using AgentCore.Checkpoints;
using static AgentCore.Testing.ConformanceCase;

namespace AgentCore.Testing;

/// <summary>What a store must do with logs.</summary>
internal static class LogCases
{
    public static IEnumerable<(string Name, StoreTraits Needs, Func<ConformanceCase, Task> Run)> All =>
    [
        ("Append_ManyRecords_ReadsThemInOrder", StoreTraits.None, Order),
        ("Append_WrongPosition_ConflictsAndWritesNothing", StoreTraits.None, PositionConflict),
        ("Append_EmptyAndLargeRecords_AreKept", StoreTraits.None, Sizes),
        ("Append_RecordAboveTheLimit_IsRefused", StoreTraits.None, TooLarge),
        ("Append_OddNames_AreKeptApart", StoreTraits.None, OddNames),
        ("Append_NameAboveTheLimit_IsRefused", StoreTraits.None, LongName),
        ("Read_UnknownLog_IsEmpty", StoreTraits.None, Unknown),
        ("Read_FromAPosition_SkipsTheRecordsBefore", StoreTraits.None, From),
        ("DeleteLog_WithRecordsAndBlobs_RemovesBothAndStartsAnew", StoreTraits.None, Delete),
        ("Blob_PutAndGet_GivesTheSameBytes", StoreTraits.None, Blobs),
        ("Read_CancelledToken_Stops", StoreTraits.None, CancelRead),
    ];

    private static async Task Order(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var pending = new List<Task>();
        for (var i = 0; i < 500; i++)
            pending.Add(store.CommitAsync(new StoreBatch { Durable = i % 7 == 0 }.Append("a", i, Bytes($"r{i}")).Append("b", i, Bytes($"s{i}"))).AsTask());
        await Task.WhenAll(pending).ConfigureAwait(false);
        Equal(string.Join(",", Enumerable.Range(0, 500).Select(i => $"r{i}")), await Records(store, "a").ConfigureAwait(false));
        Equal(string.Join(",", Enumerable.Range(0, 500).Select(i => $"s{i}")), await Records(store, "b").ConfigureAwait(false));
    }

    private static async Task PositionConflict(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("0"))).ConfigureAwait(false);
        foreach (var position in new long[] { 0, 2 })
        {
            var conflict = await Throws<StoreConflictException>(
                () => store.CommitAsync(new StoreBatch().Append("a", position, Bytes("x"))).AsTask(), $"append at {position}").ConfigureAwait(false);
            Equal(position, conflict.Expected);
            Equal(1, conflict.Actual);
        }
        await store.CommitAsync(new StoreBatch().Append("a", 1, Bytes("1"))).ConfigureAwait(false);
        Equal("0,1", await Records(store, "a").ConfigureAwait(false));
    }

    private static async Task Sizes(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        int[] sizes = [0, 1, 4095, 4096, 4097, 1_000_000, StoreLimits.MaxRecordBytes];
        for (var i = 0; i < sizes.Length; i++)
            await store.CommitAsync(new StoreBatch { Durable = true }.Append("a", i, Pattern(sizes[i]))).ConfigureAwait(false);
        var position = 0;
        await foreach (var record in store.ReadAsync("a").ConfigureAwait(false))
            Equal(true, record.Span.SequenceEqual(Pattern(sizes[position++])), $"record of {record.Length} bytes");
        Equal(sizes.Length, position);
    }

    private static async Task TooLarge(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var batch = new StoreBatch().Append("a", 0, Bytes("small")).Append("a", 1, new byte[StoreLimits.MaxRecordBytes + 1]);
        await Throws<StoreException>(() => store.CommitAsync(batch).AsTask(), "a record of 16 MiB and 1 byte").ConfigureAwait(false);
        Equal("", await Records(store, "a").ConfigureAwait(false));
    }

    private static async Task OddNames(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        string[] names =
        [
            "a", "A", "a ", " a", "a/b", "../a", "a\\b", "a\0b", "a\nb", "a:b", "a.", ".", "..", "CON", "nul", "%61", "é", "e\u0301", "日本", "🙂",
            "'; drop table logs; --", "{\"a\":1}", new string('x', StoreLimits.MaxNameBytes),
        ];
        foreach (var name in names)
            await store.CommitAsync(new StoreBatch().Append(name, 0, Bytes(name)).Put(name, name, Bytes(name))).ConfigureAwait(false);
        foreach (var name in names)
        {
            Equal(name, await Records(store, name).ConfigureAwait(false));
            Equal(name + "@1", await Value(store, name, name).ConfigureAwait(false));
        }
    }

    private static async Task LongName(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var name = new string('é', (StoreLimits.MaxNameBytes / 2) + 1);
        await Throws<ArgumentException>(() => store.CommitAsync(new StoreBatch().Append(name, 0, Bytes("x"))).AsTask(), "a name of 514 bytes").ConfigureAwait(false);
        await Throws<ArgumentException>(() => store.CommitAsync(new StoreBatch().Append("\ud800", 0, Bytes("x"))).AsTask(), "half a surrogate pair").ConfigureAwait(false);
    }

    private static async Task Unknown(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        Equal("", await Records(store, "nothing").ConfigureAwait(false));
        Equal("", await Records(store, "nothing", 5).ConfigureAwait(false));
    }

    private static async Task From(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("0")).Append("a", 1, Bytes("1")).Append("a", 2, Bytes("2"))).ConfigureAwait(false);
        Equal("1,2", await Records(store, "a", 1).ConfigureAwait(false));
        Equal("", await Records(store, "a", 3).ConfigureAwait(false));
        Equal("", await Records(store, "a", 99).ConfigureAwait(false));
    }

    private static async Task Delete(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var blob = await store.PutBlobAsync("a", Bytes("large")).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes(blob)).Append("b", 0, Bytes("other"))).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch { Durable = true }.DeleteLog("a").DeleteLog("unknown")).ConfigureAwait(false);
        Equal("", await Records(store, "a").ConfigureAwait(false));
        Equal("other", await Records(store, "b").ConfigureAwait(false));
        await Throws<StoreException>(() => store.GetBlobAsync("a", blob).AsTask(), "a blob of a deleted log").ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("new"))).ConfigureAwait(false);
        Equal("new", await Records(store, "a").ConfigureAwait(false));
    }

    private static async Task Blobs(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        var small = await store.PutBlobAsync("a/../b", Bytes("x")).ConfigureAwait(false);
        var empty = await store.PutBlobAsync("a/../b", default).ConfigureAwait(false);
        var large = await store.PutBlobAsync("other", Pattern(20_000_000)).ConfigureAwait(false);
        Equal("x", TextOf(await store.GetBlobAsync("a/../b", small).ConfigureAwait(false)));
        Equal("", TextOf(await store.GetBlobAsync("a/../b", empty).ConfigureAwait(false)));
        var read = await store.GetBlobAsync("other", large).ConfigureAwait(false);
        Equal(true, read.Span.SequenceEqual(Pattern(20_000_000)), "the large blob's bytes");
    }

    private static async Task CancelRead(ConformanceCase test)
    {
        var store = await test.Open().ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("0")).Append("a", 1, Bytes("1"))).ConfigureAwait(false);
        using var stop = new CancellationTokenSource();
        var read = 0;
        await Throws<OperationCanceledException>(async () =>
        {
            await foreach (var record in store.ReadAsync("a", 0, stop.Token).ConfigureAwait(false))
            {
                read++;
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }, "reading on after a cancellation").ConfigureAwait(false);
        Equal(1, read);
    }

    private static byte[] Pattern(int length)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        return data;
    }
}
