using AgentCore.Plugins;

namespace AgentCore.Hosting;

/// <summary>How a host's workspace is set up.</summary>
public sealed class AgentCoreOptions
{
    /// <summary>The workspace's folder: it may hold <c>agentcore.yaml</c>, <c>agents/*.yaml</c>, <c>teams/*.yaml</c>,
    /// <c>config/*.yaml</c> and <c>plugins/</c>, and runs are kept below it. The current folder by default.</summary>
    public string Workspace { get; set; } = ".";

    /// <summary>Files and folders that agents may read, beside those that <c>agentcore.yaml</c> names.</summary>
    public IList<string> Inputs { get; } = [];

    /// <summary>The model, as <c>provider/model</c>; it wins over what definitions name. Null for theirs, else the best that is there.</summary>
    public string? Model { get; set; }

    /// <summary>The kind of store for a new workspace; null for the default. One that exists keeps its kind.</summary>
    public string? Store { get; set; }

    /// <summary>The most turns of a team, or model calls of an agent; it wins over what definitions say. Null for theirs.</summary>
    public int? MaxTurns { get; set; }

    /// <summary>Whether plugins in the workspace's <c>plugins</c> folder are loaded: they are code, and a workspace is trusted
    /// as far as a project's folder is. On by default.</summary>
    public bool WorkspacePlugins { get; set; } = true;

    /// <summary>Adds the host's own agents, tools, providers, stores and kinds of agent.</summary>
    public Action<PluginRegistry>? Register { get; set; }
}
