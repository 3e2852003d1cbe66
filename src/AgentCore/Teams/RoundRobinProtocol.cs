namespace AgentCore.Teams;

/// <summary>The members speak in turn, round after round, until a condition holds, a limit is reached, or the rounds are
/// over.</summary>
public sealed class RoundRobinProtocol : TeamProtocol
{
    private readonly int? _rounds;

    /// <summary>Creates the protocol.</summary>
    /// <param name="rounds">How many rounds, 1 or more; null for as many as the team's limits allow.</param>
    /// <exception cref="ArgumentException">There are less than one.</exception>
    public RoundRobinProtocol(int? rounds = null) => _rounds = rounds is null or >= 1
        ? rounds
        : throw new ArgumentException($"RoundRobinProtocol's rounds are {rounds}; choose 1 or more, or null for no limit of its own.", nameof(rounds));

    /// <inheritdoc/>
    public override string Name => "round-robin";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        NextTurn[] turns = [.. run.Members.Select(member => NextTurn.Of(member))];
        for (var round = 0; round < (_rounds ?? int.MaxValue); round++)
        {
            foreach (var turn in turns)
                yield return turn;
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<TeamFinding> Check(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        if (_rounds is null && team.Rules.Until is null)
            yield return TeamFinding.Warning("until", "has no exit but its limits: give it a condition, or a number of rounds.");
    }
}
