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

        if (location.EncryptionKey is { Length: < 8 })
            throw new StoreException($"{StoreSettings.Key} is shorter than 8 characters; choose a longer one.");

        try
        {
            return await FileCheckpointStore.OpenAsync(new FileStoreOptions
            {
                Folder = location.Folder,
                ReadOnly = location.ReadOnly,
                Durability = location.Durability,
                Key = location.EncryptionKey is { } key ? EncryptionKey.FromPassphrase(key) : null,
            }, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreInUseException e)
        {
            throw new StoreInUseException(InWorkspace(e.Message), e);
        }
        catch (StoreException e) when (e.GetType() == typeof(StoreException))
        {
            throw new StoreException(InWorkspace(e.Message), e);
        }
    }

    // What is an option of the library's is a variable, or a command, for those who have a workspace.
    private static string InWorkspace(string message) => message
        .Replace("FileStoreOptions.Key", StoreSettings.Key, StringComparison.Ordinal)
        .Replace("and a key was given. Open it without one", $"and {StoreSettings.Key} is set. Take it away", StringComparison.Ordinal)
        .Replace("open the store with ReadOnly", "look at its runs meanwhile ('agentcore runs list')", StringComparison.Ordinal);
}
