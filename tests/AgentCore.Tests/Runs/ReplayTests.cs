using AgentCore.Agents;
using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Tests.Runs;

public sealed class ReplayTests : IAsyncLifetime
{
    private readonly MemoryCheckpointStore _store = new();
    private int _effects;

    [Fact]
    public async Task Replay_FinishedRun_IsTheSameAndCallsNothing()
    {
        var run = Agent("a", "b").Execute("x", Kept);

        var replay = await Agent("a", "b").ReplayAsync(run.RunId!, Kept);

        Assert.True(replay.IsSame, replay.Difference);
        Assert.Equal((2, 2), (replay.Steps, _effects));
    }

    [Fact]
    public async Task Replay_ChangedStep_NamesTheFirstDifference()
    {
        var run = Agent("a", "b").Execute("x", Kept);

        var replay = await Agent("a", "c").ReplayAsync(run.RunId!, Kept);

        Assert.Contains("Step 1 of the journal is step 'b', but the agent now asks for step 'c'", replay.Difference, StringComparison.Ordinal);
        Assert.Equal(2, _effects);
    }

    [Fact]
    public async Task Replay_AgentGoesOn_SaysThatTheJournalEnds()
    {
        var run = Agent("a").Execute("x", Kept);

        var replay = await Agent("a", "b").ReplayAsync(run.RunId!, Kept);

        Assert.Contains("The journal ends before step 1", replay.Difference, StringComparison.Ordinal);
        Assert.Equal(1, _effects);
    }

    [Fact]
    public async Task Replay_ChangedOutput_TellsBoth()
    {
        var run = Agent("a").Execute("x", Kept);

        var replay = await new Sync(c => { c.Step("a", null, () => 0); return AgentResult.Done("other"); }).ReplayAsync(run.RunId!, Kept);

        Assert.Contains("'other'", replay.Difference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_FailedRun_FailsTheSameWay()
    {
        Sync Failing() => new(c => { Agent("a"); c.Step("a", null, () => ++_effects > 0 ? throw new IOException("net") : 0); return AgentResult.Done(""); },
            new AgentOptions { Retry = new RetryOptions { Delay = TimeSpan.Zero } });
        var run = Failing().Execute("x", Kept);

        var replay = await Failing().ReplayAsync(run.RunId!, Kept);

        Assert.True(replay.IsSame, replay.Difference);
        Assert.Equal((RunStatus.Failed, "net", 1), (replay.Replayed.Status, replay.Replayed.Error!.Message, _effects));
    }

    [Fact]
    public async Task Replay_KilledAfterAnEmptyReply_IsTheSame()
    {
        // The commits: the run's begin, the empty reply; the one after it is lost.
        var faulty = new FaultyCheckpointStore(_store, (n, _) => n == 2 ? StoreFault.NotDone : StoreFault.None);
        using var agent = ChatAgent.Create("a", new ScriptedChatClient("", "rain")).Build();
        await agent.ExecuteAsync("weather?", new RunOptions { Store = faulty, NewRunId = "killed" });

        var replay = await agent.ReplayAsync("killed", Kept);

        Assert.True(replay.IsSame, replay.Difference);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private RunOptions Kept => new() { Store = _store };

    private Sync Agent(params string[] steps) => new(c =>
    {
        foreach (var step in steps)
            c.Step(step, null, () => ++_effects);
        return AgentResult.Done("done");
    });
}
