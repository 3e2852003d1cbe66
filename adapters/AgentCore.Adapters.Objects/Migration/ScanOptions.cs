namespace AgentCore.Adapters.Objects.Migration;

/// <summary>What a scan looks for.</summary>
public sealed record ScanOptions
{
    /// <summary>Class names or full names to take, with * and ?; empty for those that look like agents.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Further base classes and interfaces, by simple name, whose classes are agents.</summary>
    public IReadOnlyList<string> Bases { get; init; } = [];

    /// <summary>Further folders in which dependencies may lie.</summary>
    public IReadOnlyList<string> References { get; init; } = [];
}
