using System.Collections.Concurrent;
using AgentCore.Testing;

namespace AgentCore.Tests;

public sealed class BaseAgentTests
{
    [Fact]
    public void Execute_SynchronousAgent_RunsOnTheCallersThread()
    {
        var caller = Environment.CurrentManagedThreadId;
        using var agent = new Sync(_ => AgentResult.Done(Environment.CurrentManagedThreadId.ToString()));

        Assert.Equal(caller.ToString(), agent.Execute("where").Output);
    }

    [Fact]
    public void Execute_JournalledSteps_RunOnTheCallersThread()
    {
        var caller = Environment.CurrentManagedThreadId;
        var store = new MemoryCheckpointStore();
        using var agent = new Sync(c => AgentResult.Done($"{c.Step("a", null, () => Environment.CurrentManagedThreadId)}"));

        Assert.Equal($"{caller}", agent.Execute("where", new RunOptions { Store = store }).Output);
    }

    [Fact]
    public void Execute_CodeThrows_IsAFailedResult()
    {
        using var agent = new Sync(_ => throw new InvalidDataException("bad data"));

        var result = agent.Execute("x");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal("System.IO.InvalidDataException", result.Error!.Type);
        Assert.Equal("bad data", result.Error.Message);
        var thrown = Assert.Throws<AgentRunException>(() => result.EnsureDone());
        Assert.Same(result, thrown.Result);
    }

    [Fact]
    public async Task Dispose_WhileBusy_RunStillEnds()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var agent = new Async(async _ =>
        {
            entered.SetResult();
            await release.Task;
            return AgentResult.Done("ok");
        });
        var running = agent.ExecuteAsync("x");
        await entered.Task;

        agent.Dispose();
        release.SetResult();

