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

    /// <summary>Whether a class is among <see cref="Types"/>, which none is excluded from where they are empty.</summary>
    /// <param name="fullName">Its full name: namespace and outer classes before it; of Python, its module.</param>
    public bool Takes(string fullName)
    {
        ArgumentNullException.ThrowIfNull(fullName);
        return Types.Count == 0 || Types.Any(pattern => Glob.Matches(pattern, fullName) || Glob.Matches(pattern, fullName.Split('.', '+', ':')[^1].Split('`')[0]));
    }
}
