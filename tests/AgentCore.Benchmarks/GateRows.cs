using AgentCore.Runs;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Benchmarks;

/// <summary>A tool call through the gate above the bare function, journal off.</summary>
internal sealed class GateRows : IRows
{
    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        var function = AIFunctionFactory.Create((int n) => n, "noop");
        var arguments = new AIFunctionArguments { ["n"] = 1 };
        var tool = new Tool(function);
        var timed = new Tool(function, new ToolOptions { Capabilities = ["noop"], Timeout = TimeSpan.FromSeconds(30) });
        using var agent = new Idle();
        var context = new AgentContext(new Run(RunOptions.Default, agent.Options, null, null), null, 0, agent, "x", null, null, false, CancellationToken.None);
        var figures = await Measure.TogetherAsync(
            50_000,
            async () => await function.InvokeAsync(arguments),
            async () => await context.CallToolAsync(tool, arguments, synchronous: false),
            async () => await context.CallToolAsync(timed, arguments, synchronous: false));
        yield return Row.Above("gate", figures[1].Nanoseconds, "ns", figures[0].Nanoseconds, 100);
        yield return Row.Above("gate with a timeout", figures[2].Nanoseconds, "ns", figures[0].Nanoseconds, 250);
    }

    private sealed class Idle() : BaseAgent(new AgentMetadata("idle") { Capabilities = new CapabilitySet(["noop"]) })
    {
        protected override AgentResult OnExecute(AgentContext context) => AgentResult.Done("");
    }
}
