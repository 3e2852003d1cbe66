using System.Text;
using AgentCore.Checkpoints;
using static AgentCore.LiteDb.Tests.StoreText;

namespace AgentCore.LiteDb.Tests;

public sealed class LiteDbStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Commit_WrongPosition_WritesNothingOfTheBatch()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("a")));

        var conflict = await Assert.ThrowsAsync<StoreConflictException>(async () =>
            await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("x")).Append("run", 0, Bytes("b"))));

        Assert.Equal(("run", 0, 1), (conflict.Name, conflict.Expected, conflict.Actual));
        Assert.Null(await store.GetAsync("c", "k"));
        Assert.Equal(["a"], await store.TextsAsync("run"));
    }

    [Fact]
    public async Task Commit_WrongVersion_IsRefusedAndTheNextGoesThrough()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("1"), expectedVersion: 0));

        await Assert.ThrowsAsync<StoreConflictException>(async () => await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("x"), expectedVersion: 0)));
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("2"), expectedVersion: 1).Put("c", "k", Bytes("3"), expectedVersion: 2));

        var document = await store.GetAsync("c", "k");
        Assert.Equal(("3", 3), (Encoding.UTF8.GetString(document!.Value.Span), document.Version));
    }

    [Fact]
    public async Task Commit_RecordOverTheLimit_SaysSo()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);

        var error = await Assert.ThrowsAsync<StoreException>(async () =>
            await store.CommitAsync(new StoreBatch().Append("run", 0, new byte[StoreLimits.MaxRecordBytes + 1])));

        Assert.Contains("blob", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_NameOverTheLimit_SaysSoAndWritesNothing()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);

        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("x")).Append(new string('n', 513), 0, Bytes("a"))));

        Assert.Null(await store.GetAsync("c", "k"));
    }

    [Fact]
    public async Task Commit_CancelledBefore_WritesNothing()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("x")), new CancellationToken(canceled: true)));

        Assert.Null(await store.GetAsync("c", "k"));
    }

    [Fact]
    public async Task Commit_AfterClosing_Throws()
    {
        var store = await LiteDbStore.OpenAsync(_folder.Path);
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.CommitAsync(new StoreBatch()));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.GetAsync("c", "k"));
    }

    [Fact]
    public async Task Commit_ManyWritersAtOnce_KeepsEachLogInOrder()
    {
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { CheckpointBytes = 64 * 1024 }))
        {
            await Parallel.ForAsync(0, 16, async (log, cancellationToken) =>
            {
                for (var i = 0; i < 50; i++)
                    await store.CommitAsync(new StoreBatch { Durable = i % 5 == 0 }.Append($"log{log}", i, Bytes($"{log}:{i}")), cancellationToken);
            });
        }

        await using var again = await LiteDbStore.OpenAsync(_folder.Path);
        for (var log = 0; log < 16; log++)
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{log}:{i}"), await again.TextsAsync($"log{log}"));
    }

    [Fact]
    public async Task Commit_TwoForOnePosition_OneWins()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes($"{i}")));
                return i;
            }
            catch (StoreConflictException)
            {
                return -1;
            }
        }));

        var winner = Assert.Single(outcomes, o => o >= 0);
        Assert.Equal([$"{winner}"], await store.TextsAsync("run"));
    }

    [Fact]
    public async Task Read_WhileTheFirstOfEachKindIsWritten_SeesAllOrNothing()
    {
        for (var i = 0; i < 30; i++)
        {
            await using var store = await LiteDbStore.OpenAsync(Path.Combine(_folder.Path, $"{i}"));
            var writing = Task.Run(async () =>
            {
                await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("x")));
                await store.CommitAsync(new StoreBatch().Put("c", "k", new byte[2_000_000]));
            });
            do
            {
                Assert.InRange((await store.TextsAsync("run")).Count, 0, 1);
                Assert.True(await store.GetAsync("c", "k") is null or { Value.Length: 2_000_000 });
            }
            while (!writing.IsCompleted);
            await writing;
        }
    }

    [Fact]
    public async Task Read_FromAPosition_ReturnsTheRest()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        var batch = new StoreBatch();
        for (var i = 0; i < 300; i++)
            batch.Append("run", i, Bytes($"{i}"));
        await store.CommitAsync(batch);

        Assert.Equal(Enumerable.Range(130, 170).Select(i => $"{i}"), await store.TextsAsync("run", 130));
        Assert.Empty(await store.TextsAsync("run", 300));
        Assert.Empty(await store.TextsAsync("no such run"));
    }

    [Fact]
    public async Task List_KeysOfAllKinds_AreInOrdinalOrder()
    {
        string[] keys = ["a", "B", "b", "ab", "a\0b", "é", "\uFFFF", "\U0001F600", "z", "ß", "İ", "~"];
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        var batch = new StoreBatch().Put("other", "a", Bytes("no"));
        foreach (var key in keys)
            batch.Put("c", key, Bytes(key));
        await store.CommitAsync(batch);

        var ascending = keys.Order(StringComparer.Ordinal).ToList();
        Assert.Equal(ascending, await store.KeysAsync("c"));
        Assert.Equal(ascending.AsEnumerable().Reverse(), await store.KeysAsync("c", descending: true));
        Assert.Equal(ascending.Where(k => k.StartsWith('a')), await store.KeysAsync("c", prefix: "a"));
        Assert.Empty(await store.KeysAsync("none"));
    }

    [Fact]
    public async Task List_MoreThanAPage_ReturnsEachOnce()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        var batch = new StoreBatch();
        for (var i = 0; i < 500; i++)
            batch.Put("c", $"{i:D4}", Bytes("x"));
        await store.CommitAsync(batch);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i:D4}"), await store.KeysAsync("c"));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{499 - i:D4}"), await store.KeysAsync("c", descending: true));
    }

    [Fact]
    public async Task DeleteLog_WithBlobs_RemovesBothAndTheLogStartsAnew()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        var blob = await store.PutBlobAsync("run", new byte[3_000_000]);
        await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("old")).Append("other", 0, Bytes("kept")));

        await store.CommitAsync(new StoreBatch().DeleteLog("run").Append("run", 0, Bytes("new")));

        Assert.Equal(["new"], await store.TextsAsync("run"));
        Assert.Equal(["kept"], await store.TextsAsync("other"));
        await Assert.ThrowsAsync<StoreException>(async () => await store.GetBlobAsync("run", blob));
    }

    [Fact]
    public async Task Delete_ThenPut_StartsAtVersionOne()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("1")).Put("c", "k", Bytes("2")).Delete("c", "k").Delete("c", "none"));
        Assert.Null(await store.GetAsync("c", "k"));

        await store.CommitAsync(new StoreBatch().Put("c", "k", Bytes("3"), expectedVersion: 0));

        Assert.Equal(1, (await store.GetAsync("c", "k"))!.Version);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024 * 1024 + 1)]
    [InlineData(StoreLimits.MaxRecordBytes)]
    public async Task Values_OfAnySize_ReadBack(int size)
    {
        var value = new byte[size];
        new Random(size).NextBytes(value);
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path))
        {
            await store.CommitAsync(new StoreBatch().Append("run", 0, value).Append("run", 1, Bytes("behind")).Put("c", "k", value).Put("c", "ka", Bytes("beside")));
        }

        await using var again = await LiteDbStore.OpenAsync(_folder.Path);
        var records = await again.ReadAsync("run").ToListAsync();
        Assert.True(records[0].Span.SequenceEqual(value));
        Assert.True((await again.GetAsync("c", "k"))!.Value.Span.SequenceEqual(value));
        await again.CommitAsync(new StoreBatch().Delete("c", "k").DeleteLog("run"));
        Assert.Equal(["ka"], await again.KeysAsync("c"));
    }

    [Fact]
    public async Task Blob_AskedForByAnotherLogOrAMadeUpReference_IsRefused()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        var data = new byte[20_000_000];
        new Random(1).NextBytes(data);
        var blob = await store.PutBlobAsync("run", data);
        await store.CommitAsync(new StoreBatch().Append("other", 0, Bytes("x")));

        Assert.True((await store.GetBlobAsync("run", blob)).Span.SequenceEqual(data));
        foreach (var (log, reference) in (ValueTuple<string, string>[])[("other", blob), ("none", blob), ("run", "../x"), ("run", "1-2147483647-0"), ("run", "-1--1-0")])
            await Assert.ThrowsAsync<StoreException>(async () => await store.GetBlobAsync(log, reference));
    }

    [Fact]
    public async Task Open_FileNameWithAFolder_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { FileName = "../x.litedb" }));

    [Fact]
    public async Task Open_NewStore_IsForItsOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
            return;

        var folder = Path.Combine(_folder.Path, "new");
        await using var store = await LiteDbStore.OpenAsync(folder);

        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (var end in (string[])["", "/agentcore.litedb", "/agentcore.litedb-wal", "/agentcore.litedb-sum"])
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder + end) & Others);
    }

    [Fact]
    public async Task Open_FolderThatCannotBeMade_NamesIt()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "x");

        var error = await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(Path.Combine(file, "below")));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }
}
