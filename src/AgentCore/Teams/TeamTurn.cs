using System.Text.Json.Serialization;

namespace AgentCore.Teams;

/// <summary>A turn of a team: who spoke, what was said, and how it went.</summary>
/// <param name="Number">Its number in the run, from 1.</param>
/// <param name="Member">The member's name.</param>
/// <param name="Role">Its role; null for none.</param>
/// <param name="Text">What it said; empty for nothing.</param>
/// <param name="Status">How the turn ended.</param>
public sealed record TeamTurn(int Number, string Member, string? Role, string Text, [property: JsonConverter(typeof(JsonStringEnumConverter<RunStatus>))] RunStatus Status)
{
    /// <summary>The tokens that it used; 0 where no model was asked.</summary>
    public long Tokens { get; init; }

    /// <summary>What it cost, where the prices are known; null where they aren't.</summary>
    public decimal? Cost { get; init; }

    /// <summary>The tools that were called in it, in the order in which they ended; null for none.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>The member that it handed over to; null for none.</summary>
    public string? HandedTo { get; init; }

    /// <summary>Why it failed; null where it didn't.</summary>
    public AgentError? Error { get; init; }

    /// <summary>The limit that it reached, in words, that at which its answer was cut off included; null where it reached none.</summary>
    public string? Limit { get; init; }

    /// <summary>The answer as data, if the member gave any.</summary>
    [JsonIgnore]
    public object? Data { get; init; }

    /// <summary>Whether it counts as said: it is done, or reached a limit and has said something.</summary>
    [JsonIgnore]
    public bool IsGood => Status == RunStatus.Done || (Status == RunStatus.Limited && Text.Length > 0);
}

/// <summary>What a team's run was, kept as the data of its result.</summary>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="Members">Its members, in their order.</param>
/// <param name="Turns">The turns, in their order.</param>
public sealed record TeamResult(string Protocol, IReadOnlyList<TeamSeat> Members, IReadOnlyList<TeamTurn> Turns)
{
    /// <summary>What the protocol has to add: the answer of its last member as data, a count of votes, a ledger. Null for
    /// nothing.</summary>
    public object? Details { get; init; }
}

/// <summary>A member as a team's result names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">Its role; null for none.</param>
public sealed record TeamSeat(string Name, string? Role);

/// <summary>A turn of a team came to its end.</summary>
/// <param name="Turn">Who spoke, what was said, and how it went.</param>
public sealed record TurnEndedEvent(TeamTurn Turn) : AgentEvent;
