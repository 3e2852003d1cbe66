using System.Collections.Concurrent;
using System.Diagnostics;
using AgentCore.Agents;
using AgentCore.Telemetry;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Execute_SomebodyListens_TracesAgentModelAndToolUnderOneTrace()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var root = new ActivitySource("test");
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is AgentTelemetry.SourceName or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var model = new ScriptedChatClient().ThenCall("noop").ThenReply("ok");
        using var agent = ChatAgent.Create("traced", model).WithTool(AIFunctionFactory.Create(() => 1, "noop")).Build();

        using var trace = root.StartActivity("test")!;
        await agent.ExecuteAsync("go");

        var mine = ended.Where(a => a.TraceId == trace.TraceId).ToList();
        Assert.Equal(["chat scripted", "execute_tool noop", "chat scripted", "invoke_agent traced"], mine.Select(a => a.OperationName));
        Assert.Equal(10L, mine[0].GetTagItem("gen_ai.usage.input_tokens"));
        Assert.All(mine.Take(3), a => Assert.Equal(mine[3].SpanId, a.ParentSpanId));
    }
}