        Assert.True((await running).IsDone);
        Assert.Throws<InvalidOperationException>(() => agent.Execute("again"));
    }

    [Fact]
    public void Execute_ReturnsNull_SaysSo()
    {
        using var agent = new Sync(_ => null!);

        Assert.Contains("returned null", agent.Execute("x").Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initialize_Throws_ReturnsFalseAndTheNextRunRecovers()
    {
        var tries = 0;
        using var agent = new Sync(_ => AgentResult.Done("ok")) { Initializing = () => { if (++tries == 1) throw new IOException("no disk"); } };

        Assert.False(agent.Initialize());
        Assert.Equal(AgentState.Error, agent.State);
        Assert.Equal("no disk", agent.LastError!.Message);
        Assert.True(agent.Execute("x").IsDone);
        Assert.Equal(AgentState.Ready, agent.State);
        Assert.Null(agent.LastError);
    }

    [Fact]
    public void State_RunOfAOneAtATimeAgentFails_IsErrorAndInitialisedAgain()
    {
        var initialised = 0;
        var fail = true;
        using var agent = new Sync(_ => fail ? AgentResult.Failed("no") : AgentResult.Done("yes")) { Initializing = () => initialised++ };

        agent.Execute("x");
        Assert.Equal(AgentState.Error, agent.State);
        fail = false;
        Assert.True(agent.Execute("x").IsDone);
        Assert.Equal(2, initialised);
    }

    [Fact]
    public void Shutdown_Stopped_RefusesRunsAndNamesTheLegalMove()
    {
        using var agent = new Sync(_ => AgentResult.Done("ok"));
        agent.Execute("x");

        Assert.True(agent.Shutdown());
        Assert.Equal(AgentState.Stopped, agent.State);
        var refused = Assert.Throws<InvalidOperationException>(() => agent.Execute("x"));
        Assert.Contains("Stopped", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Initialize", refused.Message, StringComparison.Ordinal);
        Assert.True(agent.Initialize());
        Assert.True(agent.Execute("x").IsDone);
    }

    [Fact]
    public async Task Shutdown_Busy_IsRefused()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        using var agent = new Async(async _ => { entered.SetResult(); await release.Task; return AgentResult.Done("ok"); });
        var run = agent.ExecuteAsync("x");
        await entered.Task;

        Assert.Equal(AgentState.Busy, agent.State);
        Assert.Throws<InvalidOperationException>(() => agent.Shutdown());
        release.SetResult();
        Assert.True((await run).IsDone);
        Assert.True(agent.Shutdown());
    }

    [Fact]
    public async Task ExecuteAsync_OneAtATime_FirstComeFirstServed()
    {
        var order = new ConcurrentQueue<string>();
        var first = new TaskCompletionSource();
        using var agent = new Async(async c =>
        {
            if (c.Task.Input == "0")
                await first.Task;
            order.Enqueue(c.Task.Input);
            await Task.Yield();
            return AgentResult.Done(c.Task.Input);
        });

        var runs = Enumerable.Range(0, 20).Select(i => agent.ExecuteAsync($"{i}")).ToArray();
        first.SetResult();
        await Task.WhenAll(runs);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), order);
    }

    [Fact]
    public async Task ExecuteAsync_CancelledWhileWaiting_IsCancelledAndTheOthersGoOn()
    {
        var release = new TaskCompletionSource();
        using var agent = new Async(async c => { await release.Task; return AgentResult.Done(c.Task.Input); });
        using var cancel = new CancellationTokenSource();
        var first = agent.ExecuteAsync("1");
        var second = agent.ExecuteAsync("2", cancel.Token);
        var third = agent.ExecuteAsync("3");

        await cancel.CancelAsync();
        Assert.Equal(RunStatus.Cancelled, (await second).Status);
        release.SetResult();
        Assert.Equal("1", (await first).Output);
        Assert.Equal("3", (await third).Output);
    }

    [Fact]
    public void Execute_WithinItsOwnRun_IsAnErrorNotAWait()
    {
        Sync? agent = null;
        using var self = agent = new Sync(_ => agent!.Execute("again"));

        var result = agent.Execute("x");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("within its own run", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunAgent_WithinItsOwnRun_IsAnErrorNotAWait()
    {
        Sync? outer = null;
        using var inner = new Sync(c => c.RunAgent(outer!, "again"), name: "inner");
        using var agent = outer = new Sync(c => c.RunAgent(inner, "in"), name: "outer");

        var result = agent.Execute("x");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("within its own run", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_InASingleThreadedSynchronizationContext_Completes()
    {
        var output = "";
        var thread = new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new NeverPumped());
            using var agent = new Async(async _ => { await Task.Delay(1); await Task.Yield(); return AgentResult.Done("ok"); });
            output = agent.Execute("x").Output;
            Assert.IsType<NeverPumped>(SynchronizationContext.Current);
        });
        thread.Start();

        Assert.True(thread.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal("ok", output);
    }

    [Fact]
    public async Task Execute_AThousandBlockedPoolThreads_AllComplete()
    {
        using var agent = new Async(async _ => { await Task.Delay(1); return AgentResult.Done("ok"); }, new AgentOptions { MaxConcurrentRuns = 0 });

        var results = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(() => agent.Execute("x"))));

        Assert.All(results, r => Assert.True(r.IsDone));
    }

    [Fact]
    public void Execute_OverItsTimeout_IsLimitedAndSaysHowToRaiseIt()
    {
        using var agent = new Async(
            async c => { await Task.Delay(Timeout.Infinite, c.CancellationToken); return AgentResult.Done(""); },
            new AgentOptions { Timeout = TimeSpan.FromMilliseconds(20) });

        var result = agent.Execute("x");

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.Equal(StopKind.MaxTime, result.Stop!.Kind);
        Assert.Contains("AgentOptions.Timeout", result.Stop.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    public void Options_MaxConcurrentRunsNegative_NamesOptionValueAndRule(int value)
    {
        var error = Assert.Throws<ArgumentException>(() => new AgentOptions { MaxConcurrentRuns = value });

        Assert.Contains("AgentOptions.MaxConcurrentRuns is -1; choose", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void Options_TimeoutThatNoTimerTakes_NamesOptionValueAndRule(int days)
    {
        var error = Assert.Throws<ArgumentException>(() => new AgentOptions { Timeout = TimeSpan.FromDays(days) });

        Assert.Contains("AgentOptions.Timeout is", error.Message, StringComparison.Ordinal);
        Assert.Contains("at most 49 days", error.Message, StringComparison.Ordinal);
    }

    private sealed class NeverPumped : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            // Nobody pumps: a continuation that comes here is lost.
        }
    }
}
