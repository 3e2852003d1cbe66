using AgentCore.Plugins;
using AgentCore.Providers.OpenAI;

[assembly: AgentCorePlugin(typeof(OpenAIPlugin))]

namespace AgentCore.Providers.OpenAI;

/// <summary>Adds the model provider <c>openai</c>.</summary>
public sealed class OpenAIPlugin : AgentCorePlugin
{
    /// <inheritdoc/>
    public override string Name => "AgentCore.Providers.OpenAI";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddProvider(new OpenAIModelProvider());
    }
}
