using AgentCore.Memory;
using AgentCore.Testing;

namespace AgentCore.Tests.Memory;

/// <summary>Memories that fit a query equally well: what was said last holds.</summary>
public sealed class MemoryTiesTests : IAsyncLifetime
{
    private static readonly MemoryScope Mine = MemoryScope.Agent("helper");
    private static readonly MemoryScope Ours = MemoryScope.Team("office");

    private readonly MemoryCheckpointStore _store = new();
    private readonly Clock _clock = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Recall_EqualMatches_GivesTheNewerFirst(bool byMeaning)
    {
        using var vectors = new Vectors();
        var memory = new MemoryStore(_store, new MemoryOptions { Embeddings = byMeaning ? vectors : null });
        var said = Enumerable.Range(1, 8).Select(i => $"The price of a dog is {i}{i}{i}{i}.").ToList();
        foreach (var text in said)
            await memory.RememberAsync(Mine, text, "a");

        var recall = await memory.RecallAsync(Mine, "Which price has the dog?", 8);

        Assert.Equal(Enumerable.Reverse(said), recall.Hits.Select(h => h.Entry.Text));
    }

    [Fact]
    public async Task Recall_MoreEqualMatchesThanAreRanked_GivesTheNewest()
    {
        var memory = new MemoryStore(_store);
        for (var i = 100; i < 160; i++)
            await memory.RememberAsync(Mine, $"The user lives at number {i}.", "a");

        var recall = await memory.RecallAsync(Mine, "Where does the user live?", 2);

        Assert.Equal(["The user lives at number 159.", "The user lives at number 158."], recall.Hits.Select(h => h.Entry.Text));
    }

    [Fact]
    public async Task Recall_EqualMatchesInSeveralScopes_GoByTheirTimes()
    {
        var memory = Memory();
        foreach (var i in Enumerable.Range(1, 5))
            await memory.RememberAsync(Mine, $"The port is {i}{i}{i}{i}.", "a");
        _clock.Now += TimeSpan.FromDays(1);
        await memory.RememberAsync(Ours, "The port is 6666.", "a");
        _clock.Now += TimeSpan.FromDays(1);
        await memory.RememberAsync(Mine, "The port is 7777.", "a");

        var recall = await memory.RecallAsync([Ours, Mine], "Which port is it?", 3);

        Assert.Equal(["The port is 7777.", "The port is 6666.", "The port is 5555."], recall.Hits.Select(h => h.Entry.Text));
    }

    [Fact]
    public async Task Recall_ClockWentBack_GivesWhatWasWrittenLastInItsScopeFirst()
    {
        var memory = Memory();
        await memory.RememberAsync(Mine, "The port is 1111.", "a");
        _clock.Now -= TimeSpan.FromDays(2);
        await memory.RememberAsync(Mine, "The port is 2222.", "a");
        _clock.Now += TimeSpan.FromDays(1);
        await memory.RememberAsync(Ours, "The port is 3333.", "a");

        var recall = await memory.RecallAsync([Ours, Mine], "Which port is it?");

        Assert.Equal(["The port is 2222.", "The port is 1111.", "The port is 3333."], recall.Hits.Select(h => h.Entry.Text));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private MemoryStore Memory() => new(_store, new MemoryOptions { Time = _clock });

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 3, 9, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
