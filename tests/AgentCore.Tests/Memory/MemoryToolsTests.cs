using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Memory;
using AgentCore.Runs;
using AgentCore.Teams;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Memory;

public sealed class MemoryToolsTests : IAsyncLifetime
{
    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public async Task Call_WithoutTheCapability_IsRefused()
    {
        var memory = new MemoryStore(_store);
        var model = new ScriptedChatClient().ThenCall("memory.remember", new { text = "fact" }).ThenReply("ok");
        using var agent = Agent("reader", model, memory, "memory.read");

        (await agent.ExecuteAsync("go")).EnsureDone();

        Assert.Contains("memory.write", Told(model), StringComparison.Ordinal);
        Assert.Empty(await memory.ListAsync(MemoryScope.Agent("reader")));
    }

    [Theory]
    [InlineData("team")]
    [InlineData("session")]
    [InlineData("agent/other")]
    public async Task Call_ScopeThatIsNotTheAgents_IsASlipThatNamesThoseThatAre(string scope)
    {
        var memory = new MemoryStore(_store);
        var model = new ScriptedChatClient().ThenCall("memory.remember", new { text = "fact", scope }).ThenReply("ok");
        using var agent = Agent("writer", model, memory, "memory.*");

        (await agent.ExecuteAsync("go")).EnsureDone();

        Assert.Contains($"no scope '{scope}' here. The scopes are: agent.", Told(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("memory.remember", """{"text":"a fact","scope":null,"tags":null}""")]
    [InlineData("memory.remember", """{"text":"a fact","scope":"agent","tags":["x",null]}""")]
    [InlineData("memory.remember", """{"text":"a fact","scope":"","tags":[]}""")]
    [InlineData("memory.recall", """{"query":"fact","scope":null,"count":null}""")]
    [InlineData("memory.recall", """{"query":"fact","scope":" "}""")]
    [InlineData("memory.forget", """{"id":"none","scope":null}""")]
    public async Task Call_NullOrEmptyForTheDefault_IsTheDefault(string tool, string arguments)
    {
        // Under strict schemas every argument is required, and models send null for what they would leave out.
        var memory = new MemoryStore(_store);
        if (tool != "memory.remember")
            await memory.RememberAsync(MemoryScope.Agent("helper"), "a fact", "helper");
        var model = new ScriptedChatClient().ThenCall(tool, JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)).ThenReply("ok");
        using var agent = Agent("helper", model, memory, "memory.*");

        (await agent.ExecuteAsync("go")).EnsureDone();

        Assert.DoesNotContain("Error", Told(model), StringComparison.Ordinal);
        Assert.Contains(tool == "memory.forget" ? "no memory 'none' in agent/helper" : "agent/helper", Told(model), StringComparison.Ordinal);
        Assert.Equal("a fact", Assert.Single(await memory.ListAsync(MemoryScope.Agent("helper"))).Text);
    }

    [Fact]
    public async Task Call_OutsideARun_SaysHow()
    {
        var tools = new ToolRegistry().AddMemory(new MemoryStore(_store));
        Assert.True(tools.TryGet("memory.recall", out var tool));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await tool.Function.InvokeAsync(new AIFunctionArguments { ["query"] = "x" }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_RememberThenRecall_TellsWhoWroteWhat(bool journalled)
    {
        var memory = new MemoryStore(_store);
        var model = new ScriptedChatClient()
            .ThenCall("memory.remember", new { text = "The invoice is due in May.", tags = new[] { "invoice" } })
            .ThenCall("memory.recall", new { query = "when is the invoice due" })
            .ThenReply("May");
        using var agent = Agent("clerk", model, memory, "memory.*");

        (await agent.ExecuteAsync("go", new RunOptions { Store = journalled ? _store : null })).EnsureDone();

        var told = Told(model);
        Assert.Contains("The invoice is due in May.", told, StringComparison.Ordinal);
        Assert.Contains("\"clerk\"", told, StringComparison.Ordinal);
        Assert.Equal("invoice", Assert.Single(Assert.Single(await memory.ListAsync(MemoryScope.Agent("clerk"))).Tags));
    }

    [Fact]
    public async Task Call_InATeam_MembersShareAndTheSessionIsTheTeams()
    {
        var memory = new MemoryStore(_store);
        var writer = new ScriptedChatClient()
            .ThenCalls(("memory.remember", new { text = "The report is in Norwegian.", scope = "team" }), ("memory.remember", new { text = "The user is in a hurry.", scope = "session" }))
            .ThenReply("noted");
        var reader = new ScriptedChatClient().ThenCall("memory.recall", new { query = "Which language is the report in? Norwegian?" }).ThenReply("Norwegian");
        using var team = new Team(
            "office",
            new SequentialProtocol(),
            [new TeamMember(Agent("writer", writer, memory, "memory.*")), new TeamMember(Agent("reader", reader, memory, "memory.*"))]);

        (await team.ExecuteAsync("go", new RunOptions { Session = new AgentSession("s1"), Store = _store })).EnsureDone();

        Assert.Contains("\"writer\"", Told(reader), StringComparison.Ordinal);
        Assert.Equal("writer", Assert.Single(await memory.ListAsync(MemoryScope.Team("office"))).Author);
        Assert.Equal("The user is in a hurry.", Assert.Single(await memory.ListAsync(MemoryScope.Session("s1"))).Text);
    }

    [Fact]
    public async Task Resume_KilledBeforeTheResultWasKept_RemembersOnceAndSeesWhatItSaw()
    {
        var memory = new MemoryStore(_store);
        var scope = MemoryScope.Agent("async");
        var crash = true;
        BaseAgent Agent() => new Async(async c =>
        {
            var before = await c.RecallAsync(memory, scope, "cat");
            var entry = await c.RememberAsync(memory, scope, "the cat is grey");
            if (crash)
                throw new IOException("killed");
            return AgentResult.Done($"{before.Hits.Count} before, number {entry.Number}");
        });
        var failed = await Agent().ExecuteAsync("x", new RunOptions { Store = _store });
        crash = false;
        await memory.RememberAsync(scope, "another cat is black", "somebody");

        var resumed = await Agent().ResumeAsync(failed.RunId!, new RunOptions { Store = _store });

        Assert.Equal("0 before, number 1", resumed.EnsureDone().Output);
        Assert.Equal(2, (await memory.ListAsync(scope)).Count);
    }

    [Fact]
    public async Task Resume_FromEveryRecord_IsRight()
    {
        var result = await ReplayCheck.EnsureAsync(
            () =>
            {
                var memory = new MemoryStore(new MemoryCheckpointStore());
                var at = MemoryScope.Agent("async");
                return new Async(async c =>
                {
                    var entry = await c.RememberAsync(memory, at, "the cat is grey", ["cat"]);
                    await c.StepAsync("between", null, _ => Task.FromResult(1), StepOptions.Repeat);
                    var forgot = await c.ForgetAsync(memory, at, "none");
                    return AgentResult.Done($"{entry.Number} {entry.Author} {forgot}");
                });
            },
            "x");

        Assert.Equal("1 async False", result.Output);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private static ChatAgent Agent(string name, ScriptedChatClient model, MemoryStore memory, string capability) =>
        ChatAgent.Create(name, model).WithCapabilities(capability).WithTools(new ToolRegistry().AddMemory(memory)).Build();

    private static string Told(ScriptedChatClient model) =>
        ((FunctionResultContent)model.Requests[^1].Last(m => m.Role == ChatRole.Tool).Contents[^1]).Result!.ToString()!;
}
