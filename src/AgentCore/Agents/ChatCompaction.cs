namespace AgentCore.Agents;

/// <summary>How a conversation that grows too long is made shorter: when a run begins and the session's messages are estimated
/// to take more than <see cref="MaxTokens"/>, its older messages are replaced by one. The session takes that over when the run
/// is done; a run that isn't leaves it as it was.</summary>
public sealed record ChatCompaction
{
    private readonly int _maxTokens = 32_000;
    private readonly int _keepMessages = 20;

    /// <summary>How many tokens a session's messages may take before they are compacted, estimated by
    /// <see cref="Text.TokenEstimate"/> (UTF-8 bytes / 4 and a little for each message): 100 or more, 32,000 by default. Keep it
    /// below the model's context, with room for instructions, tools and a run's own messages.</summary>
    public int MaxTokens
    {
        get => _maxTokens;
        init => _maxTokens = value >= 100
            ? value
            : throw new ArgumentException($"ChatCompaction.MaxTokens is {value}; choose 100 or more.");
    }

    /// <summary>How many of the last messages stay as they are: 0 or more, 20 by default. Fewer stay where these take more than
    /// half of <see cref="MaxTokens"/>, so that not every run compacts again; more, where a tool's result would be parted from
    /// its call.</summary>
    public int KeepMessages
    {
        get => _keepMessages;
        init => _keepMessages = value >= 0
            ? value
            : throw new ArgumentException($"ChatCompaction.KeepMessages is {value}; choose 0 or more.");
    }

    /// <summary>What becomes of the older messages; a summary by default.</summary>
    public CompactionMode Mode { get; init; }
}

/// <summary>What becomes of a conversation's older messages when it is compacted.</summary>
public enum CompactionMode
{
    /// <summary>The agent's model sums them up: one model call more, a step of the run. Where that fails, the conversation
    /// stays as it was.</summary>
    Summarise,

    /// <summary>They are left out, and a message says so.</summary>
    Cut,
}
