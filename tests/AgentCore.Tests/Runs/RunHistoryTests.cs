using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Tests.Runs;

public sealed class RunHistoryTests
{
    private readonly MemoryCheckpointStore _store = new();

    private RunHistory History => new(_store);

    [Fact]
    public async Task Fork_RunWithLabels_KeepsThem()
    {
        var labels = new Dictionary<string, string> { ["inputs"] = "/docs", ["budget"] = "100" };
        var run = await Answers("x").ExecuteAsync("x", new RunOptions { Store = _store, Labels = labels });

        var fork = await History.FindAsync(await History.ForkAsync(run.RunId!, 1));
        await Answers("y").ResumeAsync(fork.Id, new RunOptions { Store = _store });

        Assert.Equal(labels, fork.Labels);
        Assert.Equal(labels, (await History.FindAsync(fork.Id)).Labels);
    }

    private static Async Answers(string text) => new(_ => Task.FromResult(AgentResult.Done(text)));
}
