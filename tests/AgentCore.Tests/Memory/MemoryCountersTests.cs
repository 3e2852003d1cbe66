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

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();
}
