namespace AgentCore.Memory;

/// <summary>Something remembered.</summary>
public sealed record MemoryEntry
{
    /// <summary>Its id in its scope: the same text by the same author has the same one.</summary>
    public required string Id { get; init; }

    /// <summary>The scope, such as <c>team/research</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>What is remembered.</summary>
    public required string Text { get; init; }

    /// <summary>The agent or person that wrote it.</summary>
    public required string Author { get; init; }

    /// <summary>What it is about, in ordinal order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When it was written, or written again.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>Its place in the scope: larger is newer.</summary>
    public long Number { get; init; }

    /// <summary>1 when it was written, one more each time it is written again.</summary>
    public long Version { get; init; }
}
