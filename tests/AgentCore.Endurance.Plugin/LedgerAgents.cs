using AgentCore.Agents;
using AgentCore.Teams;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Endurance.Plugin;

internal static class LedgerAgents
{
    /// <summary>Reading may be repeated; paying may not.</summary>
    public static ToolRegistry Tools() => new ToolRegistry()
        .Add(AIFunctionFactory.Create((int n, AIFunctionArguments arguments, CancellationToken token) => EffectAsync("read", n, arguments, token), "ledger.read"), new ToolOptions { Repeatable = true })
        .Add(AIFunctionFactory.Create((int n, AIFunctionArguments arguments, CancellationToken token) => EffectAsync("pay", n, arguments, token), "ledger.pay"));

    public static ChatAgent Chat(string name, string model) =>
        ChatAgent.Create(name, new LedgerModel(model)).WithCapabilities("ledger.*").WithTools(Tools()).Build();

    public static Team Team() => new(
        "ledger-team",
        new RoundRobinProtocol(rounds: 2),
        [
            new TeamMember(Chat("one", "m1")),
            new TeamMember(new LedgerSteps("two", 4)),
            new TeamMember(new Team("inner", new SequentialProtocol(), [new TeamMember(Chat("three", "m3")), new TeamMember(Chat("four", "m4"))])),
        ]);

    private static async Task<int> EffectAsync(string kind, int n, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        await Ledger.EffectAsync(kind, StepContext.From(arguments)!.IdempotencyKey, cancellationToken);
        return (n * 7) + 1;
    }
}

/// <summary>An agent of plain steps, tools, a nested agent and branches.</summary>
internal sealed class LedgerSteps(string name = "ledger-steps", int rounds = 6) : AsyncAgent(
    new AgentMetadata(name) { Capabilities = new CapabilitySet(["ledger.*"]) }, new AgentOptions { Tools = LedgerAgents.Tools() })
{
    protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
    {
        var sum = 0;
        for (var i = 0; i < rounds; i++)
        {
            sum += await context.StepAsync("pay", sum, async step => { await Ledger.EffectAsync("pay", step.IdempotencyKey, step.CancellationToken); return 2; });
            sum += await context.StepAsync("read", sum, async step => { await Ledger.EffectAsync("read", step.IdempotencyKey, step.CancellationToken); return 3; }, StepOptions.Repeat);
            sum += int.Parse($"{await context.CallToolAsync("ledger.read", new Dictionary<string, object?> { ["n"] = sum })}", System.Globalization.CultureInfo.InvariantCulture);
            var parts = await context.ParallelAsync<int>([
                async branch => await branch.StepAsync("left", i, async step => { await Ledger.EffectAsync("pay", step.IdempotencyKey, step.CancellationToken); return 5; }),
                async branch => await branch.StepAsync("right", i, async step => { await Ledger.EffectAsync("read", step.IdempotencyKey, step.CancellationToken); return 7; }, StepOptions.Repeat),
            ]);
            sum += parts.Sum();
        }

        return AgentResult.Done($"{context.Agent.Metadata.Name} came to {sum}, {context.NewId().Length} digits");
    }
}
