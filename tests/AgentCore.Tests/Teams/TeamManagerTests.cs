using AgentCore.Agents;
using AgentCore.Teams;
using AgentCore.Testing;
using AgentCore.Tests.Tasks;

namespace AgentCore.Tests.Teams;

public sealed class TeamManagerTests
{
    private static TeamParts Parts() => new(new AgentRegistry().Add(new Able("a", "text.write", body: _ => AgentResult.Done("one"))).Add(new Able("b", "text.write", body: _ => AgentResult.Done("two"))).Add(new Able("c", "mail.send")))
    {
        Models = _ => new ScriptedChatClient().Otherwise(_ => "a"),
    };

    private static TeamDefinition Define(string name, params string[] members) => new(name) { Members = [.. members.Select(m => new MemberDefinition(m))] };

    [Fact]
    public void Build_UnknownAgent_NamesFieldAndAgents()
    {
        var error = Assert.Throws<TeamDefinitionException>(() => Parts().Build(Define("desk", "a", "zed")));

        Assert.Equal("members[1].agent", error.Field);
        Assert.Contains("The agents are: a, b, c.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("telepathy", "protocol.kind")]
    [InlineData("debate", "protocol.judge")]
    public void Build_WrongProtocol_NamesTheField(string kind, string field) =>
        Assert.Equal(field, Assert.Throws<TeamDefinitionException>(() => Parts().Build(Define("desk", "a", "b", "c") with { Protocol = new(kind) })).Field);

    [Fact]
    public void Build_FieldThatTheProtocolLacks_SaysWhichItHas()
    {
        var error = Assert.Throws<TeamDefinitionException>(() => Parts().Build(Define("desk", "a") with { Protocol = new("round-robin") { Rounds = 2, Judge = "a" } }));

        Assert.Equal("protocol.judge", error.Field);
        Assert.Contains("it has rounds", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ValueOutOfRange_IsTheProtocolsError() =>
        Assert.Contains("rounds are 0", Assert.Throws<TeamDefinitionException>(() => Parts().Build(Define("desk", "a") with { Protocol = new("round-robin") { Rounds = 0 } })).Message, StringComparison.Ordinal);

    [Fact]
    public void Build_EmptyCondition_IsAnError() =>
        Assert.Equal("until.any[0]", Assert.Throws<TeamDefinitionException>(() => Parts().Build(Define("desk", "a") with { Until = new() { Any = [new()] } })).Field);

    [Fact]
    public void Build_EveryKind_MakesItsProtocol()
    {
        foreach (var kind in TeamParts.Kinds.Keys)
        {
            using var team = Parts().Build(Define("desk", "a", "b", "c") with { Protocol = new(kind) { Judge = kind == "debate" ? "c" : null } });

            Assert.Equal(kind, team.Protocol.Name);
        }
    }

    [Fact]
    public async Task Build_Condition_EndsTheTeam()
    {
        using var team = Parts().Build(Define("desk", "a", "b") with
        {
            Protocol = new("round-robin"),
            Until = new() { Any = [new() { Phrase = "never" }, new() { Member = "b", Phrase = "two" }] },
        });

        var result = await team.ExecuteAsync("go");

        Assert.Equal(StopKind.Condition, result.Stop!.Kind);
    }

    [Fact]
    public async Task Load_AfterARestart_BringsTeamsBackMembersFirst()
    {
        var store = new MemoryCheckpointStore();
        var manager = new TeamManager(Parts(), store);
        await manager.CreateAsync(Define("z-inner", "a", "b") with { Limits = new() { MaxTurns = 7 } });
        await manager.CreateAsync(Define("outer", "z-inner", "c") with { OnFailure = FailurePolicy.Retry(2) });

        var after = new TeamManager(Parts(), store);
        var loaded = await after.LoadAsync();

        Assert.Equal(["z-inner", "outer"], loaded.Select(t => t.Metadata.Name));
        Assert.Equal(7, after.Get("z-inner").Rules.Limits.MaxTurns);
        Assert.Equal(2, after.Get("OUTER").Rules.OnFailure.Retries);
        Assert.Equal("c: two", (await after.Get("outer").ExecuteAsync("go")).EnsureDone().Output);
    }

    [Fact]
    public async Task Create_NameTaken_OrTeamWithErrors_Throws()
    {
        var manager = new TeamManager(Parts());
        await manager.CreateAsync(Define("desk", "a"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => manager.CreateAsync(Define("desk", "b")));
        await Assert.ThrowsAsync<InvalidOperationException>(() => manager.CreateAsync(Define("pass", "a") with { Protocol = new("handoff") { First = "b" } }));
        Assert.Single(manager.All);
    }

    [Fact]
    public async Task Remove_Team_IsGoneFromTheStore()
    {
        var store = new MemoryCheckpointStore();
        var manager = new TeamManager(Parts(), store);
        await manager.CreateAsync(Define("desk", "a"));

        Assert.True(await manager.RemoveAsync("desk"));

        Assert.Empty(await new TeamManager(Parts(), store).LoadAsync());
        Assert.False(await manager.RemoveAsync("desk"));
    }

    [Fact]
    public async Task Assign_TaskThatNeedsACapability_GoesToTheTeamThatHasIt()
    {
        var manager = new TeamManager(Parts(), new MemoryCheckpointStore());
        await manager.CreateAsync(Define("plain", "a"));
        await manager.CreateAsync(Define("post", "c"));

        var result = await manager.AssignAsync(new AgentTask("letter") { RequiredCapabilities = ["mail.send"] });

        Assert.Equal("c: letter", result.EnsureDone().Output);
        Assert.NotNull(result.RunId);
        Assert.Contains("air.fly", Assert.Throws<InvalidOperationException>(() => manager.TeamFor(new AgentTask("x") { RequiredCapabilities = ["air.fly"] })).Message, StringComparison.Ordinal);
    }
}
