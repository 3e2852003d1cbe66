namespace AgentCore.Teams;

/// <summary>When a team is found to make no progress, and is stopped.</summary>
public sealed record ProgressOptions
{
    private readonly int _maxRounds = 3;
    private readonly int _maxRepeatedCalls = 5;
    private readonly int _maxPingPong = 6;
    private readonly int _maxUnchangedTurns = 10;

    /// <summary>How often the same members may say the same things in the same order: 2 or more, 3 by default.</summary>
    public int MaxRepeatedRounds
    {
        get => _maxRounds;
        init => _maxRounds = AtLeastTwo(nameof(MaxRepeatedRounds), value);
    }

    /// <summary>How often in a row a member may call the same tool with the same arguments and get the same result, over all
    /// its turns: 2 or more, 5 by default.</summary>
    public int MaxRepeatedCalls
    {
        get => _maxRepeatedCalls;
        init => _maxRepeatedCalls = AtLeastTwo(nameof(MaxRepeatedCalls), value);
    }

    /// <summary>How often in a row two members may hand over to each other: 2 or more, 6 by default.</summary>
    public int MaxPingPong
    {
        get => _maxPingPong;
        init => _maxPingPong = AtLeastTwo(nameof(MaxPingPong), value);
    }

    /// <summary>What the team works on, as text: a document, a count of open points. Null, the default, looks at none.</summary>
    public Func<TeamRun, string>? State { get; init; }

    /// <summary>For how many turns <see cref="State"/> may stay as it is: 2 or more, 10 by default.</summary>
    public int MaxUnchangedTurns
    {
        get => _maxUnchangedTurns;
        init => _maxUnchangedTurns = AtLeastTwo(nameof(MaxUnchangedTurns), value);
    }

    private static int AtLeastTwo(string name, int value) => value >= 2
        ? value
        : throw new ArgumentException($"ProgressOptions.{name} is {value}; choose 2 or more.");
}
