using System.Text;
using AgentCore.Checkpoints;
using AgentCore.Memory;
using AgentCore.Testing;

namespace AgentCore.Tests.Memory;

/// <summary>The document that counts a scope's memories.</summary>
public sealed class MemoryCountersTests : IAsyncLifetime
{
    private static readonly MemoryScope Mine = MemoryScope.Agent("helper");

    private readonly MemoryCheckpointStore _store = new();

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"next":"x"}""")]
    public async Task Write_DamagedCounters_SaysWhereAndDeletingThemHelps(string counters)
    {
        var memory = new MemoryStore(_store);
        await memory.RememberAsync(Mine, "first", "a");
        var second = await memory.RememberAsync(Mine, "second", "a");
        await _store.CommitAsync(new StoreBatch().Put("memory.scopes", "agent/helper", Encoding.UTF8.GetBytes(counters)));

        foreach (var write in new Func<Task>[] { () => memory.RememberAsync(Mine, "third", "a"), () => memory.ForgetAsync(Mine, second.Id) })
        {
            var error = await Assert.ThrowsAsync<StoreException>(write);
            Assert.Contains("delete document 'agent/helper' of collection 'memory.scopes'", error.Message, StringComparison.Ordinal);
        }

        await _store.CommitAsync(new StoreBatch().Delete("memory.scopes", "agent/helper"));
        Assert.Equal(3, (await memory.RememberAsync(Mine, "third", "a")).Number);
        Assert.Equal(["third", "second", "first"], (await memory.ListAsync(Mine)).Select(e => e.Text));
    }

    [Fact]
    public async Task Remember_CountersWereDeleted_KeepsToTheBound()
    {
        var memory = new MemoryStore(_store, new MemoryOptions { MaxEntries = 2 });
        await memory.RememberAsync(Mine, "first", "a");
        await memory.RememberAsync(Mine, "second", "a");
        await _store.CommitAsync(new StoreBatch().Delete("memory.scopes", "agent/helper"));

        await memory.RememberAsync(Mine, "third", "a");

        Assert.Equal(["third", "second"], (await memory.ListAsync(Mine)).Select(e => e.Text));
    }

    [Fact]
    public async Task Forget_DamagedMemoryWithoutCounters_ForgetsIt()
    {
        var memory = new MemoryStore(_store);
        await memory.RememberAsync(Mine, "first", "a");
        await memory.RememberAsync(Mine, "second", "a");
        var damaged = await memory.RememberAsync(Mine, "third", "a");
        await _store.CommitAsync(new StoreBatch().Put(Mine.Collection, damaged.Id, "{"u8.ToArray()).Delete("memory.scopes", "agent/helper"));
        await Assert.ThrowsAsync<StoreException>(() => memory.ListAsync(Mine));

        Assert.True(await memory.ForgetAsync(Mine, damaged.Id));
        Assert.False(await memory.ForgetAsync(Mine, damaged.Id));

        Assert.Equal(3, (await memory.RememberAsync(Mine, "fourth", "a")).Number);
        Assert.Equal(["fourth", "second", "first"], (await memory.ListAsync(Mine)).Select(e => e.Text));
    }

    [Fact]
    public async Task Forget_SeveralDamagedMemoriesWithoutCounters_KeepsToTheBound()
    {
        var memory = new MemoryStore(_store, new MemoryOptions { MaxEntries = 2 });
        var first = await memory.RememberAsync(Mine, "first", "a");
        var second = await memory.RememberAsync(Mine, "second", "a");
        await _store.CommitAsync(new StoreBatch()
            .Put(Mine.Collection, first.Id, "{"u8.ToArray())
            .Put(Mine.Collection, second.Id, "null"u8.ToArray())
            .Delete("memory.scopes", "agent/helper"));

        Assert.True(await memory.ForgetAsync(Mine, first.Id));
        Assert.True(await memory.ForgetAsync(Mine, second.Id));

        Assert.Empty(await memory.ListAsync(Mine));
        foreach (var text in new[] { "third", "fourth", "fifth" })
            await memory.RememberAsync(Mine, text, "a");
        Assert.Equal(["fifth", "fourth"], (await memory.ListAsync(Mine)).Select(e => e.Text));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();
}
