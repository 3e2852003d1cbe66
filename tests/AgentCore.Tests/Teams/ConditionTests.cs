using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Teams;
using AgentCore.Testing;
using Microsoft.Extensions.AI;
using static AgentCore.Tests.Teams.TeamTests;

namespace AgentCore.Tests.Teams;

public sealed class ConditionTests
{
    private static async Task<AgentResult> RunAsync(TeamCondition until, params TeamMember[] members)
    {
        using var team = new Team("bounded", new RoundRobinProtocol(), members, new TeamOptions { Until = until, Progress = null, Limits = new() { MaxTurns = 6 } });
        return await team.ExecuteAsync("go");
    }

    [Fact]
    public async Task Phrase_Said_EndsTheTeamAsDone()
    {
        var result = await RunAsync(TeamCondition.Phrase("approved"), Says("writer", "a draft"), Says("critic", "It is APPROVED."));

        Assert.Equal((RunStatus.Done, StopKind.Condition), (result.Status, result.Stop!.Kind));
        Assert.Contains("'approved' was said", result.Stop.Message, StringComparison.Ordinal);
        Assert.Equal(2, Turns(result).Count);
        Assert.Equal("It is APPROVED.", result.Output);
    }

    [Fact]
    public async Task Phrase_NeverSaid_LeavesItToTheLimit()
    {
        var result = await RunAsync(TeamCondition.Phrase("approved"), Says("a", "no"));

        Assert.Equal(StopKind.MaxTurns, result.Stop!.Kind);
    }

    [Fact]
    public async Task And_HeldByDifferentTurns_DoesNotHold()
    {
        var result = await RunAsync(TeamCondition.Phrase("ok") & TeamCondition.Member("critic"), Says("writer", "ok"), Says("critic", "no"));

        Assert.Equal(StopKind.MaxTurns, result.Stop!.Kind);
    }

    [Fact]
    public async Task And_HeldByOneTurn_Holds()
    {
        var result = await RunAsync(TeamCondition.Phrase("ok") & TeamCondition.Member("CRITIC"), Says("writer", "ok"), Says("critic", "ok"));

        Assert.Equal(2, Turns(result).Count);
    }

