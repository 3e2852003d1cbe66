using AgentCore.Runs;
using AgentCore.Teams;
using AgentCore.Testing;
using AgentCore.Tests.Teams;

namespace AgentCore.Tests.Runs;

/// <summary>A run ends when it is cancelled or its time is up, whatever its code does.</summary>
public sealed class LeftBehindTests : IAsyncLifetime
{
    private readonly MemoryCheckpointStore _store = new();
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _entered = new();
    private readonly TaskCompletionSource _release = new();

    [Fact]
    public async Task Execute_IgnoresItsToken_EndsWithItsTimeout()
    {
        using var agent = new Async(HangAsync, new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time });

        var result = await EndAsync(agent.ExecuteAsync("x"));

        Assert.Equal((RunStatus.Limited, StopKind.MaxTime), (result.Status, result.Stop!.Kind));
        Assert.Contains("AgentOptions.Timeout", result.Stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_IgnoresItsToken_EndsWhenCancelled()
    {
        using var cancel = new CancellationTokenSource();
        using var agent = new Async(HangAsync, new AgentOptions { Time = _time });

        var run = agent.ExecuteAsync("x", cancel.Token);
        await CancelAsync(cancel);

        Assert.Equal(RunStatus.Cancelled, (await EndAsync(run)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_SynchronousCodeBlocksItsThread_IsKeptAsCancelled(bool resumes)
    {
        using var blocked = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var options = new RunOptions { Store = _store };
        var breaks = resumes;
        using var agent = new Sync(
            c => c.Step("wait", null, () =>
            {
                if (breaks)
                    throw new IOException("gone");
                _entered.TrySetResult();
                blocked.Wait();
                return AgentResult.Done("late");
            }, StepOptions.Repeat),
            new AgentOptions { Time = _time });
        var failed = resumes ? await agent.ExecuteAsync("x", options) : null;
        breaks = false;

        var run = failed is null ? agent.ExecuteAsync("x", options, cancel.Token) : agent.ResumeAsync(failed.RunId!, options, cancel.Token);
        await CancelAsync(cancel);
        var result = await EndAsync(run);
        blocked.Set();

        Assert.Equal(RunStatus.Cancelled, result.Status);
        Assert.Equal(RunStatus.Cancelled, (await new RunHistory(_store).FindAsync(result.RunId!)).Status);
    }

    [Fact]
    public async Task Execute_SynchronousCodeThatWasLeftBehindCallsItsOwnAgent_IsRefusedAndGivesItsTurnBack()
    {
        using var blocked = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var again = new TaskCompletionSource<Exception?>();
        var first = true;
        Sync? agent = null;
        agent = new Sync(
            _ =>
            {
                if (!first)
                    return AgentResult.Done("second");
                first = false;
                _entered.TrySetResult();
                blocked.Wait();
                again.SetResult(Record.Exception(() => agent!.Execute("again")));
                return AgentResult.Done("late");
            },
            new AgentOptions { Time = _time });

        using (agent)
        {
            var run = agent.ExecuteAsync("x", cancel.Token);
            await CancelAsync(cancel);
            await EndAsync(run);
            blocked.Set();

            Assert.Contains("within its own run", Assert.IsType<InvalidOperationException>(await again.Task).Message, StringComparison.Ordinal);
            Assert.Equal("second", (await agent.ExecuteAsync("y")).EnsureDone().Output);
        }
    }

    [Fact]
    public async Task Execute_SynchronousAgentBlocksAsItIsInitialised_EndsWhenCancelled()
    {
        using var blocked = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        using var agent = new BlockingStart(() =>
        {
            _entered.TrySetResult();
            blocked.Wait();
        }, new AgentOptions { Time = _time });

        var run = agent.ExecuteAsync("x", cancel.Token);
        await CancelAsync(cancel);
        var result = await EndAsync(run);
        blocked.Set();

        Assert.Equal(RunStatus.Cancelled, result.Status);
    }

    [Fact]
    public async Task RunAgent_NestedAgentIgnoresItsToken_EndsWithItsOwnTimeoutAndTheCallerGoesOn()
    {
        using var inner = new Async(HangAsync, new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time }, name: "inner");
        using var outer = new Async(async c => AgentResult.Done((await c.RunAgentAsync(inner, "x")).Status.ToString()), new AgentOptions { Time = _time }, name: "outer");

        Assert.Equal("Limited", (await EndAsync(outer.ExecuteAsync("x"))).EnsureDone().Output);
    }

    [Fact]
    public async Task RunAgent_StillInCodeThatWasLeftBehind_LimitedInItsTimeAndReplaysSo()
    {
        using var inner = new Async(HangAsync, new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time }, name: "inner");
        using var outer = new Async(async c =>
        {
            await c.RunAgentAsync(inner, "hang");
            var second = await c.RunAgentAsync(inner, "again");
            return AgentResult.Done($"{second.Status}: {second.Stop!.Message}");
        }, new AgentOptions { Time = _time }, name: "outer");

        var result = await EndAsync(outer.ExecuteAsync("x", new RunOptions { Store = _store }));

        Assert.StartsWith("Limited: Agent 'inner' is still busy with a run that was left behind", result.EnsureDone().Output, StringComparison.Ordinal);
        Assert.Contains("AgentOptions.Timeout, 00:01:00", result.Output, StringComparison.Ordinal);
        _release.SetResult();
        Assert.True((await outer.ReplayAsync(result.RunId!, new RunOptions { Store = _store })).IsSame);
    }

    [Fact]
    public async Task RunAgent_StillInBlockedCodeThatATeamLeftBehind_LimitedInItsTime()
    {
        using var blocked = new ManualResetEventSlim();
        using var inner = new Sync(_ =>
        {
            _entered.TrySetResult();
            blocked.Wait();
            return AgentResult.Done("late");
        }, new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time }, name: "inner");
        using var team = new Team(
            new AgentMetadata("t"), new RoundRobinProtocol(), [inner], new TeamOptions { Limits = new TeamLimits { MaxTurns = 1, MaxTurnTime = TimeSpan.FromSeconds(30) } },
            new AgentOptions { Time = _time });
        using var outer = new Async(async c => AgentResult.Done((await c.RunAgentAsync(inner, "again")).Stop!.Message), new AgentOptions { Time = _time }, name: "outer");
        await EndAsync(team.ExecuteAsync("x"));

        var result = await EndAsync(outer.ExecuteAsync("x"));
        blocked.Set();

        Assert.Contains("still busy with a run that was left behind", result.EnsureDone().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_StillInCodeThatWasLeftBehind_LimitedInItsTime()
    {
        using var agent = new Async(HangAsync, new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time });
        await EndAsync(agent.ExecuteAsync("first"));

        var second = await EndAsync(agent.ExecuteAsync("second"));

        Assert.Equal(RunStatus.Limited, second.Status);
        Assert.Contains("still busy with a run that was left behind", second.Stop!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_WaitsForRunsLongerThanItsTimeout_IsRun()
    {
        TaskCompletionSource[] begun = [new(), new(), new()];
        TaskCompletionSource[] ends = [new(), new(), new()];
        using var agent = new Async(async c =>
        {
            var place = int.Parse(c.Task.Input, System.Globalization.CultureInfo.InvariantCulture);
            begun[place].SetResult();
            await ends[place].Task;
            return AgentResult.Done(c.Task.Input);
        }, new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time });
        var runs = Enumerable.Range(0, 3).Select(i => agent.ExecuteAsync($"{i}")).ToList();

        for (var i = 0; i < 3; i++)
        {
            await begun[i].Task;
            _time.Advance(TimeSpan.FromSeconds(50));
            ends[i].SetResult();
        }

        Assert.Equal(["0", "1", "2"], (await Task.WhenAll(runs)).Select(r => r.EnsureDone().Output));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Initialize_IgnoresItsToken_RunEnds(bool cancelled)
    {
        using var cancel = new CancellationTokenSource();
        using var agent = new SlowStart(HangAsync, new AgentOptions { Timeout = cancelled ? null : TimeSpan.FromMinutes(1), Time = _time });

        var run = agent.ExecuteAsync("x", cancel.Token);
        if (cancelled)
            await CancelAsync(cancel);

        Assert.Equal(cancelled ? RunStatus.Cancelled : RunStatus.Limited, (await EndAsync(run)).Status);
    }

    [Fact]
    public async Task Decide_DeciderIgnoresItsToken_RunEndsWhenCancelled()
    {
        using var cancel = new CancellationTokenSource();
        using var agent = new Async(async c => AgentResult.Done(await c.AskPersonAsync("q", "really?")), new AgentOptions { Time = _time });

        var run = agent.ExecuteAsync("x", new RunOptions { Decider = new Deaf(HangAsync) }, cancel.Token);
        await CancelAsync(cancel);

        Assert.Equal(RunStatus.Cancelled, (await EndAsync(run)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Team_ProtocolHangs_EndsWithTheLastOutput(bool cancelled)
    {
        using var cancel = new CancellationTokenSource();
        using var team = new Team(
            new AgentMetadata("t"), new Hanging(HangAsync), [TeamTests.Says("m", "hi")],
            options: new AgentOptions { Time = _time });

        var run = team.ExecuteAsync("x", cancel.Token);
        if (cancelled)
            await CancelAsync(cancel);
        var result = await EndAsync(run);

        Assert.Equal(cancelled ? (RunStatus.Cancelled, StopKind.Cancelled) : (RunStatus.Limited, StopKind.MaxTime), (result.Status, result.Stop!.Kind));
        Assert.Equal("hi", result.Output);
        Assert.Single(TeamTests.Turns(result));
    }

    [Fact]
    public async Task Step_OfCodeThatWasLeftBehind_IsRefusedAndTellsNobody()
    {
        var told = new List<AgentEvent>();
        var late = new TaskCompletionSource<Exception?>();
        using var agent = new Async(async c =>
        {
            await HangAsync(c);
            c.Note("late");
            late.SetResult(await Record.ExceptionAsync(() => c.StepAsync("late", null, _ => Task.FromResult(1))));
            return AgentResult.Done("late");
        }, new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time });

        var result = await EndAsync(agent.ExecuteAsync("x", new RunOptions { Store = _store, OnEvent = told.Add }));
        _release.SetResult();

        Assert.IsType<RunStoppedException>(await late.Task);
        Assert.IsType<RunEndedEvent>(told[^1]);
        Assert.Empty((await new RunHistory(_store).ReadAsync(result.RunId!)).Steps);
    }

    [Fact]
    public async Task Step_EndsAfterItsRun_IsNotKept()
    {
        using var blocked = new ManualResetEventSlim();
        var late = new TaskCompletionSource<Exception?>();
        Async Create(bool hangs) => new(async c =>
        {
            await Task.Yield();
            late.TrySetResult(Record.Exception(() => c.Step("send", null, () =>
            {
                _entered.TrySetResult();
                if (hangs)
                    blocked.Wait();
            })));
            return AgentResult.Done("sent");
        }, new AgentOptions { Time = _time });
        using var cancel = new CancellationTokenSource();
        using var first = Create(hangs: true);

        var run = first.ExecuteAsync("x", new RunOptions { Store = _store }, cancel.Token);
        await CancelAsync(cancel);
        var cut = await EndAsync(run);
        blocked.Set();

        Assert.IsType<RunStoppedException>(await late.Task);
        using var second = Create(hangs: false);
        var resumed = await second.ResumeAsync(cut.RunId!, new RunOptions { Store = _store });
        Assert.Equal((RunStatus.NeedsDecision, DecisionKind.Outcome), (resumed.Status, resumed.Pending[0].Kind));
    }

    [Fact]
    public async Task Session_OfCodeThatWasLeftBehind_IsLeftToTheNextRun()
    {
        var session = new AgentCore.Agents.AgentSession();
        var late = new TaskCompletionSource();
        using var agent = new Async(async c =>
        {
            if (c.Task.Input == "first")
            {
                await HangAsync(c);
                c.AddToSession([new(Microsoft.Extensions.AI.ChatRole.User, "late")]);
                late.SetResult();
                return AgentResult.Done("");
            }

            _release.SetResult();
            await late.Task;
            return AgentResult.Done("");
        }, new AgentOptions { MaxConcurrentRuns = 0, Time = _time });
        using var cancel = new CancellationTokenSource();

        var run = agent.ExecuteAsync("first", new RunOptions { Session = session }, cancel.Token);
        await CancelAsync(cancel);
        await EndAsync(run);
        (await agent.ExecuteAsync("second", new RunOptions { Session = session })).EnsureDone();

        Assert.Empty(session.Messages);
    }

    [Fact]
    public async Task Execute_OneAtATimeWhileCodeIsLeftBehind_WaitsForIt()
    {
        using var cancel = new CancellationTokenSource();
        using var agent = new Async(c => c.Task.Input == "first" ? HangAsync(c) : Task.FromResult(AgentResult.Done("second")), new AgentOptions { Time = _time });

        var first = agent.ExecuteAsync("first", cancel.Token);
        await CancelAsync(cancel);
        await EndAsync(first);
        var second = agent.ExecuteAsync("second");

        Assert.Equal((AgentState.Busy, false), (agent.State, second.IsCompleted));
        _release.SetResult();
        Assert.Equal("second", (await second).Output);
        Assert.Equal(AgentState.Ready, agent.State);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _release.TrySetResult();
        await _store.DisposeAsync();
    }

    // Waits for something that comes late or never, without a token.
    private async Task<AgentResult> HangAsync(AgentContext? context)
    {
        _entered.TrySetResult();
        await _release.Task;
        return AgentResult.Done("late");
    }

    private async Task CancelAsync(CancellationTokenSource cancel)
    {
        await _entered.Task;
        await cancel.CancelAsync();
    }

    // Time goes on until the run has ended.
    private async Task<AgentResult> EndAsync(Task<AgentResult> run)
    {
        await _entered.Task;
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMinutes(31));
            await Task.Yield();
        }

        return await run;
    }

    private sealed class BlockingStart(Action start, AgentOptions options) : BaseAgent(new AgentMetadata("blocking"), options)
    {
        protected override void OnInitialize() => start();

        protected override AgentResult OnExecute(AgentContext context) => AgentResult.Done("x");
    }

    private sealed class SlowStart(Func<AgentContext?, Task> start, AgentOptions options) : AsyncAgent(new AgentMetadata("slow"), options)
    {
        protected override ValueTask<AgentResult> OnExecuteAsync(AgentContext context) => new(AgentResult.Done("x"));

        protected override async ValueTask OnInitializeAsync(CancellationToken cancellationToken) => await start(null);
    }

    private sealed class Deaf(Func<AgentContext?, Task> wait) : IDecider
    {
        public async ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
        {
            await wait(null);
            return null;
        }
    }

    private sealed class Hanging(Func<AgentContext?, Task> wait) : TeamProtocol
    {
        public override string Name => "hanging";

        public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
        {
            yield return NextTurn.Of(run.Members[0]);
            await wait(null);
        }
    }
}
