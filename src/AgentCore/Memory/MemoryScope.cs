using System.Security.Cryptography;
using System.Text;
using AgentCore.Checkpoints;

namespace AgentCore.Memory;

/// <summary>Whose memories they are: an agent's, a team's or a session's. Each scope is a collection of its own in the
/// store, <c>memory/&lt;scope&gt;</c>; where that is too long for a store, its SHA-256 takes the name's place,
/// <c>memory.long/&lt;hash&gt;</c>.</summary>
public sealed record MemoryScope
{
    private MemoryScope(string kind, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = $"{kind}/{name}";
        var collection = "memory/" + Name;
        Collection = Encoding.UTF8.GetByteCount(collection) <= StoreLimits.MaxNameBytes
            ? collection
            : "memory.long/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)));
    }

    /// <summary>The scope's name, such as <c>agent/helper</c>.</summary>
    public string Name { get; }

    internal string Collection { get; }

    /// <summary>What one agent keeps, in all of its runs.</summary>
    /// <param name="name">The agent's name.</param>
    public static MemoryScope Agent(string name) => new("agent", name);

    /// <summary>What the members of a team share.</summary>
    /// <param name="name">The team's name.</param>
    public static MemoryScope Team(string name) => new("team", name);

    /// <summary>What belongs to one conversation.</summary>
    /// <param name="id">The session's id.</param>
    public static MemoryScope Session(string id) => new("session", id);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
