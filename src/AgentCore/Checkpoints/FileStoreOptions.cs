using AgentCore.Checkpoints.Files;

namespace AgentCore.Checkpoints;

/// <summary>How <see cref="FileCheckpointStore"/> opens a store.</summary>
public sealed record FileStoreOptions
{
    /// <summary>The store's folder. It is created, for the owner alone, unless <see cref="ReadOnly"/>.</summary>
    public required string Folder { get; init; }

    /// <summary>Reads the store as it is now, without writing, also while another process writes to it. The view does not
    /// change; open again to see more.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>What an acknowledged durable batch survives. The default is a power loss.</summary>
    public StoreDurability Durability { get; init; } = StoreDurability.PowerLoss;

    /// <summary>Encrypts the store (AES-256-GCM) with this key, or opens one that is. A store keeps the choice that it was
    /// created with.</summary>
    public EncryptionKey? Key { get; init; }

    /// <summary>The size at which a new segment is begun, in bytes: 64 KiB to 1 GiB, 64 MiB by default.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Opens a damaged store with what is whole in it. Logs that lost records say so when they are read; documents
    /// may be older than they were. What was stepped over is in the <see cref="StoreReport"/>.</summary>
    public bool OpenDamaged { get; init; }

    internal IStoreFiles Files { get; init; } = DiskFiles.Instance;

    internal void Check()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            throw new ArgumentException("FileStoreOptions.Folder is empty; name a folder.");
        if (SegmentBytes is < 64 * 1024 or > 1024 * 1024 * 1024)
            throw new ArgumentException($"FileStoreOptions.SegmentBytes is {SegmentBytes}; choose 65,536 to 1,073,741,824.");
    }
}

/// <summary>What an acknowledged durable batch survives.</summary>
public enum StoreDurability
{
    /// <summary>A power loss: each durable batch is synced to disk before it is acknowledged.</summary>
    PowerLoss,

    /// <summary>The end of the process, and no more. Faster, at a risk: a power loss or a crash of the system can take back
    /// the last seconds, also steps whose effects are already in the world, which a resumed run would do again.</summary>
    ProcessEndOnly,
}
