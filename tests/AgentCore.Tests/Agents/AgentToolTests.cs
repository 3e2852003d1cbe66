using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Agents;

public sealed class AgentToolTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AgentTool_ModelLeavesTheTaskOut_IsToldAndTheRunGoesOn(bool stored)
    {
        await using var store = new MemoryCheckpointStore();
        using var inner = ChatAgent.Create("inner", new ScriptedChatClient("inner answer")).Build();
        var model = new ScriptedChatClient().ThenCall("inner", new { question = "what?" }).ThenCall("inner", new { task = "what?" }).ThenReply("done");
        using var outer = Outer(model, inner.AsTool());

        var result = await outer.ExecuteAsync("go", stored ? new RunOptions { Store = store } : new RunOptions());

        Assert.Equal("done", result.EnsureDone().Output);
        Assert.Contains("needs the argument 'task'", Told(model, 1), StringComparison.Ordinal);
        Assert.Equal("inner answer", Told(model, 2));
    }

    [Fact]
    public async Task AgentTool_ModelLeavesTheTaskOutAgainAndAgain_IsASlip()
    {
        using var inner = ChatAgent.Create("inner", new ScriptedChatClient()).Build();
        var model = new ScriptedChatClient().ThenCall("inner", new { n = 1 }).ThenCall("inner", new { n = 2 }).ThenCall("inner", new { n = 3 }).ThenCall("inner", new { n = 4 });
        using var outer = Outer(model, inner.AsTool());

        Assert.Equal("AgentCore.ModelSlip", (await outer.ExecuteAsync("go")).Error?.Type);
    }

    [Fact]
    public async Task AgentTool_OwnDelegateRefusesTheArguments_IsToldToTheModel()
    {
        using var inner = ChatAgent.Create("inner", new ScriptedChatClient("inner answer")).Build();
        var schema = JsonSerializer.Deserialize<JsonElement>("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""");
        var model = new ScriptedChatClient().ThenCall("inner", new { town = "Oslo" }).ThenReply("done");
        using var outer = Outer(model, inner.AsTool(schema, a => new AgentTask(a["city"]!.ToString()!)));

        Assert.Equal("done", (await outer.ExecuteAsync("go")).EnsureDone().Output);
        Assert.Contains("'city'", Told(model, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgentTool_CodeLeavesTheTaskOut_ThrowsAsAnyToolDoes()
    {
        using var inner = ChatAgent.Create("inner", new ScriptedChatClient()).Build();
        StepFailedException? thrown = null;
        using var outer = new Async(async c =>
        {
            thrown = await Assert.ThrowsAsync<StepFailedException>(() => c.CallToolAsync("inner"));
            return AgentResult.Done("ok");
        }, new AgentOptions { Tools = new ToolRegistry().Add(inner.AsTool()) });

        (await outer.ExecuteAsync("go")).EnsureDone();

        Assert.Equal(("inner", "System.ArgumentException"), (thrown!.Name, thrown!.Error.Type));
    }

    private static ChatAgent Outer(IChatClient model, Tool tool) =>
        ChatAgent.Create("outer", model).WithTools(new ToolRegistry().Add(tool)).WithCapabilities("inner").Build();

    private static string Told(ScriptedChatClient model, int request) => ((FunctionResultContent)model.Requests[request][^1].Contents[0]).Result!.ToString()!;
}
