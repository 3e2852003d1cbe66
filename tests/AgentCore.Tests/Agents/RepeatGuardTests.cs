using AgentCore.Agents;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Agents;

public sealed class RepeatGuardTests
{
    [Fact]
    public async Task Repeats_FiveTheSameInOneReply_AreToldBeforeTheRunEnds()
    {
        var model = new ScriptedChatClient().ThenCalls([.. Enumerable.Repeat<(string, object?)>(("dice", null), 5)]).ThenReply("rolled");
        using var agent = ChatAgent.Create("a", model).WithTool(AIFunctionFactory.Create(() => 4, "dice")).Build();

        Assert.Equal("rolled", (await agent.ExecuteAsync("Roll five dice.")).EnsureDone().Output);
    }

    [Fact]
    public async Task Repeats_GoesOnAfterItWasTold_EndsTheRun()
    {
        var five = Enumerable.Repeat<(string, object?)>(("dice", null), 5).ToArray();
        var model = new ScriptedChatClient().ThenCalls(five).ThenCalls(five).ThenReply("never");
        using var agent = ChatAgent.Create("a", model).WithTool(AIFunctionFactory.Create(() => 4, "dice")).Build();

        var result = await agent.ExecuteAsync("Roll five dice.");

        Assert.Equal((RunStatus.Limited, StopKind.NoProgress, 2), (result.Status, result.Stop?.Kind, model.Calls));
    }

    [Fact]
    public async Task Repeats_DoesSomethingElseAfterItWasTold_MayCallItAgain()
    {
        var four = Enumerable.Repeat<(string, object?)>(("dice", null), 4).ToArray();
        var model = new ScriptedChatClient().ThenCalls(four).ThenCall("look").ThenCall("dice").ThenReply("done");
        using var agent = ChatAgent.Create("a", model).WithTool(AIFunctionFactory.Create(() => 4, "dice")).WithTool(AIFunctionFactory.Create(() => 1, "look")).Build();

        Assert.Equal("done", (await agent.ExecuteAsync("go")).EnsureDone().Output);
    }

    [Fact]
    public async Task Repeats_ToolReturnsSomethingElseEachTime_IsNotSaidToReturnTheSame()
    {
        var n = 0;
        var model = new ScriptedChatClient().ThenCall("next").ThenCall("next").ThenCall("next").ThenCall("next").ThenReply("ok");
        using var agent = ChatAgent.Create("a", model).WithTool(AIFunctionFactory.Create(() => $"page {++n}", "next")).Build();

        (await agent.ExecuteAsync("Read all pages.")).EnsureDone();

        Assert.DoesNotContain("returned the same", ((FunctionResultContent)model.Requests[4][^1].Contents[0]).Result!.ToString(), StringComparison.Ordinal);
    }
}
