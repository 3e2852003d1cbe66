using AgentCore.Checkpoints;
using AgentCore.Plugins;
using static AgentCore.LiteDb.Tests.StoreText;

namespace AgentCore.LiteDb.Tests;

/// <summary>Locks on files hold between two stores of one process as they do between two processes.</summary>
public sealed class SecondProcessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_WhileAnotherWrites_SaysInUse()
    {
        await using (await LiteDbStore.OpenAsync(_folder.Path))
        {
            var error = await Assert.ThrowsAsync<StoreInUseException>(() => LiteDbStore.OpenAsync(_folder.Path));
            Assert.Contains($"'{_folder.Data}' is in use by process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        }

        await using var free = await LiteDbStore.OpenAsync(_folder.Path);
    }

    [Fact]
    public async Task Open_ReadOnlyWithoutAStore_SaysSoAndMakesNothing()
    {
        await Assert.ThrowsAsync<StoreException>(() => LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { ReadOnly = true }));

        Assert.False(File.Exists(_folder.Data));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("secret")]
    public async Task ReadOnly_BesideAWriter_SeesEachCommitAndWritesNothing(string? password)
    {
        await using var writer = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Password = password, CheckpointBytes = 64 * 1024 });
        await using var reader = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { Password = password, ReadOnly = true });
        for (var i = 0; i < 30; i++)
        {
            await writer.CommitAsync(new StoreBatch().Append("run", i, Bytes($"{i}")));
            Assert.Equal(i + 1, (await reader.TextsAsync("run")).Count);
        }

        await Assert.ThrowsAsync<StoreException>(async () => await reader.CommitAsync(new StoreBatch().Append("run", 30, Bytes("x"))));
    }

    [Fact]
    public async Task ReadOnly_DuringCheckpoints_SeesWholeLogs()
    {
        await using var writer = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { CheckpointBytes = 64 * 1024 });
        await writer.CommitAsync(new StoreBatch().Append("run", 0, Bytes("0")));
        await using var reader = await LiteDbStore.OpenAsync(_folder.Path, new LiteDbStoreOptions { ReadOnly = true });
        var writing = Task.Run(async () =>
        {
            for (var i = 1; i < 300; i++)
                await writer.CommitAsync(new StoreBatch().Append("run", i, Bytes($"{i}")));
        });

        while (!writing.IsCompleted)
        {
            var seen = await reader.TextsAsync("run");
            Assert.Equal(Enumerable.Range(0, seen.Count).Select(n => $"{n}"), seen);
        }

        await writing;
        Assert.Equal(300, (await reader.TextsAsync("run")).Count);
    }

    [Fact]
    public async Task Shared_TwoStores_WriteInTurns()
    {
        var options = new LiteDbStoreOptions { Shared = true };
        await using var one = await LiteDbStore.OpenAsync(_folder.Path, options);
        await using var two = await LiteDbStore.OpenAsync(_folder.Path, options);
        await Task.WhenAll(Write(one, "one"), Write(two, "two"));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), await one.TextsAsync("two"));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), await two.TextsAsync("one"));
        await Assert.ThrowsAsync<StoreConflictException>(async () => await two.CommitAsync(new StoreBatch().Append("one", 0, Bytes("x"))));

        static async Task Write(LiteDbStore store, string log)
        {
            for (var i = 0; i < 20; i++)
                await store.CommitAsync(new StoreBatch { Durable = true }.Append(log, i, Bytes($"{i}")));
        }
    }

    [Fact]
    public async Task Plugin_SharedLocation_LetsTwoWrite()
    {
        var registry = new PluginRegistry();
        registry.Load(new LiteDbPlugin());
        var location = new StoreLocation(_folder.Path) { Shared = true, Durability = StoreDurability.ProcessEndOnly };
        await using var one = await registry.Stores["litedb"](location, default);
        await using var two = await registry.Stores["litedb"](location, default);
        await one.CommitAsync(new StoreBatch().Append("run", 0, Bytes("1")));
        await two.CommitAsync(new StoreBatch().Append("run", 1, Bytes("2")));
        await using var reader = await registry.Stores["litedb"](location with { ReadOnly = true }, default);

        Assert.Equal(["1", "2"], await reader.TextsAsync("run"));
    }

    [Fact]
    public async Task Plugin_OpensTheStoreThatItRegistered()
    {
        var registry = new PluginRegistry();
        registry.Load(new LiteDbPlugin());
        var open = registry.Stores["litedb"];
        await using (var store = await open(new StoreLocation(_folder.Path, EncryptionKey: "secret"), default))
        {
            Assert.Equal("litedb", store.Kind);
            await store.CommitAsync(new StoreBatch().Append("run", 0, Bytes("x")));
        }

        await using var readOnly = await open(new StoreLocation(_folder.Path, ReadOnly: true, EncryptionKey: "secret"), default);
        Assert.Equal(["x"], await readOnly.TextsAsync("run"));
    }
}
