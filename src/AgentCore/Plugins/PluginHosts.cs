using AgentCore.Checkpoints;
using AgentCore.Models;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Plugins;

/// <summary>Where a store is kept and how it is opened.</summary>
/// <param name="Folder">The folder; created where it is missing.</param>
/// <param name="ReadOnly">Open for reading only, beside a writer.</param>
/// <param name="EncryptionKey">The key or password to encrypt with at rest; null for none.</param>
public sealed record StoreLocation(string Folder, bool ReadOnly = false, string? EncryptionKey = null)
{
    /// <summary>What an acknowledged durable commit survives. The default is a power loss.</summary>
    public StoreDurability Durability { get; init; } = StoreDurability.PowerLoss;

    /// <summary>Let several processes write to the store in turns; a kind that can't throws a
    /// <see cref="StoreException"/>. Off by default.</summary>
    public bool Shared { get; init; }
}

/// <summary>What tools may be built on.</summary>
/// <param name="Workspace">The workspace folder: tools may read and write below it, but not write what decides over agents (their definitions, rights, plugins and runs).</param>
/// <param name="Inputs">Files and folders that agents may read (<c>--input</c>).</param>
/// <param name="Time">The clock.</param>
public sealed record ToolHost(string Workspace, IReadOnlyList<string> Inputs, TimeProvider Time);

/// <summary>What agents are built on.</summary>
/// <param name="Workspace">The workspace folder.</param>
/// <param name="Client">The model that the host has chosen.</param>
/// <param name="Tools">The host's tools.</param>
public sealed record AgentHost(string Workspace, IChatClient Client, ToolRegistry Tools)
{
    /// <summary>Looks settings and secrets up by name: the workspace's settings first, then the environment.</summary>
    public ProviderSettings Settings { get; init; } = ProviderSettings.Environment;
}
