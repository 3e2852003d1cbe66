namespace AgentCore;

/// <summary>How a step of the agent's own may be done.</summary>
public sealed record StepOptions
{
    /// <summary>A step that may be done twice without harm, and without a time limit.</summary>
    public static StepOptions Repeat { get; } = new() { Repeatable = true };

    internal static StepOptions Default { get; } = new();

    /// <summary>Whether doing the step twice does no harm. A repeatable step is done again after a crash, under the same
    /// idempotency key; any other stops the run for a decision when its outcome is unknown. Off by default.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The longest that the step may take; null for no limit.</summary>
    public TimeSpan? Timeout { get; init; }
}
