namespace AgentCore.Memory;

/// <summary>What was recalled.</summary>
/// <param name="Hits">The memories found, best first.</param>
/// <param name="Warning">Why it may not be all: vectors that couldn't be made, or are missing; null where nothing stood in
/// the way.</param>
public sealed record MemoryRecall(IReadOnlyList<MemoryHit> Hits, string? Warning = null);

/// <summary>A memory that was found.</summary>
/// <param name="Entry">The memory, with its author, time and scope.</param>
/// <param name="Score">Higher is better; comparable within one recall only.</param>
/// <param name="FoundBy">How it was found.</param>
public sealed record MemoryHit(MemoryEntry Entry, double Score, MemoryMatch FoundBy);

/// <summary>How a memory was found.</summary>
[Flags]
public enum MemoryMatch
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>By its words (BM25).</summary>
    Words = 1,

    /// <summary>By its vector.</summary>
    Meaning = 2,
}
