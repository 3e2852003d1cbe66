using AgentCore.Models;
using AgentCore.Offline;
using AgentCore.Plugins;
using Microsoft.Extensions.AI;

[assembly: AgentCorePlugin(typeof(OfflinePlugin))]

namespace AgentCore.Offline;

/// <summary>Adds the model <c>offline/extractive</c> to a host: the one that is there when nothing else is.</summary>
public sealed class OfflinePlugin : AgentCorePlugin
{
    /// <inheritdoc/>
    public override string Name => "offline";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddProvider(new OfflineProvider());
    }

    private sealed class OfflineProvider : ModelProvider
    {
        private const string Extractive = "extractive";

        public override string Name => "offline";

        public override int Preference => 0;

        public override ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new ProviderStatus(true, "built in: answers by quoting the input, and makes no text up", [Extractive]));

        public override IChatClient CreateClient(string model, ProviderSettings settings) =>
            model is Extractive or "" ? new ExtractiveChatClient()
            : throw new InvalidOperationException($"The provider 'offline' has no model '{model}'; its one model is '{ExtractiveChatClient.ModelId}'.");
    }
}
