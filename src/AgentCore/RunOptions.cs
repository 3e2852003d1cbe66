using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Runs;

namespace AgentCore;

/// <summary>How one run is done.</summary>
public sealed record RunOptions
{
    internal static RunOptions Default { get; } = new();

    /// <summary>Where the run is kept; null for the agent's own store, or nowhere (journal off) where it has none.</summary>
    public ICheckpointStore? Store { get; init; }

    /// <summary>The conversation that the run goes on with; null for a run of its own.</summary>
    public AgentSession? Session { get; init; }

    /// <summary>Called with each event, in order and one at a time; it should return soon. What it throws fails the
    /// run; at its last event, <see cref="RunEndedEvent"/>, it is logged.</summary>
    public Action<AgentEvent>? OnEvent { get; init; }

    /// <summary>Whether models are asked to stream, so that text arrives as <see cref="TextDeltaEvent"/>.</summary>
    public bool Stream { get; init; }

    /// <summary>Answers approvals and questions while the run goes on; null leaves them to a person, who decides later.</summary>
    public IDecider? Decider { get; init; }

    /// <summary>The tokens that the run may use in all, over retries and resumes; null for no limit.</summary>
    /// <remarks>Each model call that isn't replayed reserves an estimate of what it sends, and for its answer
    /// <see cref="Microsoft.Extensions.AI.ChatOptions.MaxOutputTokens"/>, or where that isn't set the longest answer of the run so
    /// far, at least 1,000 tokens. Beside others it starts where that fits into the limit, and waits for one of them to end where it
    /// doesn't; with none beside it, it starts while any token is left, and is refused when none is. So the run goes over its limit
    /// by one call that had too little left, and by what calls use above their reservations.</remarks>
    public long? MaxTokens { get; init; }

    /// <summary>Names and values kept with the run, to be shown and to be read when it is resumed.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The id that a new run is kept under; null for one of its own making.</summary>
    internal string? NewRunId { get; init; }
}
