using System.Runtime.CompilerServices;
using AgentCore.Runs;
using AgentCore.Teams;
using AgentCore.Testing;
using AgentCore.Tests.Teams;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>What a run's tokens come to over its attempts.</summary>
public sealed class RunUsageTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "?")];

    [Fact]
    public async Task MaxTokens_RetryReplaysDoneCalls_CountsThemOnce()
    {
        using var model = new ScriptedChatClient().ThenReply("one", Tokens(100)).ThenThrow(Down()).ThenThrow(Down()).ThenReply("two", Tokens(50)).ThenReply("three", Tokens(10));
        using var agent = Asks(model, 3, "a", Retrying());

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 250 });

        Assert.Equal(160, result.EnsureDone().Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Usage_NestedAgentRetries_CountsDoneCallsOnce()
    {
        using var model = new ScriptedChatClient().ThenReply("one", Tokens(100)).ThenThrow(Down()).ThenReply("two", Tokens(50));
        using var inner = Asks(model, 2, "inner", Retrying());
        using var outer = new Async(c => c.RunAgentAsync(inner, "go"));

        var result = await outer.ExecuteAsync("go");

        Assert.Equal(150, result.EnsureDone().Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Usage_RetriesWithinARetry_CountsEachCallOnceAtEveryLevel()
    {
        // The inner agent retries once by itself; then the middle one fails and does the whole again.
        using var model = new ScriptedChatClient().ThenReply("one", Tokens(100)).ThenThrow(Down()).ThenReply("two", Tokens(50)).ThenReply("three", Tokens(10));
        using var inner = Asks(model, 2, "inner", Retrying());
        var levels = new List<long?>();
        var failed = false;
        using var middle = new Async(
            async c =>
            {
                var result = await c.RunAgentAsync(inner, "go");
                levels.Add(result.Usage!.TotalTokenCount);
                if (!failed)
                {
                    failed = true;
                    throw new IOException("down");
                }

                await c.AskAsync(model, Question);
                return AgentResult.Done("ok");
            },
            Retrying(), "middle");
        using var outer = new Async(async c =>
        {
            var result = await c.RunAgentAsync(middle, "go");
            levels.Add(result.Usage!.TotalTokenCount);
            return result;
        });

        var result = await outer.ExecuteAsync("go");

        Assert.Equal([150, 150, 160], levels);
        Assert.Equal(160, result.EnsureDone().Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task TeamLimits_MemberRetries_CountsItsDoneCallsOnce()
    {
        using var model = new ScriptedChatClient().ThenReply("one", Tokens(100)).ThenThrow(Down()).ThenReply("two", Tokens(50)).ThenReply("three", Tokens(10));
        using var team = new Team(
            "desk", new SequentialProtocol(), [Asks(model, 2, "a", Retrying()), Asks(model, 1, "b")], new TeamOptions { Limits = new() { MaxTokens = 200 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal(160, result.EnsureDone().Usage!.TotalTokenCount);
        Assert.Equal([150, 10], TeamTests.Turns(result).Select(t => t.Tokens));
    }

    [Fact]
    public async Task Usage_TurnThatTheClockCutIsReplayed_IsCountedOnce()
    {
        var time = new ManualTime();
        var began = new TaskCompletionSource();
        using var model = new ScriptedChatClient().ThenReply("one", Tokens(100)).ThenThrow(Down()).ThenReply("two", Tokens(50));
        using var slow = new Async(
            async c =>
            {
                await c.AskAsync(model, Question);
                began.SetResult();
                await Task.Delay(Timeout.Infinite, c.CancellationToken);
                return AgentResult.Done("");
            },
            name: "slow");
        using var team = new Team(
            new AgentMetadata("timed"),
            new SequentialProtocol(),
            [new TeamMember(slow) { OnFailure = FailurePolicy.Skip }, Asks(model, 1, "b")],
            new TeamOptions { Limits = new() { MaxTurnTime = TimeSpan.FromSeconds(10) } },
            new AgentOptions { Time = time, Retry = new RetryOptions { Delay = TimeSpan.Zero } });
        using var outer = new Async(c => c.RunAgentAsync(team, "go"), new AgentOptions { Time = time });

        var run = outer.ExecuteAsync("go");
        await began.Task;
        time.Advance(TimeSpan.FromSeconds(11));
        var result = await run;

        Assert.Equal(150, result.EnsureDone().Usage!.TotalTokenCount);
        Assert.Equal([100, 50], TeamTests.Turns(result).Select(t => t.Tokens));
    }

    [Fact]
    public async Task Usage_FailedStepThatCountedTokens_IsInTheResultAfterARetry()
    {
        var tries = 0;
        using var agent = Spends(() => ++tries == 1 ? throw new IOException("down") : true, Retrying());
        using var outer = new Async(c => c.RunAgentAsync(agent, "go"));

        var result = await outer.ExecuteAsync("go");

        Assert.Equal(200, result.EnsureDone().Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task MaxTokens_ResumeAfterFailedTries_CountsWhatTheyUsed()
    {
        var options = new RunOptions { Store = new MemoryCheckpointStore(), MaxTokens = 150 };
        var tries = 0;
        using var agent = Spends(() => ++tries > 0 ? throw new IOException("down") : true);

        var result = await agent.ExecuteAsync("go", options);
        for (var i = 0; i < 3; i++)
            result = await agent.ResumeAsync(result.RunId!, options);

        Assert.Equal((RunStatus.Limited, StopKind.MaxTokens, 2), (result.Status, result.Stop!.Kind, tries));
        Assert.Equal(200, result.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task MaxTokens_ResumeOfAStepThatWasRefused_CountsWhatItUsed()
    {
        var options = new RunOptions { Store = new MemoryCheckpointStore(), MaxTokens = 250 };
        var calls = 0;
        using var agent = new Async(async c =>
        {
            await c.StepAsync(
                "spend", null,
                s =>
                {
                    for (var i = 0; i < 9; i++)
                    {
                        s.ThrowIfOverTokens();
                        s.AddUsage(Tokens(100));
                        calls++;
                    }

                    return Task.CompletedTask;
                },
                StepOptions.Repeat);
            return AgentResult.Done("");
        });

        var stopped = await agent.ExecuteAsync("go", options);
        var resumed = await agent.ResumeAsync(stopped.RunId!, options);

        Assert.Equal((RunStatus.Limited, RunStatus.Limited, 3), (stopped.Status, resumed.Status, calls));
        Assert.Equal(300, resumed.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Usage_StepIsCancelledAfterItCountedTokens_IsKept()
    {
        var options = new RunOptions { Store = new MemoryCheckpointStore() };
        using var cancel = new CancellationTokenSource();
        using var agent = Spends(() => { cancel.Cancel(); throw new OperationCanceledException(cancel.Token); });
        using var later = Spends(() => true);

        var cancelled = await agent.ExecuteAsync("go", options, cancel.Token);
        var open = (await new RunHistory(options.Store).ReadAsync(cancelled.RunId!)).Steps[0];
        var resumed = await later.ResumeAsync(cancelled.RunId!, options);

        Assert.Equal((RunStatus.Cancelled, null, 100), (cancelled.Status, open.Ended, open.Usage!.TotalTokenCount));
        Assert.Equal(200, resumed.EnsureDone().Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Usage_StepWithATimeLimitCountsTokens_IsKept()
    {
        var options = new RunOptions { Store = new MemoryCheckpointStore() };
        var crash = true;
        using var agent = new Async(async c =>
        {
            await c.StepAsync("spend", null, s => { s.AddUsage(Tokens(100)); return Task.CompletedTask; }, new StepOptions { Timeout = TimeSpan.FromMinutes(1) });
            return crash ? throw new IOException("down") : AgentResult.Done("");
        });

        var failed = await agent.ExecuteAsync("go", options);
        crash = false;
        var resumed = await agent.ResumeAsync(failed.RunId!, options);

        Assert.Equal(100, resumed.EnsureDone().Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task MaxTokens_ResumeWithNoCallLeft_IsDone()
    {
        var options = new RunOptions { Store = new MemoryCheckpointStore(), MaxTokens = 150 };
        using var model = new ScriptedChatClient().ThenReply("one", Tokens(100)).ThenReply("two", Tokens(100));
        var crash = true;
        using var agent = new Async(async c =>
        {
            await c.AskAsync(model, Question);
            var last = await c.AskAsync(model, Question);
            return crash ? throw new IOException("down") : AgentResult.Done(last.Text);
        });

        var failed = await agent.ExecuteAsync("go", options);
        crash = false;
        var resumed = await agent.ResumeAsync(failed.RunId!, options);

        Assert.Equal("two", resumed.EnsureDone().Output);
        Assert.Equal(200, resumed.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Usage_CancelledBetweenTwoTries_TellsWhatTheFirstUsed()
    {
        using var cancel = new CancellationTokenSource();
        using var model = new ScriptedChatClient().ThenReply("one", Tokens(100)).ThenThrow(Down());
        var retry = new RetryOptions { ShouldRetry = _ => { cancel.Cancel(); return true; } };
        using var agent = Asks(model, 2, "a", new AgentOptions { Retry = retry });
        AgentResult? nested = null;
        using var outer = new Async(async c => nested = await c.RunAgentAsync(agent, "go"));

        var result = await outer.ExecuteAsync("go", cancel.Token);

        Assert.Equal((RunStatus.Cancelled, 100), (nested!.Status, nested.Usage?.TotalTokenCount));
        Assert.Equal(100, result.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Usage_StreamBreaksOffAfterItToldItsUsage_IsCounted()
    {
        var options = new RunOptions { Store = new MemoryCheckpointStore(), Stream = true, OnEvent = _ => { } };
        using var model = new BreakingStream();
        using var agent = Asks(model, 1, "a");

        var failed = await agent.ExecuteAsync("go", options);
        var resumed = await agent.ResumeAsync(failed.RunId!, options);

        Assert.Equal((RunStatus.Failed, 100), (failed.Status, failed.Usage?.TotalTokenCount));
        Assert.Equal((RunStatus.Failed, 200), (resumed.Status, resumed.Usage?.TotalTokenCount));
    }

    private sealed class BreakingStream : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, "hel");
            yield return new ChatResponseUpdate { Contents = [new UsageContent(Tokens(100))] };
            await Task.Yield();
            throw new IOException("reset");
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private static Async Spends(Func<bool> body, AgentOptions? options = null) => new(
        async c =>
        {
            await c.StepAsync("spend", null, s => { s.ThrowIfOverTokens(); s.AddUsage(Tokens(100)); return Task.FromResult(body()); }, StepOptions.Repeat);
            return AgentResult.Done("ok");
        },
        options);

    private static Async Asks(IChatClient model, int times, string name, AgentOptions? options = null) => new(
        async c =>
        {
            var text = "";
            for (var i = 0; i < times; i++)
                text = (await c.AskAsync(model, Question)).Text;
            return AgentResult.Done(text);
        },
        options, name);

    private static AgentOptions Retrying() => new() { Retry = new RetryOptions { Delay = TimeSpan.Zero } };

    private static UsageDetails Tokens(int count) => new() { InputTokenCount = count, OutputTokenCount = 0, TotalTokenCount = count };

    private static HttpRequestException Down() => new("down");
}
