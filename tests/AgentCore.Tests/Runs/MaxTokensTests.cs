using System.Runtime.CompilerServices;
using AgentCore.Runs;
using AgentCore.Testing;
using AgentCore.Tests.Teams;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>Calls at the same time within <see cref="RunOptions.MaxTokens"/>.</summary>
public sealed class MaxTokensTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "?")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counted_CallWhileAStreamOfTheStepIsRead_DoesNotWaitForIt(bool journalled)
    {
        using var model = new ScriptedChatClient().ThenReply("a b c").ThenReply("inner");
        using var agent = new Async(async c =>
        {
            await c.StepAsync("s", null, async step =>
            {
                var client = step.Counted(model);
                await foreach (var _ in client.GetStreamingResponseAsync(Question))
                {
                    await client.GetResponseAsync(Question);
                    break;
                }
            }, StepOptions.Repeat);
            return AgentResult.Done("");
        });

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 1_500, Store = journalled ? new MemoryCheckpointStore() : null });

        Assert.Equal((RunStatus.Done, 2), (result.Status, model.Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MaxTokens_ParallelBranches_IsNotOverrun(bool journalled)
    {
        using var model = new ScriptedChatClient();
        for (var i = 0; i < 8; i++)
            model.Then(async (_, _) => { await Task.Yield(); return Reply(100); });
        using var agent = Branches(8, b => b.AskAsync(model, Question));

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 100, Store = journalled ? new MemoryCheckpointStore() : null });

        Assert.Equal((RunStatus.Limited, StopKind.MaxTokens), (result.Status, result.Stop!.Kind));
        Assert.Equal((100, 1), (result.Usage!.TotalTokenCount, model.Calls));
    }

    [Fact]
    public async Task MaxTokens_SynchronousBranches_IsNotOverrun()
    {
        using var model = new ScriptedChatClient();
        for (var i = 0; i < 4; i++)
            model.Then(async (_, _) => { await Task.Yield(); return Reply(100); });
        using var asks = new Sync(c => AgentResult.Done(c.AskAsync(model, Question).GetAwaiter().GetResult().Text));
        using var agent = Branches(4, b => Task.Run(() => b.RunAgent(asks, "go")));

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 150, Store = new MemoryCheckpointStore() });

        Assert.Equal((RunStatus.Limited, 200, 2), (result.Status, result.Usage!.TotalTokenCount, model.Calls));
    }

    [Theory]
    [InlineData(4_000, null, 3)]
    [InlineData(1_000, 100, 3)]
    [InlineData(250, 100, 2)]
    [InlineData(2_500, null, 2)]
    [InlineData(100, null, 1)]
    public async Task MaxTokens_CallsAtTheSameTime_AsManyAsFitAreLetIn(long limit, int? mostAnswer, int fit)
    {
        var gate = new Gate(fit);
        using var model = new ScriptedChatClient();
        for (var i = 0; i < 3; i++)
            model.Then(async (_, _) => { await gate.PassAsync(); return Reply(10); });
        using var agent = Branches(3, b => b.AskAsync(model, Question, new ChatOptions { MaxOutputTokens = mostAnswer }));

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = limit });

        Assert.Equal(30, result.EnsureDone().Usage!.TotalTokenCount);
        Assert.Equal(fit, gate.Most);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MaxTokens_ModelTellsLessThanNothing_GivesNoTokensBack(bool inAStep)
    {
        using var model = new ScriptedChatClient();
        foreach (var tokens in (int[])[-1_000, 100, 100])
            model.ThenReply("ok", Reply(tokens).Usage);
        using var agent = new Async(async c =>
        {
            for (var i = 0; i < 3; i++)
            {
                if (inAStep)
                    await c.StepAsync("ask", null, s => s.Counted(model).GetResponseAsync(Question));
                else
                    await c.AskAsync(model, Question);
            }

            return AgentResult.Done("");
        });

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 100 });

        Assert.Equal((RunStatus.Limited, 100, 2), (result.Status, result.Usage!.TotalTokenCount, model.Calls));
    }

    [Fact]
    public async Task Usage_ModelTellsMoreThanCanBe_SumsDoNotOverflow()
    {
        var most = new UsageDetails { InputTokenCount = long.MaxValue, OutputTokenCount = long.MaxValue, TotalTokenCount = long.MaxValue };
        using var model = new ScriptedChatClient().ThenReply("a", most).ThenReply("b", most);
        using var agent = new Async(async c =>
        {
            await c.AskAsync(model, Question);
            await c.AskAsync(model, Question);
            return AgentResult.Done("");
        });

        var usage = (await agent.ExecuteAsync("go", new RunOptions { Store = new MemoryCheckpointStore() })).EnsureDone().Usage!;

        Assert.True(usage is { InputTokenCount: > 1_000_000_000_000, OutputTokenCount: > 1_000_000_000_000, TotalTokenCount: > 1_000_000_000_000 });
    }

    [Fact]
    public async Task MaxTokens_LongAnswerCame_LaterCallsReserveAsMuch()
    {
        var gate = new Gate(1);
        using var model = new ScriptedChatClient().ThenReply("long", new UsageDetails { OutputTokenCount = 3_000 });
        for (var i = 0; i < 2; i++)
            model.Then(async (_, _) => { await gate.PassAsync(); return Reply(10); });
        using var agent = new Async(async c =>
        {
            await c.AskAsync(model, Question);
            await c.ParallelAsync<ChatResponse>([b => b.AskAsync(model, Question), b => b.AskAsync(model, Question)]);
            return AgentResult.Done("");
        });

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 6_000 });

        Assert.Equal((RunStatus.Done, 1), (result.Status, gate.Most));
    }

    [Fact]
    public async Task MaxTokens_CallInFlightFails_TheNextIsLetIn()
    {
        using var model = new ScriptedChatClient()
            .Then(async (_, _) => { await Task.Yield(); throw new IOException("down"); })
            .Then(async (_, _) => { await Task.Yield(); throw new IOException("down"); })
            .ThenReply("ok");
        using var agent = Branches(3, async b =>
        {
            try
            {
                return (await b.AskAsync(model, Question)).Text;
            }
            catch (StepFailedException)
            {
                return "failed";
            }
        });

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 100 });

        Assert.Equal((RunStatus.Done, 3), (result.Status, model.Calls));
    }

    [Fact]
    public async Task MaxTokens_CancelledWhileCallsWait_IsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        using var model = new ScriptedChatClient().Then(async (_, token) =>
        {
            await Task.Yield();
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return Reply(10);
        });
        using var agent = Branches(3, b => b.AskAsync(model, Question));

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 100 }, cancel.Token);

        Assert.Equal((RunStatus.Cancelled, 1), (result.Status, model.Calls));
    }

    [Fact]
    public async Task Reserve_FirstOfThoseWaitingLeaves_TheNextIsLetIn()
    {
        var budget = new Run(new RunOptions { MaxTokens = 1_000 }, new AgentOptions(), null, null).Budget;
        using var leave = new CancellationTokenSource();
        var small = new ChatOptions { MaxOutputTokens = 100 };

        using var held = await budget.ReserveAsync(Question, small, CancellationToken.None);
        var large = budget.ReserveAsync(Question, new ChatOptions { MaxOutputTokens = 5_000 }, leave.Token).AsTask();
        var next = budget.ReserveAsync(Question, small, CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        await leave.CancelAsync();

        using var reserved = await next;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counted_CallsOfOneStepAtTheSameTime_AreNotOverrun(bool streams)
    {
        using var model = new ScriptedChatClient();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 8; i++)
            model.Then(async (_, _) => { await asked.Task; return Reply(100); });
        using var agent = new Async(async c =>
        {
            await c.StepAsync(
                "many", null,
                step =>
                {
                    var all = Enumerable.Range(0, 8).Select(_ => Ask(step.Counted(model), streams)).ToList();
                    asked.SetResult();
                    return Task.WhenAll(all);
                },
                StepOptions.Repeat);
            return AgentResult.Done("");
        });

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 150 });

        Assert.Equal((RunStatus.Limited, 200, 2), (result.Status, result.Usage!.TotalTokenCount, model.Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counted_CallWithinACall_DoesNotWaitForIt(bool streams)
    {
        using var model = new ScriptedChatClient().ThenReply("inner").ThenReply("inner");
        using var agent = new Async(async c =>
        {
            await c.StepAsync(
                "nested", null,
                async step =>
                {
                    using var outer = new Asking(step.Counted(model));
                    await Ask(step.Counted(outer), streams);
                },
                StepOptions.Repeat);
            return AgentResult.Done("");
        });

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 100 });

        Assert.Equal((RunStatus.Done, 2), (result.Status, model.Calls));
    }

    [Fact]
    public async Task Counted_StepIsLeftBehind_ItsCallsReserveNothingMore()
    {
        var time = new ManualTime();
        var began = new TaskCompletionSource();
        var stuck = new TaskCompletionSource<ChatResponse>();
        using var model = new ScriptedChatClient().Then((_, _) => { began.SetResult(); return stuck.Task; }).ThenReply("ok");
        using var agent = new Async(
            async c =>
            {
                var said = await c.ParallelAsync<string>(
                [
                    async b =>
                    {
                        try
                        {
                            var options = new StepOptions { Repeatable = true, Timeout = TimeSpan.FromSeconds(10) };
                            return await b.StepAsync("stuck", null, async step => (await step.Counted(model).GetResponseAsync(Question)).Text, options);
                        }
                        catch (StepFailedException)
                        {
                            return "late";
                        }
                    },
                    async b =>
                    {
                        await began.Task;
                        return (await b.AskAsync(model, Question)).Text;
                    },
                ]);
                return AgentResult.Done(string.Join(' ', said));
            },
            new AgentOptions { Time = time });

        var run = agent.ExecuteAsync("go", new RunOptions { MaxTokens = 100 });
        await began.Task;
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(11));
            await Task.Yield();
        }

        stuck.SetResult(Reply(10));
        Assert.Equal("late ok", (await run).EnsureDone().Output);
    }

    private static Async Branches<T>(int count, Func<AgentContext, Task<T>> body) => new(async c =>
    {
        await c.ParallelAsync([.. Enumerable.Repeat(body, count)]);
        return AgentResult.Done("");
    });

    private static async Task Ask(IChatClient client, bool streams)
    {
        if (!streams)
        {
            await client.GetResponseAsync(Question);
            return;
        }

        await foreach (var _ in client.GetStreamingResponseAsync(Question))
        {
        }
    }

    private static ChatResponse Reply(int tokens) => new(new ChatMessage(ChatRole.Assistant, "ok"))
    {
        Usage = new UsageDetails { InputTokenCount = tokens, OutputTokenCount = 0, TotalTokenCount = tokens },
    };

    /// <summary>Holds calls until as many are there as are said to fit; all pass when they were.</summary>
    private sealed class Gate(int fit)
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inside;

        public int Most { get; private set; }

        public async Task PassAsync()
        {
            lock (_lock)
            {
                Most = Math.Max(Most, ++_inside);
                if (_inside >= fit)
                    _open.TrySetResult();
            }

            await _open.Task;
            await Task.Yield();
            lock (_lock)
                _inside--;
        }
    }

    /// <summary>A model that asks another one twice, the second time in the midst of its stream.</summary>
    private sealed class Asking(IChatClient inner) : IChatClient
    {
        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await inner.GetResponseAsync(messages, options, cancellationToken);
            return await inner.GetResponseAsync(messages, options, cancellationToken);
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await inner.GetResponseAsync(messages, options, cancellationToken);
            yield return new ChatResponseUpdate(ChatRole.Assistant, "first");
            await inner.GetResponseAsync(messages, options, cancellationToken);
            yield return new ChatResponseUpdate(ChatRole.Assistant, "second");
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
