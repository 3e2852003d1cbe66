namespace AgentCore.Teams;

/// <summary>The bounds of a team's run. Every team has them; the defaults are meant for a conversation of minutes.</summary>
public sealed record TeamLimits
{
    private readonly int _maxTurns = 20;
    private readonly TimeSpan _maxTime = TimeSpan.FromMinutes(30);
    private readonly long? _maxTokens = 1_000_000;

    /// <summary>The most turns, 1 to 1,000,000; 20 by default.</summary>
    public int MaxTurns
    {
        get => _maxTurns;
        init => _maxTurns = value is >= 1 and <= 1_000_000
            ? value
            : throw new ArgumentException($"TeamLimits.MaxTurns is {value}; choose 1 to 1,000,000.");
    }

    /// <summary>The most tokens of all members together; a million by default, null for no limit.</summary>
    public long? MaxTokens
    {
        get => _maxTokens;
        init => _maxTokens = value is null or >= 1
            ? value
            : throw new ArgumentException($"TeamLimits.MaxTokens is {value}; choose 1 or more, or null for no limit.");
    }

    /// <summary>The longest time; half an hour by default.</summary>
    public TimeSpan MaxTime
    {
        get => _maxTime;
        init => _maxTime = value > TimeSpan.Zero
            ? value
            : throw new ArgumentException($"TeamLimits.MaxTime is {value}; choose a positive time.");
    }
}
