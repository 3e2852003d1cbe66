namespace AgentCore.Checkpoints;

/// <summary>What opening a file store found and did.</summary>
public sealed record StoreReport
{
    /// <summary>How many bytes at the end of the last segment were torn (by a crash or a power loss in mid-write) and were cut
    /// off. None of them belonged to a durable batch that was acknowledged. With <see cref="FileStoreOptions.ReadOnly"/>: what
    /// the writer is just writing.</summary>
    public long TornBytes { get; init; }

    /// <summary>The segment that was torn; null where none was.</summary>
    public string? TornFile { get; init; }

    /// <summary>How many files were removed because nothing refers to them: left by a crash within a compaction, and large
    /// values whose log is gone or was never written.</summary>
    public int RemovedFiles { get; init; }

    /// <summary>How many segments were read frame by frame because their index file was missing or not whole.</summary>
    public int ScannedSegments { get; init; }

    /// <summary>Damage that <see cref="FileStoreOptions.OpenDamaged"/> stepped over, and logs that miss records for it.</summary>
    public IReadOnlyList<StoreDamage> Damage { get; init; } = [];

    /// <summary>Whether the store is as it was left: nothing torn, nothing damaged.</summary>
    public bool IsWhole => TornBytes == 0 && Damage.Count == 0;
}

/// <summary>A damaged place in a store.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">Where the damage starts, in bytes.</param>
/// <param name="Length">How many bytes it may reach.</param>
/// <param name="What">What is wrong there.</param>
public sealed record StoreDamage(string File, long Offset, long Length, string What);
