using AgentCore.Checkpoints;
using AgentCore.Tests.Checkpoints.Disk;

namespace AgentCore.Tests.Checkpoints;

public class FileStoreWriteTests : StoreTest
{
    [Fact]
    public async Task Commit_SyncFails_StopsAllWritesAndIsNotTriedAgain()
    {
        var disk = new SimulatedDisk();
        var store = await OpenOn(disk);
        await store.CommitAsync(Durable.Append("a", 0, Bytes("0")));
        disk.SyncFailsFrom = disk.Operations + 1;
        var failed = await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(Durable.Append("a", 1, Bytes("1"))));
        Assert.Contains("Input/output error", failed.Message, StringComparison.Ordinal);

        var syncs = disk.Syncs;
        var refused = await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(new StoreBatch().Append("a", 1, Bytes("1"))));
        Assert.Contains("takes no more writes since one failed", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreException>(async () => await store.PutBlobAsync("a", Bytes("x")));
        await store.DisposeAsync();
        Assert.Equal(syncs, disk.Syncs);

        disk.EndProcess();
        await using var again = await OpenOn(disk);
        Assert.StartsWith("0", await Records(again, "a"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_DiskFull_LosesNothingAcknowledgedAndGoesOnWhenThereIsRoom()
    {
        var disk = new SimulatedDisk();
        var store = await OpenOn(disk);
        await store.CommitAsync(Durable.Append("a", 0, Bytes("0")));
        disk.Room = 1000;
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(Durable.Append("a", 1, new byte[5000])));
        Assert.Contains("The disk is full: make room", error.Message, StringComparison.Ordinal);
        await store.DisposeAsync();

        // Reading needs no room.
        await using (var reader = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = "/s", Files = disk, ReadOnly = true }))
            Assert.Equal("0", await Records(reader, "a"));
        disk.Room = null;
        await using var again = await OpenOn(disk);
        Assert.True(again.Report.TornBytes > 0);
        await again.CommitAsync(Durable.Append("a", 1, Bytes("1")));
        Assert.Equal("0,1", await Records(again, "a"));
    }

    [Fact]
    public async Task Commit_ManyWhileOneSyncs_ShareTheNextSync()
    {
        var disk = new SimulatedDisk();
        await using var store = await OpenOn(disk);
        using var started = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        disk.BeforeSync = () =>
        {
            started.Set();
            goOn.Wait();
        };
        var before = disk.Syncs;
        var first = Task.Run(() => store.CommitAsync(Durable.Append("a", 0, Bytes("0"))).AsTask());
        started.Wait();
        var others = Enumerable.Range(1, 63).Select(i => store.CommitAsync(Durable.Append("a", i, Bytes($"{i}"))).AsTask()).ToArray();
        goOn.Set();
        await Task.WhenAll([first, .. others]);
        Assert.Equal(2, disk.Syncs - before);
        disk.BeforeSync = null;
    }

    [Fact]
    public async Task Commit_NotDurable_IsAcknowledgedWithoutASync()
    {
        var disk = new SimulatedDisk();
        await using var store = await OpenOn(disk);
        var before = disk.Syncs;
        for (var i = 0; i < 10; i++)
            Assert.True(store.CommitAsync(new StoreBatch().Append("a", i, Bytes("x"))).AsTask().IsCompletedSuccessfully);
        Assert.Equal(before, disk.Syncs);
        await store.CommitAsync(Durable);
        Assert.Equal(before + 1, disk.Syncs);
    }

    [Fact]
    public async Task Commit_ProcessEndOnly_NeverSyncsForABatch()
    {
        var disk = new SimulatedDisk();
        await using var store = await FileCheckpointStore.OpenAsync(
            new FileStoreOptions { Folder = "/s", Files = disk, Durability = StoreDurability.ProcessEndOnly });
        var before = disk.Syncs;
        await store.CommitAsync(Durable.Append("a", 0, Bytes("x")));
        Assert.Equal(before, disk.Syncs);
    }

    [Fact]
    public async Task Commit_CancelledWhileItWaits_MayStillTakeEffect()
    {
        var disk = new SimulatedDisk();
        await using var store = await OpenOn(disk);
        using var started = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        disk.BeforeSync = () =>
        {
            started.Set();
            goOn.Wait();
        };
        using var stop = new CancellationTokenSource();
        var commit = store.CommitAsync(Durable.Append("a", 0, Bytes("0")), stop.Token).AsTask();
        started.Wait();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        disk.BeforeSync = null;
        goOn.Set();
        await store.CommitAsync(Durable.Append("a", 1, Bytes("1")));
        Assert.Equal("0,1", await Records(store, "a"));
    }

    [Fact]
    public async Task Read_LogDeletedMeanwhile_SaysSo()
    {
        await using var store = await Open();
        await store.CommitAsync(new StoreBatch().Append("a", 0, Bytes("0")).Append("a", 1, Bytes("1")));
        var error = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await foreach (var record in store.ReadAsync("a"))
                await store.CommitAsync(new StoreBatch().DeleteLog("a"));
        });
        Assert.Contains("was deleted while it was read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commit_BatchAboveTheLimit_IsRefused()
    {
        await using var store = await Open();
        var batch = new StoreBatch();
        var record = new byte[StoreLimits.MaxRecordBytes];
        for (var i = 0; i < 5; i++)
            batch.Append("a", i, record);
        await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(batch));
        Assert.Equal("", await Records(store, "a"));
    }

    [Fact]
    public async Task PutBlob_LogNeverWritten_IsRemovedAtTheNextOpening()
    {
        await using (var store = await Open())
        {
            await store.PutBlobAsync("never", Bytes("orphan"));
            var kept = await store.PutBlobAsync("a", Bytes("kept"));
            await store.CommitAsync(Durable.Append("a", 0, Bytes(kept)));
        }
        await using var again = await Open();
        Assert.Equal(1, again.Report.RemovedFiles);
        Assert.Single(Directory.GetFiles(Path.Combine(Folder, "blobs"), "*", SearchOption.AllDirectories));
        Assert.Equal("kept", System.Text.Encoding.UTF8.GetString((await again.GetBlobAsync("a", await Records(again, "a"))).Span));
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("0123456789abcdef0123456789abcde/")]
    public async Task GetBlob_ReferenceThatIsAPath_IsRefused(string reference)
    {
        await using var store = await Open();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.GetBlobAsync("a", reference));
    }

    private static ValueTask<FileCheckpointStore> OpenOn(SimulatedDisk disk) =>
        FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = "/s", Files = disk });
}
