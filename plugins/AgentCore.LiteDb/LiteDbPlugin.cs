using AgentCore.LiteDb;
using AgentCore.Plugins;

[assembly: AgentCorePlugin(typeof(LiteDbPlugin))]

namespace AgentCore.LiteDb;

/// <summary>Adds the store kind <c>litedb</c>.</summary>
public sealed class LiteDbPlugin : AgentCorePlugin
{
    /// <inheritdoc/>
    public override string Name => "LiteDb";

    /// <inheritdoc/>
    public override void Register(PluginRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.AddStore(LiteDbStore.KindName, async (location, cancellationToken) =>
            await LiteDbStore.OpenAsync(
                location.Folder,
                new LiteDbStoreOptions
                {
                    ReadOnly = location.ReadOnly,
                    Password = location.EncryptionKey,
                    Durability = location.Durability,
                    Shared = location.Shared && !location.ReadOnly,
                },
                cancellationToken).ConfigureAwait(false));
    }
}
