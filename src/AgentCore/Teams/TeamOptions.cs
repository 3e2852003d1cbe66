namespace AgentCore.Teams;

/// <summary>How a team works together. The defaults: 20 turns, a million tokens, half an hour, and a failed turn stops it.</summary>
public sealed record TeamOptions
{
    /// <summary>Its bounds.</summary>
    public TeamLimits Limits { get; init; } = new();

    /// <summary>What is done when a member's turn fails, unless the member says otherwise; the team stops by default.</summary>
    public FailurePolicy OnFailure { get; init; } = FailurePolicy.Stop;
}
