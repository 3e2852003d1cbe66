namespace AgentCore.Teams;

/// <summary>The bounds of a team's run. Every team has them; the defaults are meant for a conversation of minutes.</summary>
/// <remarks>Turns, tokens and cost are looked at before each turn, so that a turn which has begun may go over them; time cuts a
/// turn short. Times count from when the run begins or is resumed.</remarks>
public sealed record TeamLimits
{
    private readonly int _maxTurns = 20;
    private readonly TimeSpan _maxTime = TimeSpan.FromMinutes(30);
    private readonly TimeSpan? _maxTurnTime;
    private readonly long? _maxTokens = 1_000_000;
    private readonly decimal? _maxCost;

    /// <summary>The most turns, failed ones included: 1 to 1,000,000; 20 by default.</summary>
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

    /// <summary>The most that its tokens may cost, by the prices of <see cref="TeamOptions.Price"/>; null, the default, for no
    /// limit.</summary>
    public decimal? MaxCost
    {
        get => _maxCost;
        init => _maxCost = value is null or > 0
            ? value
            : throw new ArgumentException($"TeamLimits.MaxCost is {value}; choose a positive amount, or null for no limit.");
    }

    /// <summary>The longest time; half an hour by default.</summary>
    public TimeSpan MaxTime
    {
        get => _maxTime;
        init => _maxTime = TimeOption.Check(value, "TeamLimits.MaxTime");
    }

    /// <summary>The longest that one turn may take; null, the default, for as long as the team has. A turn over it has
    /// failed.</summary>
    public TimeSpan? MaxTurnTime
    {
        get => _maxTurnTime;
        init => _maxTurnTime = TimeOption.Check(value, "TeamLimits.MaxTurnTime");
    }
}
