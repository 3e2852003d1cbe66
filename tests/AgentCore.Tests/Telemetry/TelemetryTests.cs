using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AgentCore.Agents;
using AgentCore.Telemetry;
using AgentCore.Testing;
using AgentCore.Tests.Teams;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Execute_SomebodyListens_TracesAgentModelAndToolUnderOneTrace()
    {
        using var root = new ActivitySource("test");
        using var listener = Listen(out var ended);
        var model = new ScriptedChatClient().ThenCall("noop").ThenReply("ok");
        using var agent = ChatAgent.Create("traced", model).WithTool(AIFunctionFactory.Create(() => 1, "noop")).Build();

        using var trace = root.StartActivity("test")!;
        await agent.ExecuteAsync("go");

        var mine = ended.Where(a => a.TraceId == trace.TraceId).ToList();
        Assert.Equal(["chat scripted", "execute_tool noop", "chat scripted", "invoke_agent traced"], mine.Select(a => a.OperationName));
        Assert.Equal(10L, mine[0].GetTagItem("gen_ai.usage.input_tokens"));
        Assert.All(mine.Take(3), a => Assert.Equal(mine[3].SpanId, a.ParentSpanId));
    }
    [Fact]
    public async Task Execute_StepIsLeftBehind_IsTracedAsCancelled()
    {
        using var root = new ActivitySource("test");
        using var listener = Listen(out var ended);
        var time = new ManualTime();
        var began = new TaskCompletionSource();
        var stuck = new TaskCompletionSource<int>();
        using var agent = new Async(async c => AgentResult.Done((await c.StepAsync("hang", null, _ => HangAsync())).ToString(CultureInfo.InvariantCulture)), new AgentOptions { Timeout = TimeSpan.FromMinutes(1), Time = time });

        using var trace = root.StartActivity("test")!;
        var run = agent.ExecuteAsync("go");
        await began.Task;
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        stuck.SetResult(1);
        var step = ended.Single(a => a.TraceId == trace.TraceId && a.OperationName == "agentcore.step hang");
        Assert.Equal(("System.OperationCanceledException", ActivityStatusCode.Error), (step.GetTagItem("error.type"), step.Status));

        Task<int> HangAsync()
        {
            began.SetResult();
            return stuck.Task;
        }
    }

    private static ActivityListener Listen(out ConcurrentQueue<Activity> ended)
    {
        var queue = ended = new ConcurrentQueue<Activity>();
        var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name is AgentTelemetry.SourceName or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = queue.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
