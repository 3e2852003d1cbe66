using AgentCore.Checkpoints;

namespace AgentCore.LiteDb;

/// <summary>How a <see cref="LiteDbStore"/> keeps its file.</summary>
public sealed record LiteDbStoreOptions
{
    /// <summary>The file's name in the store's folder. The default is <c>agentcore.litedb</c>.</summary>
    public string FileName { get; init; } = "agentcore.litedb";

    /// <summary>Encrypts the file with LiteDB's own encryption (AES-256, the key derived from this password). Null, the
    /// default, for none. A file keeps what it was created with.</summary>
    public string? Password { get; init; }

    /// <summary>Opens an existing store for reading only, beside a writer. Each reading sees the last commit.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Lets several processes write to the store: each commit and each reading opens the file anew, so that this is
    /// slower by far. Off by default: then one process writes, and a second gets a
    /// <see cref="StoreInUseException"/>.</summary>
    public bool Shared { get; init; }

    /// <summary>What an acknowledged durable commit survives. The default is a power loss. The file stays whole either
    /// way.</summary>
    public StoreDurability Durability { get; init; } = StoreDurability.PowerLoss;

    /// <summary>How large the write-ahead log may grow before it is copied into the file, in bytes: 64 KiB or more. The
    /// default is 8 MiB.</summary>
    public long CheckpointBytes { get; init; } = 8 * 1024 * 1024;

    internal void Validate()
    {
        if (string.IsNullOrEmpty(FileName) || Path.GetFileName(FileName) != FileName)
            throw new ArgumentException($"LiteDbStoreOptions.FileName is '{FileName}'; choose a file name without a folder.");
        if (CheckpointBytes < 64 * 1024)
            throw new ArgumentException($"LiteDbStoreOptions.CheckpointBytes is {CheckpointBytes}; choose 65,536 or more.");
        if (Password is "")
            throw new ArgumentException("LiteDbStoreOptions.Password is empty; choose a password, or null for none.");
        if (ReadOnly && Shared)
            throw new ArgumentException("LiteDbStoreOptions.ReadOnly and Shared are both set; choose one. ReadOnly works beside any writer.");
    }
}
