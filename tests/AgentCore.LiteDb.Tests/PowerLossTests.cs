using AgentCore.Checkpoints;
using AgentCore.LiteDb.Files;
using static AgentCore.LiteDb.Tests.StoreText;

namespace AgentCore.LiteDb.Tests;

public sealed class PowerLossTests : IDisposable
{
    private const int FrameSize = 16 + PageStream.PageSize;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(true, "secret")]
    public async Task Open_AfterTheProcessWasKilled_HasEveryAcknowledgedCommit(bool durable, string? password)
    {
        var options = new LiteDbStoreOptions { CheckpointBytes = 300_000, Password = password };
        await using var store = await LiteDbStore.OpenAsync(_folder.Path, options);
        for (var i = 0; i < 60; i++)
        {
            await store.CommitAsync(new StoreBatch { Durable = durable }.Append("run", i, Bytes($"{i}")).Put("c", "last", Bytes($"{i}")));
            if (i % 7 != 0)
                continue;

            using var left = _folder.Copy();
            await using var again = await LiteDbStore.OpenAsync(left.Path, options);
            Assert.Equal(Enumerable.Range(0, i + 1).Select(n => $"{n}"), await again.TextsAsync("run"));
        }
    }

    [Fact]
    public async Task Open_UnsyncedLogCutAnywhere_HasWholeBatchesFromTheStartOn()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        await store.CommitAsync(new StoreBatch { Durable = true }.Append("run", 0, Bytes("0")).Append("twin", 0, Bytes("0")));
        var synced = new FileInfo(_folder.Log).Length;
        for (var i = 1; i < 12; i++)
            await store.CommitAsync(new StoreBatch().Append("run", i, Bytes($"{i}")).Append("twin", i, Bytes($"{i}")));

        var random = new Random(1);
        var end = new FileInfo(_folder.Log).Length;
        for (var i = 0; i < 40; i++)
        {
            using var left = _folder.Copy();
            Cut(left.Log, random.NextInt64(synced, end));
            await using var again = await LiteDbStore.OpenAsync(left.Path);
            await HoldsAPrefix(again);
        }
    }

    [Fact]
    public async Task Open_UnsyncedPagesLostInAnyOrder_HasWholeBatchesFromTheStartOn()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        await store.CommitAsync(new StoreBatch { Durable = true }.Append("run", 0, Bytes("0")).Append("twin", 0, Bytes("0")));
        var synced = new FileInfo(_folder.Log).Length;
        for (var i = 1; i < 12; i++)
            await store.CommitAsync(new StoreBatch().Append("run", i, Bytes($"{i}")).Append("twin", i, Bytes($"{i}")));

        var random = new Random(2);
        var frames = (new FileInfo(_folder.Log).Length - synced) / FrameSize;
        for (var i = 0; i < 40; i++)
        {
            using var left = _folder.Copy();
            for (var lost = 0; lost < 3; lost++)
                Overwrite(left.Log, synced + random.NextInt64(frames) * FrameSize, new byte[FrameSize]);
            await using var again = await LiteDbStore.OpenAsync(left.Path);
            await HoldsAPrefix(again);
        }
    }

    [Fact]
    public async Task Open_SyncedPageOfTheLogDamaged_SaysWhere()
    {
        await using var store = await LiteDbStore.OpenAsync(_folder.Path);
        await store.CommitAsync(new StoreBatch { Durable = true }.Append("run", 0, Bytes("0")));
        var synced = new FileInfo(_folder.Log).Length;
        await store.CommitAsync(new StoreBatch().Append("run", 1, Bytes("1")));

        using var left = _folder.Copy();
        Overwrite(left.Log, synced - 100, [0xAB]);
        var error = await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(left.Path));

        Assert.Contains("damaged at byte", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(0, "secret")]
    [InlineData(1, "secret")]
    public async Task Open_CheckpointCutShort_ReplaysTheLog(int firstDone, string? password)
    {
        var options = new LiteDbStoreOptions { CheckpointBytes = long.MaxValue, Password = password };
        await using var store = await LiteDbStore.OpenAsync(_folder.Path, options);
        for (var i = 0; i < 30; i++)
            await store.CommitAsync(new StoreBatch { Durable = true }.Append("run", i, Bytes($"{i}")));

        using var left = _folder.Copy();
        await using (await LiteDbStore.OpenAsync(left.Path, options))
        {
        }

        // The file as the checkpoint left it in half of its pages, with the log as it was before.
        using var torn = _folder.Copy();
        var done = await File.ReadAllBytesAsync(left.Data);
        for (var page = firstDone; page < done.Length / PageStream.PageSize; page += 2)
            Overwrite(torn.Data, page * PageStream.PageSize, done.AsSpan(page * PageStream.PageSize, PageStream.PageSize).ToArray());
        await using var again = await LiteDbStore.OpenAsync(torn.Path, options);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{i}"), await again.TextsAsync("run"));
    }

    [Fact]
    public async Task Open_OldFramesBehindANewGeneration_AreNotTakenForNew()
    {
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path))
        {
            for (var i = 0; i < 20; i++)
                await store.CommitAsync(new StoreBatch().Append("run", i, Bytes($"{i}")));
        }

        using var old = new TempFolder();
        await using (var store = await LiteDbStore.OpenAsync(_folder.Path))
        {
            await store.CommitAsync(new StoreBatch().Append("run", 20, Bytes("20")));
            using var left = _folder.Copy();
            var log = await File.ReadAllBytesAsync(left.Log);
            await store.CommitAsync(new StoreBatch().Append("run", 21, Bytes("21")));
            await store.DisposeAsync();
            await using var newer = await LiteDbStore.OpenAsync(_folder.Path);
            await newer.CommitAsync(new StoreBatch().Append("run", 22, Bytes("22")));
            using var mixed = _folder.Copy();
            await using (var file = new FileStream(mixed.Log, FileMode.Append))
                await file.WriteAsync(log.AsMemory(16));
            await using var again = await LiteDbStore.OpenAsync(mixed.Path);
            Assert.Equal(Enumerable.Range(0, 23).Select(i => $"{i}"), await again.TextsAsync("run"));
        }
    }

    private static async Task HoldsAPrefix(LiteDbStore store)
    {
        var run = await store.TextsAsync("run");
        Assert.NotEmpty(run);
        Assert.Equal(Enumerable.Range(0, run.Count).Select(n => $"{n}"), run);
        Assert.Equal(run, await store.TextsAsync("twin"));

        await store.CommitAsync(new StoreBatch { Durable = true }.Append("run", run.Count, Bytes("more")));
        Assert.Equal("more", (await store.TextsAsync("run"))[^1]);
    }

    private static void Cut(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.SetLength(length);
    }

    private static void Overwrite(string path, long position, byte[] data)
    {
        using var file = new FileStream(path, FileMode.Open);
        file.Position = position;
        file.Write(data);
    }
}
