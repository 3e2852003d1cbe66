using AgentCore.Checkpoints;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Stores;

/// <summary>The kind of store that is built in.</summary>
internal static class FileStores
{
    public static async ValueTask<ICheckpointStore> OpenAsync(StoreLocation location, CancellationToken cancellationToken) =>
        await FileCheckpointStore.OpenAsync(new FileStoreOptions
        {
            Folder = location.Folder,
            ReadOnly = location.ReadOnly,
            Key = location.EncryptionKey is { } key ? EncryptionKey.FromPassphrase(key) : null,
        }, cancellationToken).ConfigureAwait(false);
}
