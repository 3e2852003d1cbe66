using AgentCore.Checkpoints;
using AgentCore.LiteDb.Files;
using static AgentCore.LiteDb.Tests.StoreText;

namespace AgentCore.LiteDb.Tests;

/// <summary>Lock files that are held, and such as can't be had.</summary>
public sealed class StoreLockTests : IDisposable
{
    // No test waits that long unless it fails.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(".readers", false)]
    [InlineData(".readers", true)]
    [InlineData(".writer", false)]
    [InlineData(".writer", true)]
    public async Task Open_LockFileThatCantBeMade_IsAnErrorAndNoWait(string suffix, bool shared)
    {
        if (OperatingSystem.IsWindows())
            return;

        LeadNowhere(suffix);

        var error = await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Shared = shared }).WaitAsync(Patience));

        Assert.Contains(_folder.Data + suffix, error.Message, StringComparison.Ordinal);
        Assert.Contains("Mend that, then open the store again", error.Message, StringComparison.Ordinal);
    }

    // A checkpoint that can't be made now is no failed write.
    [Fact]
    public async Task Commit_CheckpointLockCantBeHadOnce_FurtherWritesAreTaken()
    {
        if (OperatingSystem.IsWindows())
            return;

        await using var store = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { CheckpointBytes = 64 * 1024 });
        File.Delete(_folder.Data + ".readers");
        LeadNowhere(".readers");
        await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes(new string('a', 200_000))));
        File.Delete(_folder.Data + ".readers");

        await store.CommitAsync(new StoreBatch().Append("run", 1, Bytes("b")));

        Assert.Equal(2, (await store.TextsAsync("run")).Count);
    }

    [Theory]
    [InlineData(".readers")]
    [InlineData(".writer")]
    public async Task SharedCommit_LockCantBeHadOnce_NextCommitIsWritten(string suffix)
    {
        if (OperatingSystem.IsWindows())
            return;

        await using var store = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Shared = true });
        File.Delete(_folder.Data + suffix);
        LeadNowhere(suffix);
        await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("a"))).AsTask().WaitAsync(Patience));
        File.Delete(_folder.Data + suffix);

        await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("b"))).AsTask().WaitAsync(Patience);

        Assert.Equal(["b"], await store.TextsAsync("run"));
    }

    [Fact]
    public async Task Read_LockFileThatCantBeMade_ReadsWithout()
    {
        if (OperatingSystem.IsWindows())
            return;

        await using (var store = await LiteDbStore.OpenAsync(_folder.Path))
            await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("a")));

        // A name that is short enough for the store's own files, and too long for the lock's.
        var name = new string('n', 251);
        foreach (var suffix in (string[])["", "-wal", "-sum"])
            File.Move(_folder.Data + suffix, Path.Combine(_folder.Path, name + suffix));

        await using var reader = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { FileName = name, ReadOnly = true }).WaitAsync(Patience);

        Assert.Equal(["a"], await reader.TextsAsync("run"));
    }

    [Fact]
    public async Task Read_WhileACheckpointGoesOn_WaitsUntilItIsCancelled()
    {
        await using (await LiteDbStore.OpenAsync(_folder.Path))
        {
        }

        using var held = StoreLock.TakeCheckpoint(_folder.Data, CancellationToken.None);
        using var source = new CancellationTokenSource();
        var opening = LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { ReadOnly = true }, source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.WaitAsync(Patience));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Commit_CancelledWhileAnotherWrites_IsNeverWritten(bool beforeAnother)
    {
        var store = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Shared = true });
        using var source = new CancellationTokenSource();
        Task? other = null;
        using (StoreLock.TakeWriter(_folder.Data, wait: true, CancellationToken.None))
        {
            var commit = store.CommitAsync(new StoreBatch().Append("given up", 0, Bytes("a")), source.Token).AsTask();
            if (beforeAnother)
                other = store.CommitAsync(new StoreBatch().Append("kept", 0, Bytes("b"))).AsTask();
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
            if (!beforeAnother)
                await store.DisposeAsync().AsTask().WaitAsync(Patience);
        }

        if (other is not null)
            await other.WaitAsync(Patience);
        await store.DisposeAsync();
        await using var reader = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { ReadOnly = true });
        Assert.Empty(await reader.TextsAsync("given up"));
        Assert.Equal(beforeAnother ? 1 : 0, (await reader.TextsAsync("kept")).Count);
    }

    [Fact]
    public async Task PutBlob_CancelledWhileAnotherWrites_Ends()
    {
        var store = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Shared = true });
        using var source = new CancellationTokenSource();
        using var held = StoreLock.TakeWriter(_folder.Data, wait: true, CancellationToken.None);

        var put = store.PutBlobAsync("run", Bytes("a"), source.Token).AsTask();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put.WaitAsync(Patience));
        await store.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    // A link to itself: an error that is none of rights, as a read-only file system's is.
    private void LeadNowhere(string suffix) => File.CreateSymbolicLink(_folder.Data + suffix, _folder.Data + suffix);
}