    [Fact]
    public async Task Or_OneHolds_Ends()
    {
        var result = await RunAsync(TeamCondition.Phrase("never") | TeamCondition.When("two turns", (run, _) => run.Turns.Count == 2), Says("a", "x"));

        Assert.Equal(2, Turns(result).Count);
        Assert.Contains("two turns", result.Stop!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("done", null, true)]
    [InlineData("verdict.status", "OK", true)]
    [InlineData("verdict.status", "bad", false)]
    [InlineData("verdict.missing", null, false)]
    [InlineData("failed", null, false)]
    public async Task JsonField_InTheText_IsRead(string path, string? value, bool holds)
    {
        var result = await RunAsync(TeamCondition.JsonField(path, value), Says("a", """So: ```json {"done": true, "failed": false, "verdict": {"status": "ok"}} ```"""));

        Assert.Equal(holds ? StopKind.Condition : StopKind.MaxTurns, result.Stop!.Kind);
    }

    [Fact]
    public async Task JsonField_InData_IsRead()
    {
        var result = await RunAsync(TeamCondition.JsonField("score", "3"), new Sync(_ => AgentResult.Done("text", new { score = 3 })));

        Assert.Equal(StopKind.Condition, result.Stop!.Kind);
    }

    [Fact]
    public async Task JsonField_HostileText_DoesNotHold()
    {
        var result = await RunAsync(TeamCondition.JsonField("a"), Says("a", "} {\"a\": "), Says("b", new string('{', 5_000)));

        Assert.Equal(StopKind.MaxTurns, result.Stop!.Kind);
    }

    [Fact]
    public async Task ToolCalled_ByAModel_EndsTheTeam()
    {
        var client = new ScriptedChatClient().ThenCall("submit", new { text = "x" }).ThenReply("sent");
        var agent = ChatAgent.Create("clerk", client).WithTool(AIFunctionFactory.Create((string text) => "ok", "submit")).Build();

        var result = await RunAsync(TeamCondition.ToolCalled("submit"), Says("a", "x"), agent);

        Assert.Equal(StopKind.Condition, result.Stop!.Kind);
        Assert.Equal(["submit"], Turns(result)[1].Tools!);
    }

    [Fact]
    public async Task ToolCalled_InANestedTeam_IsSeenOutside()
    {
        var client = new ScriptedChatClient().ThenCall("submit").ThenReply("sent");
        var agent = ChatAgent.Create("clerk", client).WithTool(AIFunctionFactory.Create(() => "ok", "submit")).Build();

        var result = await RunAsync(TeamCondition.ToolCalled("submit"), new Team("office", new SequentialProtocol(), [agent]));

        Assert.Equal(StopKind.Condition, result.Stop!.Kind);
    }

    [Fact]
    public async Task Guard_SameSaidRoundAfterRound_StopsForNoProgress()
    {
        using var team = new Team("circle", new RoundRobinProtocol(), [Says("a", "after you"), Says("b", "no, after you")], new TeamOptions { Limits = new() { MaxTurns = 1_000 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal((RunStatus.Limited, StopKind.NoProgress), (result.Status, result.Stop!.Kind));
        Assert.Equal(6, Turns(result).Count);
        Assert.Equal("no, after you", result.Output);
    }

    [Fact]
    public async Task Guard_OnlyOneMemberRepeatsItself_GoesOn()
    {
        var n = 0;
        using var team = new Team("work", new RoundRobinProtocol(), [Says("a", "go on"), new Sync(_ => AgentResult.Done($"{n++}"), name: "b")], new TeamOptions { Limits = new() { MaxTurns = 50 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal(StopKind.MaxTurns, result.Stop!.Kind);
    }

    [Fact]
    public async Task Guard_SameCallAndResultOverTurns_StopsForNoProgress()
    {
        var n = 0;
        var client = new ScriptedChatClient();
        for (var i = 0; i < 20; i++)
            client.ThenCall("poll").ThenReply($"waiting {i}");
        var agent = ChatAgent.Create("poller", client).WithTool(AIFunctionFactory.Create(() => "pending", "poll")).Build();
        using var team = new Team("wait", new RoundRobinProtocol(), [agent, new Sync(_ => AgentResult.Done($"{n++}"), name: "b")], new TeamOptions { Limits = new() { MaxTurns = 1_000 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal(StopKind.NoProgress, result.Stop!.Kind);
        Assert.Contains("'poll' 6 times", result.Stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guard_UnchangedState_StopsForNoProgress()
    {
        var n = 0;
        using var team = new Team("stuck", new RoundRobinProtocol(), [new Sync(_ => AgentResult.Done($"{n++}"))], new TeamOptions
        {
            Limits = new() { MaxTurns = 1_000 },
            Progress = new ProgressOptions { State = _ => "same", MaxUnchangedTurns = 4 },
        });

        var result = await team.ExecuteAsync("go");

        Assert.Equal(StopKind.NoProgress, result.Stop!.Kind);
        Assert.Equal(5, Turns(result).Count);
    }

    [Fact]
    public async Task Cost_OverItsLimit_Ends()
    {
        using var team = new Team("dear", new RoundRobinProtocol(), [Chat("a", "x"), Chat("b", "y")], new TeamOptions
        {
            Progress = null,
            Price = _ => new AgentCore.Models.TokenPrice(100_000, 200_000),
            Limits = new() { MaxCost = 5 },
        });

        var result = await team.ExecuteAsync("go");

        Assert.Equal((RunStatus.Limited, StopKind.MaxCost), (result.Status, result.Stop!.Kind));
        Assert.Equal([2m, 2m, 2m], Turns(result).Select(t => t.Cost));
    }
}
