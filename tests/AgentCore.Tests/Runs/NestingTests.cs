using AgentCore.Agents;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

public sealed class NestingTests
{
    private static readonly AgentOptions Many = new() { MaxConcurrentRuns = 0 };

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void RunAgent_WithinItself_EndsAt64(int depth, bool done)
    {
        var calls = 0;
        Sync? agent = null;
        using var self = agent = new Sync(c => ++calls == depth ? AgentResult.Done("deep") : c.RunAgent(agent!, "again"), Many, "self");

        var result = agent.Execute("x");

        Assert.Equal((done ? RunStatus.Done : RunStatus.Limited, 64), (result.Status, calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nested_WithTheRunsSession_ChangesTheRunsState(bool ready)
    {
        using var inner = new Async(c =>
        {
            c.State.Set("k", "v");
            return Task.FromResult(AgentResult.Done(""));
        });
        Assert.True(!ready || await inner.InitializeAsync());
        using var outer = new Async(
            async c =>
            {
                await c.RunAgentAsync(inner, "go", c.Session);
                return AgentResult.Done(c.State.Get<string>("k") ?? "nothing");
            },
            name: "outer");
        var session = new AgentSession();

        var result = await outer.ExecuteAsync("go", new RunOptions { Session = session });

        Assert.Equal(("v", "v"), (result.Output, session.State.Get<string>("k")));
    }

    [Fact]
    public async Task Tools_AgentsThatCallEachOther_EndAsLimitedAndAreNamed()
    {
        var calls = 0;
        var (ping, pong) = (new ToolRegistry(), new ToolRegistry());
        using var a = Chat("ping", "pong", ping);
        using var b = Chat("pong", "ping", pong);
        ping.Add(b.AsTool());
        pong.Add(a.AsTool());

        var result = await a.ExecuteAsync("x", new RunOptions { Store = new MemoryCheckpointStore() });

        Assert.Equal((RunStatus.Limited, StopKind.NoProgress, 64), (result.Status, result.Stop!.Kind, calls));
        Assert.Contains("64 deep", result.Stop.Message, StringComparison.Ordinal);
        Assert.Contains("'pong' → 'ping' → 'pong' → 'ping'", result.Stop.Message, StringComparison.Ordinal);

        ChatAgent Chat(string name, string other, ToolRegistry tools)
        {
            var client = new ScriptedChatClient();
            for (var i = 0; i < 100; i++)
            {
                client.Then(async (_, _) =>
                {
                    await Task.Yield();
                    calls++;
                    return new(new ChatMessage(
                        ChatRole.Assistant,
                        [new FunctionCallContent($"{calls}", other, new Dictionary<string, object?> { ["task"] = "go" })]));
                });
            }

            return new ChatAgent(new AgentMetadata(name) { Capabilities = new(["*"]), Description = name }, client, options: Many with { Tools = tools });
        }
    }
}
