using System.Text;
using AgentCore.Checkpoints;
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

    [Fact]
    public async Task List_SummaryThatCantBeRead_IsShownAsUnknownBesideTheOthers()
    {
        var run = await Answers("x").ExecuteAsync("x", new RunOptions { Store = _store });
        var summary = Encoding.UTF8.GetString((await _store.GetAsync("runs", run.RunId!))!.Value.Span);
        await _store.CommitAsync(new StoreBatch()
            .Put("runs", "2999-newer", Encoding.UTF8.GetBytes(summary.Replace("\"Done\"", "\"Paused\"", StringComparison.Ordinal)))
            .Put("runs", "2999-damaged", "{}"u8.ToArray()));

        var all = await ListAsync();
        var failed = await ListAsync(RunStatus.Failed);
        var error = await Assert.ThrowsAsync<StoreException>(() => History.FindAsync("2999-newer"));

        Assert.Equal(["2999-newer", "2999-damaged", run.RunId!], all.Select(r => r.Id));
        Assert.Equal("(unknown)", all[0].Agent);
        Assert.All([error.Message, all[0].Note], m => Assert.Contains("2999-newer is damaged, or of a newer version", m!, StringComparison.Ordinal));
        Assert.Empty(failed);
    }

    private static Async Answers(string text) => new(_ => Task.FromResult(AgentResult.Done(text)));

    private async Task<List<RunSummary>> ListAsync(RunStatus? status = null)
    {
        var runs = new List<RunSummary>();
        await foreach (var run in History.ListAsync(status))
            runs.Add(run);
        return runs;
    }
}
