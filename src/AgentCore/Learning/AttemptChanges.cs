namespace AgentCore.Learning;

/// <summary>What remedies change for an attempt at a run. An agent sees it as <see cref="AgentContext.Changes"/>; steps, tools and
/// model calls follow it by themselves.</summary>
public sealed record AttemptChanges
{
    // What a timer takes at most.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Nothing changed.</summary>
    public static AttemptChanges None { get; } = new();

    /// <summary>The timeouts of steps and tools are multiplied by this; 1 for as they are.</summary>
    public double TimeoutFactor { get; init; } = 1;

    /// <summary>The share of a model call's context that is kept, newest first; 1 for all of it.</summary>
    public double ContextShare { get; init; } = 1;

    /// <summary>The model that is asked in place of the agent's own; null for its own.</summary>
    public string? ModelId { get; init; }

    /// <summary>Whether a model's reply that looks like JSON and isn't is mended.</summary>
    public bool RepairJson { get; init; }

    /// <summary>The scope whose replies are mended.</summary>
    internal string RepairScope { get; init; } = "";

    /// <summary>The first ordinal of that scope that is mended: what came of earlier replies is kept as it is.</summary>
    internal int RepairFrom { get; init; }

    /// <summary>What a remedy of your own tells your agent.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>A timeout as it is with these changes; as it was, where the factor is no factor.</summary>
    internal TimeSpan Stretch(TimeSpan timeout) => TimeoutFactor switch
    {
        > 0 and not 1 when timeout > TimeSpan.Zero => timeout.TotalMilliseconds * TimeoutFactor < Longest.TotalMilliseconds
            ? timeout * TimeoutFactor
            : Longest,
        _ => timeout,
    };
}
