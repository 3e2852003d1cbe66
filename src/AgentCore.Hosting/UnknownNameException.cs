using AgentCore.Hosting.Definitions;

namespace AgentCore.Hosting;

/// <summary>Something was asked for by a name that nothing has: an agent, a team, a model, a tool, a kind of store.</summary>
public sealed class UnknownNameException : AgentException
{
    private const int MostListed = 20;

    /// <summary>Creates the exception.</summary>
    /// <param name="kind">What kind of thing, such as <c>agent</c>.</param>
    /// <param name="name">The name.</param>
    /// <param name="known">The names that there are.</param>
    /// <param name="hint">What else to say; null for nothing.</param>
    public UnknownNameException(string kind, string name, IEnumerable<string> known, string? hint = null)
        : this(kind, name, [.. known.Order(StringComparer.Ordinal)], hint)
    {
    }

    private UnknownNameException(string kind, string name, IReadOnlyList<string> known, string? hint)
        : base($"There is no {kind} '{name}'.{NearestName.Hint(name, known)}{(hint is null ? "" : " " + hint)} {Listed(known)}")
    {
        Kind = kind;
        Name = name;
        Known = known;
        Nearest = NearestName.Of(name, known);
    }

    /// <summary>What kind of thing was asked for.</summary>
    public string Kind { get; }

    /// <summary>The name that was given.</summary>
    public string Name { get; }

    /// <summary>The names that there are, sorted.</summary>
    public IReadOnlyList<string> Known { get; }

    /// <summary>The known name that is nearest to the given one; null where none is near.</summary>
    public string? Nearest { get; }

    private static string Listed(IReadOnlyList<string> known) => known.Count == 0
        ? "There are none."
        : $"There {(known.Count == 1 ? "is" : "are")}: {string.Join(", ", known.Take(MostListed))}{(known.Count > MostListed ? $" and {known.Count - MostListed} more" : "")}.";
}
