namespace AgentCore.Teams;

/// <summary>A team as data: kept in a store, or read from a file. <see cref="TeamParts.Build"/> makes the team.</summary>
/// <param name="Name">Its name.</param>
public sealed record TeamDefinition(string Name)
{
    /// <summary>What it does, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>Its role in other teams; null for none.</summary>
    public string? Role { get; init; }

    /// <summary>How it takes turns.</summary>
    public ProtocolDefinition Protocol { get; init; } = new("sequential");

    /// <summary>Its members, 1 or more, in their order.</summary>
    public IReadOnlyList<MemberDefinition> Members { get; init; } = [];

    /// <summary>Its bounds; null for the defaults.</summary>
    public TeamLimits? Limits { get; init; }

    /// <summary>When it is done, besides what the protocol says; null for nothing.</summary>
    public UntilDefinition? Until { get; init; }

    /// <summary>What is done when a turn fails; null for stopping.</summary>
    public FailurePolicy? OnFailure { get; init; }
}

/// <summary>A member as data.</summary>
/// <param name="Agent">The agent's name.</param>
public sealed record MemberDefinition(string Agent)
{
    /// <summary>Its role in this team; null for the agent's own.</summary>
    public string? Role { get; init; }

    /// <summary>How much of the conversation it is shown.</summary>
    public MemberHistory History { get; init; }

    /// <summary>The members that it may hand over to; null for all others.</summary>
    public IReadOnlyList<string>? Handoffs { get; init; }

    /// <summary>What is done when its turn fails; null for the team's policy.</summary>
    public FailurePolicy? OnFailure { get; init; }
}

/// <summary>A protocol as data. Each kind reads the fields that it knows; one that it doesn't know is an error.</summary>
/// <param name="Kind">The kind: one of <see cref="TeamParts.Kinds"/>, or one of the user's.</param>
public sealed record ProtocolDefinition(string Kind)
{
    /// <summary>The model that picks or plans, by id; null for the default one. Selector and planner.</summary>
    public string? Model { get; init; }

    /// <summary>What that model is told; null for the default. Selector and planner.</summary>
    public string? Instructions { get; init; }

    /// <summary>How many rounds; null for the default. Round-robin, debate and vote.</summary>
    public int? Rounds { get; init; }

    /// <summary>The member that begins. Handoff.</summary>
    public string? First { get; init; }

    /// <summary>The member that makes one answer. Concurrent.</summary>
    public string? Reducer { get; init; }

    /// <summary>The member that decides. Debate.</summary>
    public string? Judge { get; init; }

    /// <summary>What is voted on; null for yes and no. Vote.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>The share of the members that must vote; null for the default. Vote.</summary>
    public double? Quorum { get; init; }

    /// <summary>The share of the votes that a choice must have more than; null for the default. Vote.</summary>
    public double? Majority { get; init; }

    /// <summary>Whether the same member may speak twice in a row. Selector.</summary>
    public bool? MayRepeat { get; init; }

    /// <summary>Whether the model may say that the task is done. Selector.</summary>
    public bool? MayEnd { get; init; }

    /// <summary>How many turns without progress are borne. Planner.</summary>
    public int? MaxStalls { get; init; }

    /// <summary>How often it plans anew. Planner.</summary>
    public int? MaxReplans { get; init; }

    /// <summary>The names of the fields that are set, besides the kind.</summary>
    internal IEnumerable<string> Set()
    {
        (string Name, object? Value)[] fields =
        [
            ("model", Model), ("instructions", Instructions), ("rounds", Rounds), ("first", First), ("reducer", Reducer), ("judge", Judge), ("choices", Choices),
            ("quorum", Quorum), ("majority", Majority), ("mayRepeat", MayRepeat), ("mayEnd", MayEnd), ("maxStalls", MaxStalls), ("maxReplans", MaxReplans),
        ];
        return fields.Where(f => f.Value is not null).Select(f => f.Name);
    }
}

/// <summary>A condition as data: all that is set must hold after the same turn.</summary>
public sealed record UntilDefinition
{
    /// <summary>What must be said.</summary>
    public string? Phrase { get; init; }

    /// <summary>Who must have spoken.</summary>
    public string? Member { get; init; }

    /// <summary>The tool that must have been called.</summary>
    public string? Tool { get; init; }

    /// <summary>The field that the answer must have, as names joined by dots.</summary>
    public string? Field { get; init; }

    /// <summary>The value that the field must have; null for any but null and false.</summary>
    public string? Value { get; init; }

    /// <summary>Conditions that must all hold.</summary>
    public IReadOnlyList<UntilDefinition>? All { get; init; }

    /// <summary>Conditions of which one must hold.</summary>
    public IReadOnlyList<UntilDefinition>? Any { get; init; }
}

/// <summary>A team's definition is wrong.</summary>
public sealed class TeamDefinitionException : AgentException
{
    internal TeamDefinitionException(string team, string field, string message)
        : base($"Team '{team}', {field}: {message}") => Field = field;

    /// <summary>The field, such as <c>members[2].agent</c>.</summary>
    public string Field { get; }
}
