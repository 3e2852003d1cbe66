using AgentCore.Plugins;
using AgentCore.Providers.Ollama;

[assembly: AgentCorePlugin(typeof(OllamaPlugin))]

namespace AgentCore.Providers.Ollama;

/// <summary>Adds the model provider <c>ollama</c>.</summary>
public sealed class OllamaPlugin : AgentCorePlugin
{
    /// <inheritdoc/>
    public override string Name => "AgentCore.Providers.Ollama";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddProvider(new OllamaModelProvider());
    }
}
