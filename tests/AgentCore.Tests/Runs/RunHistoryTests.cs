using System.Text;
using System.Text.Json;
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

    [Fact]
    public async Task Decide_LastThatARunWaitsFor_TakesItOffTheListOfThoseThatWait()
    {
        using var agent = new Async(async c => AgentResult.Done(string.Join(' ', await c.ParallelAsync<string>(
            [b => b.AskPersonAsync("first", "First name?"), b => b.AskPersonAsync("last", "Last name?")]))));
        var waiting = await agent.ExecuteAsync("x", new RunOptions { Store = _store, Decider = new NobodyForBoth() });
        Assert.Equal(2, waiting.Pending.Count);

        await AnswerAsync(waiting, "first", "Ann");
        var one = await History.ReadAsync(waiting.RunId!);
        await AnswerAsync(waiting, "last", "Lee");
        var none = await History.ReadAsync(waiting.RunId!);

        Assert.Equal((RunStatus.NeedsDecision, "last"), (one.Summary.Status, Assert.Single(one.Pending).Name));
        Assert.Equal((RunStatus.Running, 0), (none.Summary.Status, none.Pending.Count));
        Assert.Empty(await ListAsync(RunStatus.NeedsDecision));
        Assert.Equal("Ann Lee", (await agent.ResumeAsync(waiting.RunId!, new RunOptions { Store = _store })).EnsureDone().Output);
        Assert.Null((await History.FindAsync(waiting.RunId!)).Note);
    }

    [Fact]
    public async Task Decide_Scope_SaysThatOnlyStepsAreDecidedOn()
    {
        using var outer = new Async(async c => await c.RunAgentAsync(Answers("x"), "x"));
        var run = await outer.ExecuteAsync("x", new RunOptions { Store = _store });

        var error = await Assert.ThrowsAsync<ArgumentException>(() => History.DecideAsync(run.RunId!, "0", new Decision(Verdict.Done, "me")));

        Assert.Contains("is the agent 'async', and only steps are decided on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_TaskWithAnEmojiWhereItIsCut_HasNoHalfOfIt()
    {
        await Answers("x").ExecuteAsync(new string('a', 199) + "😀 and more", new RunOptions { Store = _store });

        Assert.Equal(new string('a', 199), (await ListAsync())[0].Input);
    }

    private Task AnswerAsync(AgentResult waiting, string question, string answer) => History.DecideAsync(
        waiting.RunId!, waiting.Pending.Single(p => p.Name == question).Step, new Decision(Verdict.Answer, "me") { Result = JsonSerializer.SerializeToElement(answer) });

    private static Async Answers(string text) => new(_ => Task.FromResult(AgentResult.Done(text)));

    /// <summary>Answers nothing, once two are asked.</summary>
    private sealed class NobodyForBoth : IDecider
    {
        private readonly TaskCompletionSource _both = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public async ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _asked) == 2)
                _both.SetResult();
            await _both.Task;
            return null;
        }
    }

    private async Task<List<RunSummary>> ListAsync(RunStatus? status = null)
    {
        var runs = new List<RunSummary>();
        await foreach (var run in History.ListAsync(status))
            runs.Add(run);
        return runs;
    }
}
