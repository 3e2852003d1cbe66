using System.Text.Json;

namespace AgentCore.Teams;

/// <summary>The members vote, all at once. A choice wins with a majority of the votes, where a quorum of the members has voted;
/// who voted otherwise is kept as dissent. Without a winner they vote again, having heard each other, for some rounds.</summary>
public sealed class VoteProtocol : TeamProtocol
{
    // A share such as 0.57 is not exactly that as a double; votes are whole, so that this changes no count.
    private const double Rounding = 1e-9;

    private readonly VoteOptions _options;

    /// <summary>Creates the protocol.</summary>
    /// <param name="options">What is voted on, and what it takes; null for yes or no by simple majority.</param>
    public VoteProtocol(VoteOptions? options = null) => _options = options ?? new VoteOptions();

    /// <inheritdoc/>
    public override string Name => "vote";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var ask = $"Vote on the task. Give your reasons, then a last line: VOTE: and one of {string.Join(", ", _options.Choices)}.";
        VoteCount count;
        var round = 1;
        do
        {
            var votes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            var before = run.Turns.Count;
            yield return NextTurn.Together(run.Members, ask);
            Read(run, before, votes);
            foreach (var member in run.Members)
            {
                // One chance to say it so that it can be counted.
                if (votes.ContainsKey(member.Name) || !run.Turns.Skip(before).Any(t => t.IsGood && t.Member == member.Name))
                    continue;
                var again = run.Turns.Count;
                yield return NextTurn.Of(member, $"Your vote could not be read. Answer with one line: VOTE: and one of {string.Join(", ", _options.Choices)}.");
                Read(run, again, votes);
            }

            run.Details = count = Count(run, votes, round);
            ask = $"Nobody has won. You have heard the others: vote again. Give your reasons, then a last line: VOTE: and one of {string.Join(", ", _options.Choices)}.";
        }
        while (count.Decision is null && ++round <= _options.MaxRounds);

        if (!count.HasQuorum)
            throw new AgentException($"{count.Votes.Count} of {run.Members.Count} members have voted; VoteOptions.Quorum asks for a larger share.");
        if (count.Decision is null)
            throw new AgentException($"No choice has the majority that VoteOptions.Majority asks for: {string.Join(", ", count.Tally.Select(t => $"{t.Key} {t.Value}"))}.");
        run.SetOutput(count.Decision);
    }

    /// <inheritdoc/>
    public override IEnumerable<TeamFinding> Check(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        if (team.Members.Count < 2)
            yield return TeamFinding.Warning("members", "votes with one member.");
        if (team.Members.Count > team.Rules.Limits.MaxTurns)
            yield return TeamFinding.Error("limits.maxTurns", $"needs {team.Members.Count} turns for one vote; TeamLimits.MaxTurns is {team.Rules.Limits.MaxTurns}.");
    }

    private void Read(TeamRun run, int from, Dictionary<string, string> votes)
    {
        foreach (var turn in run.Turns.Skip(from).Where(t => t.IsGood))
        {
            if (VoteOf(turn) is { } choice)
                votes[turn.Member] = choice;
        }
    }

    /// <summary>The vote in a turn: the field <c>vote</c> of its data, its last line that begins with VOTE, or its whole text.</summary>
    private string? VoteOf(TeamTurn turn)
    {
        if (turn.Data is not null && TurnJson.TryRead(turn, out var data) && data.ValueKind == JsonValueKind.Object && data.TryGetProperty("vote", out var vote))
            return Choice(vote.ToString());

        var line = turn.Text.Split('\n').Select(l => l.Trim().TrimStart('*', '#', ' ')).LastOrDefault(l => l.StartsWith("VOTE", StringComparison.OrdinalIgnoreCase));
        return Choice(line is null ? turn.Text : line[4..]);
    }

    private string? Choice(string text) => _options.Choices.FirstOrDefault(c => c.Equals(text.Trim().Trim(':', '.', '*', '"', '\'', ' '), StringComparison.OrdinalIgnoreCase));

    private VoteCount Count(TeamRun run, Dictionary<string, string> votes, int round)
    {
        var tally = _options.Choices.ToDictionary(c => c, c => votes.Values.Count(v => v == c));
        var quorum = votes.Count > 0 && votes.Count >= (_options.Quorum * run.Members.Count) - Rounding;
        var best = tally.MaxBy(t => t.Value);
        var wins = quorum && best.Value > (_options.Majority * votes.Count) + Rounding && tally.Count(t => t.Value == best.Value) == 1;
        return new VoteCount(wins ? best.Key : null, quorum, round, tally, votes)
        {
            Dissent = wins ? [.. votes.Where(v => v.Value != best.Key).Select(v => v.Key)] : [],
        };
    }
}

/// <summary>What a <see cref="VoteProtocol"/> asks for.</summary>
public sealed record VoteOptions
{
    private readonly IReadOnlyList<string> _choices = ["yes", "no"];
    private readonly double _quorum = 0.5;
    private readonly double _majority = 0.5;
    private readonly int _maxRounds = 1;

    /// <summary>The choices, 2 or more; yes and no by default.</summary>
    public IReadOnlyList<string> Choices
    {
        get => _choices;
        init => _choices = value is { Count: >= 2 } && value.Distinct(StringComparer.OrdinalIgnoreCase).Count() == value.Count
            ? value
            : throw new ArgumentException("VoteOptions.Choices are less than two, or the same twice; give two or more.");
    }

    /// <summary>The share of the members that must have voted: above 0 to 1; half by default.</summary>
    public double Quorum
    {
        get => _quorum;
        init => _quorum = value is > 0 and <= 1
            ? value
            : throw new ArgumentException($"VoteOptions.Quorum is {value}; choose a share above 0, up to 1.");
    }

    /// <summary>The share of the votes that a choice must have more than: 0 (the most votes win) to below 1; half by
    /// default.</summary>
    public double Majority
    {
        get => _majority;
        init => _majority = value is >= 0 and < 1
            ? value
            : throw new ArgumentException($"VoteOptions.Majority is {value}; choose a share of 0 or more, below 1.");
    }

    /// <summary>How often they vote until there is a winner: 1, the default, to 10.</summary>
    public int MaxRounds
    {
        get => _maxRounds;
        init => _maxRounds = value is >= 1 and <= 10
            ? value
            : throw new ArgumentException($"VoteOptions.MaxRounds is {value}; choose 1 to 10.");
    }
}

/// <summary>The last count of a vote; a result's <see cref="TeamResult.Details"/>.</summary>
/// <param name="Decision">The choice that won; null for none.</param>
/// <param name="HasQuorum">Whether enough members voted.</param>
/// <param name="Round">The round, from 1.</param>
/// <param name="Tally">The votes for each choice.</param>
/// <param name="Votes">Each member's vote.</param>
public sealed record VoteCount(string? Decision, bool HasQuorum, int Round, IReadOnlyDictionary<string, int> Tally, IReadOnlyDictionary<string, string> Votes)
{
    /// <summary>The members that voted otherwise; their turns give the reasons.</summary>
    public IReadOnlyList<string> Dissent { get; init; } = [];
}
