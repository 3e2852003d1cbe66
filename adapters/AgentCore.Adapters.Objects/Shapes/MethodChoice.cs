namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Which method executes the agent, and why.</summary>
internal sealed record MethodChoice(AgentClass Class, string Why)
{
    public MethodShape? Method { get; init; }

    public LifecycleShape Lifecycle { get; init; } = new();

    /// <summary>Methods that were considered and left, best first, with the reason.</summary>
    public IReadOnlyList<(MethodShape Method, string Why)> Left { get; init; } = [];
}
