using AgentCore.Endurance.Plugin;
using AgentCore.Plugins;

[assembly: AgentCorePlugin(typeof(LedgerPlugin))]

namespace AgentCore.Endurance.Plugin;

/// <summary>Agents whose models and tools leave their traces in a ledger outside, and a store that kills its process: what the
/// kill trials run in the real program.</summary>
public sealed class LedgerPlugin : AgentCorePlugin
{
    /// <inheritdoc/>
    public override string Name => "endurance";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddAgent("ledger-steps", _ => new LedgerSteps())
            .AddAgent("ledger-chat", _ => LedgerAgents.Chat("ledger-chat", "chat"))
            .AddAgent("ledger-team", _ => LedgerAgents.Team())
            .AddProvider(new LedgerProvider());
        KillingStore.AddTo(registry);
    }
}
