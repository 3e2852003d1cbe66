using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Memory;
using AgentCore.Testing;

namespace AgentCore.Tests.Memory;

/// <summary>Under which names and ids memories are kept.</summary>
public sealed class MemoryIdentityTests : IAsyncLifetime
{
    private static readonly MemoryScope Mine = MemoryScope.Agent("helper");

    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public async Task Remember_AuthorAndTextThatJoinAlike_AreTwoMemories()
    {
        var memory = new MemoryStore(_store);

        await memory.RememberAsync(Mine, "b\nc", "a");
        await memory.RememberAsync(Mine, "c", "a\nb");
        await memory.RememberAsync(Mine, "c", "a\nb");

        Assert.Equal([("a\nb", "c", 2L), ("a", "b\nc", 1L)], (await memory.ListAsync(Mine)).Select(e => (e.Author, e.Text, e.Version)));
    }

    [Theory]
    [InlineData("a", "c", "9e58d7137c654f52")]
    [InlineData("a\nb", "c", "ea7fb08b7a2dc461")]
    public async Task Remember_MemoryOfAnEarlierBuild_IsTheSameOne(string author, string text, string id)
    {
        var stored = new StoredMemory(text, author, ["old"], DateTimeOffset.UnixEpoch, 1);
        await _store.CommitAsync(new StoreBatch()
            .Put("memory/agent/helper", id, stored.Write())
            .Put("memory.scopes", "agent/helper", """{"next":2,"count":1}"""u8.ToArray()));

        var again = await new MemoryStore(_store).RememberAsync(Mine, text, author, ["new"]);

        Assert.Equal((id, 2L), (again.Id, again.Version));
        Assert.Equal(["new", "old"], again.Tags);
    }

    [Fact]
    public async Task Remember_SessionWithTheLongestId_IsKeptInAScopeOfItsOwn()
    {
        var memory = new MemoryStore(_store);
        var session = new AgentSession(new string('s', 500));
        var other = new AgentSession(new string('s', 499) + "t");

        await memory.RememberAsync(MemoryScope.Session(session.Id), "a fact", "a");
        await memory.RememberAsync(MemoryScope.Session(other.Id), "another", "a");

        var kept = Assert.Single(await memory.ListAsync(MemoryScope.Session(session.Id)));
        Assert.Equal(("a fact", $"session/{session.Id}"), (kept.Text, kept.Scope));
        Assert.True(await memory.ForgetAsync(MemoryScope.Session(session.Id), kept.Id));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();
}
