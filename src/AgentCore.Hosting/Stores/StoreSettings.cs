using AgentCore.Checkpoints;
using AgentCore.Models;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Stores;

/// <summary>How a workspace's store is opened, as its settings and the environment say.</summary>
internal static class StoreSettings
{
    public const string Key = "AGENTCORE_STORE_KEY";
    private const string Durability = "AGENTCORE_STORE_DURABILITY";
    private const string Shared = "AGENTCORE_STORE_SHARED";

    /// <summary>The place of a store, with all that the settings say of it.</summary>
    /// <exception cref="StoreException">A setting has a value that it can't have.</exception>
    public static StoreLocation Locate(string folder, bool readOnly, ProviderSettings settings) => new(folder, readOnly, settings.Get(Key))
    {
        Durability = settings.Get(Durability) is not { } durability ? StoreDurability.PowerLoss
            : Enum.TryParse<StoreDurability>(durability.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
            : throw new StoreException($"{Durability} is '{durability}'. Choose power-loss (a durable commit survives one; the default), or process-end-only, which is faster and may lose the last commits in a power loss."),
        Shared = settings.Get(Shared) is { } shared
            && (bool.TryParse(shared, out var isShared) ? isShared
                : throw new StoreException($"{Shared} is '{shared}'. Choose true, so that several processes may write in turns, or false.")),
    };
}
