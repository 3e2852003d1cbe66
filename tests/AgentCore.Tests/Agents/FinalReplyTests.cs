using AgentCore.Agents;
using AgentCore.Teams;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Agents;

/// <summary>Last replies that are empty, cut off or withheld.</summary>
public sealed class FinalReplyTests
{
    private static readonly AIFunction Look = AIFunctionFactory.Create(() => "rain", "look");

    [Fact]
    public async Task Reply_EmptyAfterATool_IsToldAndTheNextIsTheAnswer()
    {
        var model = new ScriptedChatClient().Then((_, _) => Announcement()).ThenReply("").ThenReply("It rains.");
        using var agent = ChatAgent.Create("a", model).WithTool(Look).Build();

        var result = await agent.ExecuteAsync("weather?");

        Assert.Equal("It rains.", result.EnsureDone().Output);
        Assert.Contains("empty", model.Requests[2][^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_EmptyAgainAndAgain_FailsAndSaysSo()
    {
        var model = new ScriptedChatClient().Otherwise(_ => " ");
        using var agent = ChatAgent.Create("a", model).Build();

        var result = await agent.ExecuteAsync("weather?");

        Assert.Equal((RunStatus.Failed, "AgentCore.ModelSlip", 4), (result.Status, result.Error?.Type, model.Calls));
        Assert.Contains("empty", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_ThoughtsAlone_AreNoAnswer()
    {
        var model = Replying(null, new TextReasoningContent("hm")).ThenReply("rain");
        using var agent = ChatAgent.Create("a", model).Build();

        Assert.Equal("rain", (await agent.ExecuteAsync("weather?")).EnsureDone().Output);
    }

    [Fact]
    public async Task Reply_PictureWithoutAWord_IsAnAnswer()
    {
        var model = Replying(ChatFinishReason.Stop, new DataContent("data:image/png;base64,AAAA"));
        using var agent = ChatAgent.Create("a", model).Build();

        Assert.Equal("", (await agent.ExecuteAsync("Draw.")).EnsureDone().Output);
    }

    [Fact]
    public async Task Reply_CutOff_IsDoneAndTheResultSaysSo()
    {
        var model = Replying(ChatFinishReason.Length, new TextContent("The three steps are: 1. open the"));
        using var agent = ChatAgent.Create("a", model).Build();
        var session = new AgentSession();

        var result = await agent.ExecuteAsync("steps?", new RunOptions { Session = session });

        Assert.Equal(("The three steps are: 1. open the", StopKind.MaxTokens), (result.EnsureDone().Output, result.Stop?.Kind));
        Assert.Contains("cut off", result.Describe(), StringComparison.Ordinal);
        Assert.Equal(2, session.Messages.Count);
    }

    [Fact]
    public async Task Reply_CutOffBeforeAWord_IsLimited()
    {
        using var agent = ChatAgent.Create("a", Replying(ChatFinishReason.Length, new TextReasoningContent("hm"))).Build();

        var result = await agent.ExecuteAsync("steps?");

        Assert.Equal((RunStatus.Limited, StopKind.MaxTokens), (result.Status, result.Stop?.Kind));
    }

    [Fact]
    public async Task Reply_DataCutOff_IsToldToTheModel()
    {
        var model = Replying(ChatFinishReason.Length, new TextContent("""{"sky":"ra""")).ThenReply("""{"sky":"rain"}""");
        using var agent = ChatAgent.Create("a", model).Build();

        Assert.Equal("rain", (await agent.ExecuteAsync<Weather>("weather?")).EnsureDone().GetData<Weather>()!.Sky);
        Assert.Contains("cut off", model.Requests[1][^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_CutOffInATeam_TurnSaysSo()
    {
        using var agent = ChatAgent.Create("a", Replying(ChatFinishReason.Length, new TextContent("The three"))).Build();
        using var team = new Team("desk", new SequentialProtocol(), [agent]);

        var result = await team.ExecuteAsync("steps?");

        Assert.Contains("cut off", result.EnsureDone().GetData<TeamResult>()!.Turns[0].Limit, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reply_Withheld_FailsAndSaysSo(bool calls)
    {
        AIContent content = calls ? new FunctionCallContent("c", "look") : new TextContent("");
        using var agent = ChatAgent.Create("a", Replying(ChatFinishReason.ContentFilter, content).ThenReply("never")).WithTool(Look).Build();

        var result = await agent.ExecuteAsync("steps?");

        Assert.Equal((RunStatus.Failed, "AgentCore.ModelWithheld"), (result.Status, result.Error?.Type));
        Assert.Contains("content_filter", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reply_RefusedWithoutAWord_FailsWithWhatTheModelSaid()
    {
        using var agent = ChatAgent.Create("a", Replying(ChatFinishReason.Stop, new ErrorContent("I can't help with that.") { ErrorCode = "Refusal" })).Build();

        var result = await agent.ExecuteAsync("steps?");

        Assert.Equal((RunStatus.Failed, "AgentCore.ModelWithheld"), (result.Status, result.Error?.Type));
        Assert.Contains("I can't help with that.", result.Error!.Message, StringComparison.Ordinal);
    }

    private static ScriptedChatClient Replying(ChatFinishReason? reason, AIContent content) => new ScriptedChatClient()
        .Then((_, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [content])) { FinishReason = reason }));

    private static Task<ChatResponse> Announcement() => Task.FromResult(new ChatResponse(
        new ChatMessage(ChatRole.Assistant, [new TextContent("Let me look that up."), new FunctionCallContent("c", "look")])));

    public sealed record Weather(string Sky);
}
