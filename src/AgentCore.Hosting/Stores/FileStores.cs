using AgentCore.Checkpoints;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Stores;

/// <summary>The kind of store that is built in.</summary>
internal static class FileStores
{
    public static async ValueTask<ICheckpointStore> OpenAsync(StoreLocation location, CancellationToken cancellationToken)
    {
        if (location.Shared)
            throw new StoreException("A store of the kind 'file' has one writer at a time. Take AGENTCORE_STORE_SHARED away, or keep the runs in a new workspace of the kind 'litedb'.");

        return await FileCheckpointStore.OpenAsync(new FileStoreOptions
        {
            Folder = location.Folder,
            ReadOnly = location.ReadOnly,
            Durability = location.Durability,
            Key = location.EncryptionKey is { } key ? EncryptionKey.FromPassphrase(key) : null,
        }, cancellationToken).ConfigureAwait(false);
    }
}
