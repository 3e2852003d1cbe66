using AgentCore.Agents;
using AgentCore.Models;
using AgentCore.Teams;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using static AgentCore.Tests.Teams.TeamTests;

namespace AgentCore.Tests.Teams;

public sealed class PreflightTests
{
    [Fact]
    public async Task Handoff_ToNobody_IsAnErrorAndStopsTheRun()
    {
        var asked = new ScriptedChatClient();
        using var team = new Team("support", new HandoffProtocol(), [new TeamMember(ChatAgent.Create("desk", asked).Build()) { Handoffs = ["biling"] }, Says("billing", "")],
            new TeamOptions { Locate = field => field == "members[0].handoffs" ? new FindingLocation("teams/support.yaml", 7) : null });

        var finding = Assert.Single(team.Check(), f => f.Severity == FindingSeverity.Error);
        var result = await team.ExecuteAsync("help");

        Assert.StartsWith("teams/support.yaml:7: error: team 'support' 'desk' may hand over to 'biling', who is no member. The members are: desk, billing.", finding.ToString(), StringComparison.Ordinal);
        Assert.Equal((RunStatus.Failed, StopKind.Preflight), (result.Status, result.Stop!.Kind));
        Assert.Contains("biling", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, asked.Calls);
    }

    [Fact]
    public void Handoff_MemberThatNobodyReaches_IsAWarning()
    {
        using var team = new Team("support", new HandoffProtocol(), [Says("a", "") with { Handoffs = ["b"] }, Says("b", "") with { Handoffs = ["a"] }, Says("c", "")]);

        Assert.Equal("members[2]", Assert.Single(team.Check(), f => f.Severity == FindingSeverity.Warning).Field);
    }

    [Fact]
    public void RoundRobin_WithoutACondition_IsACycleWithoutExit()
    {
        using var open = new Team("talk", new RoundRobinProtocol(), [Says("a", "")]);
        using var closed = new Team("talk", new RoundRobinProtocol(2), [Says("a", "")]);

        Assert.Contains("no exit but its limits", Assert.Single(open.Check()).Message, StringComparison.Ordinal);
        Assert.Empty(closed.Check());
    }

    [Fact]
    public void Agents_ThatCallEachOtherInACircle_AreAnError()
    {
        var tools = new ToolRegistry();
        var helper = ChatAgent.Create("helper", new ScriptedChatClient()).WithCapabilities("*").WithTools(tools).Build();
        using var team = new Team("ring", new SequentialProtocol(), [helper]);
        tools.Add(team.AsTool("ask_team"));

        var finding = Assert.Single(team.Check(), f => f.Severity == FindingSeverity.Error);

        Assert.Contains("ring → helper → ring", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_WhoseCapabilityNobodyHas_IsAWarning()
    {
        var tools = new ToolRegistry().Add(AIFunctionFactory.Create(() => "", "erase"), new ToolOptions { Capabilities = ["files.erase"] });
        using var team = new Team("desk", new SequentialProtocol(), [ChatAgent.Create("a", new ScriptedChatClient()).WithTools(tools).Build()]);

        Assert.Contains("'files.erase'", Assert.Single(team.Check()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Condition_OnAStrangerOrAToolOutOfReach_IsAnError()
    {
        using var team = new Team("desk", new RoundRobinProtocol(), [Says("a", "")], new TeamOptions { Until = TeamCondition.Member("critic") | TeamCondition.ToolCalled("submit") });

        Assert.Equal(2, team.Check().Count(f => f is { Severity: FindingSeverity.Error, Field: "until" }));
    }

    [Fact]
    public void Bounds_Missing_AreWarnings()
    {
        using var team = new Team("desk", new SequentialProtocol(), [Chat("a", "")], new TeamOptions { Limits = new() { MaxTokens = null, MaxTurns = 500_000 } });

        Assert.Equal(["limits.maxTokens", "limits.maxTurns"], team.Check().Select(f => f.Field).Order());
    }

    [Fact]
    public void Selector_MemberWithoutADescription_IsAWarning()
    {
        using var team = new Team("board", new SelectorProtocol(new ScriptedChatClient()), [Chat("a", "")]);

        Assert.Equal("members[0].description", Assert.Single(team.Check()).Field);
    }

    [Fact]
    public void Prices_Known_GiveTheWorstCase()
    {
        using var team = new Team("desk", new SequentialProtocol(), [Chat("a", "")], new TeamOptions { Price = _ => new TokenPrice(2, 8), Limits = new() { MaxTokens = 500_000 } });

        var finding = Assert.Single(team.Check());

        Assert.Equal(FindingSeverity.Note, finding.Severity);
        Assert.Contains("at most 4 ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prices_UnknownButACostLimit_IsAnError()
    {
        using var team = new Team("desk", new SequentialProtocol(), [Chat("a", "")], new TeamOptions { Limits = new() { MaxCost = 1 } });

        Assert.Equal("limits.maxCost", Assert.Single(team.Check()).Field);
    }

    [Fact]
    public void Substitute_WhoIsNoMember_IsAnError()
    {
        using var team = new Team("desk", new SequentialProtocol(), [Says("a", "") with { OnFailure = FailurePolicy.ReplaceWith("b") }], new TeamOptions { OnFailure = new FailurePolicy { Then = FailureAction.Replace } });

        Assert.Equal(["members[0].onFailure.substitute", "onFailure.substitute"], team.Check().Select(f => f.Field).Order());
    }

    [Fact]
    public void NestedTeam_Findings_NameTheirPlace()
    {
        using var team = new Team("outer", new SequentialProtocol(), [Says("a", ""), new Team("inner", new DebateProtocol("judge"), [Says("x", ""), Says("y", "")])]);

        var finding = Assert.Single(team.Check());

        Assert.Equal(("inner", "members[1].protocol.judge"), (finding.Team, finding.Field));
    }
}
