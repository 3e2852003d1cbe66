namespace AgentCore.Checkpoints;

/// <summary>What <see cref="FileCheckpointStore.CompactAsync"/> removes and how eagerly it rewrites.</summary>
public sealed record CompactionOptions
{
    /// <summary>The logs that are finished, as the caller knows: only these may be removed by age or size.</summary>
    public IReadOnlyCollection<FinishedLog> Finished { get; init; } = [];

    /// <summary>Removes finished logs that ended longer ago than this; null for none.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Removes finished logs, the oldest first, until the others take no more than this many bytes; null for none.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Rewrites a segment when at least this share of it is garbage: 0 to 1, half by default.</summary>
    public double MinGarbage { get; init; } = 0.5;

    /// <summary>The clock that <see cref="MaxAge"/> counts by.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Check()
    {
        if (MinGarbage is not (>= 0 and <= 1))
            throw new ArgumentException($"CompactionOptions.MinGarbage is {MinGarbage}; choose 0 to 1.");
        if (MaxAge < TimeSpan.Zero)
            throw new ArgumentException($"CompactionOptions.MaxAge is {MaxAge}; choose zero or more.");
        if (MaxBytes < 0)
            throw new ArgumentException($"CompactionOptions.MaxBytes is {MaxBytes}; choose 0 or more.");
    }
}

/// <summary>A log that takes no more records.</summary>
/// <param name="Log">Its name.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Collection">The collection of a document that goes with it, in the same batch; null for none.</param>
/// <param name="Key">The document's key.</param>
public sealed record FinishedLog(string Log, DateTimeOffset FinishedAt, string? Collection = null, string? Key = null);

/// <summary>What a compaction did.</summary>
/// <param name="RemovedLogs">The finished logs that were removed.</param>
/// <param name="RewrittenSegments">How many segments were rewritten without their garbage.</param>
/// <param name="BytesBefore">The size of all segments before.</param>
/// <param name="BytesAfter">The size of all segments after.</param>
public sealed record CompactionResult(IReadOnlyList<string> RemovedLogs, int RewrittenSegments, long BytesBefore, long BytesAfter);
