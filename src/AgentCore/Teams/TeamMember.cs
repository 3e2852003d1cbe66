namespace AgentCore.Teams;

/// <summary>An agent in a team: a chat agent, a user's own, another team, a person.</summary>
public sealed record TeamMember
{
    /// <summary>Takes an agent into a team.</summary>
    /// <param name="agent">The agent; the team doesn't dispose it.</param>
    /// <param name="role">Its role in this team; null for that of its metadata.</param>
    public TeamMember(BaseAgent agent, string? role = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        Agent = agent;
        Role = role ?? agent.Metadata.Role;
    }

    /// <summary>The agent.</summary>
    public BaseAgent Agent { get; }

    /// <summary>Its name, unique in the team.</summary>
    public string Name => Agent.Metadata.Name;

    /// <summary>Its role; null for none.</summary>
    public string? Role { get; init; }

    /// <summary>How much of the conversation it is shown; all by default.</summary>
    public MemberHistory History { get; init; }

    /// <summary>The members that it may hand over to, by name; null for all others. Only the handoff protocol asks.</summary>
    public IReadOnlyList<string>? Handoffs { get; init; }

    /// <summary>What is done when its turn fails; null for <see cref="TeamOptions.OnFailure"/>.</summary>
    public FailurePolicy? OnFailure { get; init; }

    /// <summary>An agent as a member, with the role of its metadata.</summary>
    /// <param name="agent">The agent.</param>
    public static implicit operator TeamMember(BaseAgent agent) => new(agent);

    /// <inheritdoc/>
    public override string ToString() => Role is null ? Name : $"{Name} ({Role})";
}

/// <summary>How much of a team's conversation a member is shown.</summary>
public enum MemberHistory
{
    /// <summary>The task, and all that was said.</summary>
    All,

    /// <summary>The task, and what was said last.</summary>
    Last,

    /// <summary>The task alone.</summary>
    Task,
}
