using AgentCore.Testing;
using AgentCore.Tests.Teams;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>What a model call uses that was left behind.</summary>
public sealed class LeftBehindUsageTests
{
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "?")];

    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _began = new();
    private readonly TaskCompletionSource<ChatResponse> _stuck = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MaxTokens_CallThatWasLeftBehindAnswersWhileTheRunGoesOn_IsCounted(bool journalled)
    {
        using var model = new ScriptedChatClient().Then((_, _) => HangAsync()).ThenReply("over");
        using var inner = new Async(async c => AgentResult.Done((await c.AskAsync(model, Question)).Text), new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time }, "inner");
        using var outer = new Async(async c =>
        {
            await c.RunAgentAsync(inner, "go");
            await AnswerAsync();
            return AgentResult.Done((await c.AskAsync(model, Question)).Text);
        }, new AgentOptions { Time = _time });

        var result = await EndAsync(outer.ExecuteAsync("go", new RunOptions { MaxTokens = 100, Store = journalled ? new MemoryCheckpointStore() : null }));

        Assert.Equal((RunStatus.Limited, StopKind.MaxTokens), (result.Status, result.Stop?.Kind));
        Assert.Equal((100, 1), (result.Usage!.TotalTokenCount, model.Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_CallThatWasLeftBehindAnswersAfterTheRun_StaysAsItWas(bool ofAStep)
    {
        using var model = new ScriptedChatClient().ThenReply("one", Tokens(50)).Then((_, _) => HangAsync());
        using var agent = new Async(async c =>
        {
            await c.AskAsync(model, Question);
            return AgentResult.Done(ofAStep
                ? await c.StepAsync("ask", null, async s => (await s.Counted(model).GetResponseAsync(Question)).Text, new StepOptions { Repeatable = true })
                : (await c.AskAsync(model, Question)).Text);
        }, new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = _time });

        var result = await EndAsync(agent.ExecuteAsync("go"));
        await AnswerAsync();

        Assert.Equal((RunStatus.Limited, 50), (result.Status, result.Usage!.TotalTokenCount));
    }

    // The call hears no cancellation.
    private Task<ChatResponse> HangAsync()
    {
        _began.SetResult();
        return _stuck.Task;
    }

    // Off the test's own context, so that what waits for it has gone on when this ends.
    private Task AnswerAsync() =>
        Task.Run(() => _stuck.SetResult(new(new ChatMessage(ChatRole.Assistant, "late")) { Usage = Tokens(100) }));

    // Time goes on until the run has ended.
    private async Task<AgentResult> EndAsync(Task<AgentResult> run)
    {
        await _began.Task;
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(3));
            await Task.Yield();
        }

        return await run;
    }

    private static UsageDetails Tokens(int count) => new() { InputTokenCount = count, OutputTokenCount = 0, TotalTokenCount = count };
}
