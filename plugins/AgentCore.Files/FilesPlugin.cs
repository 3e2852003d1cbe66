using AgentCore.Files;
using AgentCore.Plugins;
using AgentCore.Tools;

[assembly: AgentCorePlugin(typeof(FilesPlugin))]

namespace AgentCore.Files;

/// <summary>Adds the file tools to a host: they read its inputs, or its workspace where it has none, and write to its workspace, but not what decides over its agents.</summary>
public sealed class FilesPlugin : AgentCorePlugin
{
    /// <inheritdoc/>
    public override string Name => "files";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddTools(host => Create(host).Tools);
    }

    private static FileTools Create(ToolHost host)
    {
        var options = new FileToolsOptions { WriteRoot = host.Workspace };
        foreach (var input in host.Inputs) options.ReadRoots.Add(input);
        if (host.Inputs.Count == 0) options.ReadRoots.Add(host.Workspace);
        return new FileTools(options);
    }
}
