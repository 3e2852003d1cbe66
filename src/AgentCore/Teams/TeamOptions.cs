using AgentCore.Models;

namespace AgentCore.Teams;

/// <summary>How a team works together. The defaults: 20 turns, a million tokens, half an hour, and a failed turn stops it.</summary>
public sealed record TeamOptions
{
    /// <summary>Its bounds.</summary>
    public TeamLimits Limits { get; init; } = new();

    /// <summary>When it is done, besides what the protocol says; null for nothing.</summary>
    public TeamCondition? Until { get; init; }

    /// <summary>What is done when a member's turn fails, unless the member says otherwise; the team stops by default.</summary>
    public FailurePolicy OnFailure { get; init; } = FailurePolicy.Stop;

    /// <summary>When it is found to go round in circles; null for never, so that its limits alone end it.</summary>
    public ProgressOptions? Progress { get; init; } = new();

    /// <summary>What an agent's tokens cost; null where no prices are known.</summary>
    public Func<BaseAgent, TokenPrice?>? Price { get; init; }

    /// <summary>Where a field of the definition is (such as <c>members[2].handoffs</c>), for the findings of
    /// <see cref="Team.Check"/>; null where the team was made by code.</summary>
    public Func<string, FindingLocation?>? Locate { get; init; }
}
