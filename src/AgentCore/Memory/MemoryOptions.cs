using AgentCore.Checkpoints;
using Microsoft.Extensions.AI;

namespace AgentCore.Memory;

/// <summary>How memories are kept and found.</summary>
public sealed record MemoryOptions
{
    private readonly int _maxEntries = 1_000;
    private readonly int _maxTextLength = 4_000;

    /// <summary>How many memories a scope holds: 1 to 100,000, 1,000 by default. One more makes it forget the oldest.</summary>
    public int MaxEntries
    {
        get => _maxEntries;
        init => _maxEntries = value is >= 1 and <= 100_000
            ? value
            : throw new ArgumentException($"MemoryOptions.MaxEntries is {value}; choose 1 to 100,000.");
    }

    /// <summary>The longest text of one memory, and all of its tags together, in characters: 1 to 100,000, 4,000 by default.</summary>
    public int MaxTextLength
    {
        get => _maxTextLength;
        init => _maxTextLength = value is >= 1 and <= 100_000
            ? value
            : throw new ArgumentException($"MemoryOptions.MaxTextLength is {value}; choose 1 to 100,000.");
    }

    /// <summary>Makes vectors of texts, so that recall finds by meaning besides by words; null, the default, for words alone.
    /// The store doesn't dispose it.</summary>
    public IEmbeddingGenerator<string, Embedding<float>>? Embeddings { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
