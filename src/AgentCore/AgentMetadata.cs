using AgentCore.Tools;

namespace AgentCore;

/// <summary>What an agent is: by this it is found, and by its capabilities its tool calls are checked.</summary>
public sealed record AgentMetadata
{
    /// <summary>Describes an agent.</summary>
    /// <param name="name">Its name: 1 to 200 characters, unique where agents are found by name.</param>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    public AgentMetadata(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.Length > 200)
            throw new ArgumentException($"AgentMetadata.Name has {name.Length} characters; use at most 200.", nameof(name));

        Name = name;
    }

    /// <summary>The agent's name.</summary>
    public string Name { get; }

    /// <summary>What it does, in a sentence; models that choose among agents read this.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its role in a team, such as <c>researcher</c>; null for none.</summary>
    public string? Role { get; init; }

    /// <summary>What it may do. It sees and calls only the tools that these allow; none by default.</summary>
    public CapabilitySet Capabilities { get; init; } = CapabilitySet.None;

    /// <summary>A hash of the agent's definition, kept with its runs so that resuming under a changed definition can say so;
    /// null where the definition is code.</summary>
    public string? DefinitionHash { get; init; }
}
