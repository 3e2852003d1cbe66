namespace AgentCore.Teams;

/// <summary>The members argue for some rounds, hearing each other; then a judge, one of the members, decides.</summary>
public sealed class DebateProtocol : TeamProtocol
{
    private readonly string _judge;
    private readonly int _rounds;

    /// <summary>Creates the protocol.</summary>
    /// <param name="judge">The member that decides, by name. It hears all, and speaks last.</param>
    /// <param name="rounds">How many rounds the others argue: 1 to 100; 2 by default.</param>
    /// <exception cref="ArgumentException">The judge is empty, or the rounds are out of range.</exception>
    public DebateProtocol(string judge, int rounds = 2)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(judge);
        _judge = judge;
        _rounds = rounds is >= 1 and <= 100
            ? rounds
            : throw new ArgumentException($"DebateProtocol's rounds are {rounds}; choose 1 to 100.", nameof(rounds));
    }

    /// <inheritdoc/>
    public override string Name => "debate";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var judge = run.Member(_judge);
        for (var round = 1; round <= _rounds; round++)
        {
            foreach (var debater in run.Members)
            {
                if (!ReferenceEquals(debater, judge))
                    yield return NextTurn.Of(debater, round == 1 ? "State your position and your reasons." : "Answer the others' arguments: say what you hold on to, and what you give up.");
            }
        }

        if (!run.Turns.Any(t => t.IsGood))
            throw new AgentException("No member has argued.");
        yield return NextTurn.Of(judge, "You are the judge. Weigh the arguments, decide, and give your reasons.");
    }

    /// <inheritdoc/>
    public override IEnumerable<TeamFinding> Check(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        if (team.Find(_judge) is null)
        {
            yield return TeamFinding.Error("protocol.judge", $"has the judge '{_judge}', who is no member.");
            yield break;
        }

        if (team.Members.Count < 3)
            yield return TeamFinding.Error("members", "debates with less than two members beside the judge.");
        var turns = (_rounds * (team.Members.Count - 1)) + 1;
        if (turns > team.Rules.Limits.MaxTurns)
            yield return TeamFinding.Error("limits.maxTurns", $"needs {turns} turns for {_rounds} rounds and the judge; TeamLimits.MaxTurns is {team.Rules.Limits.MaxTurns}.");
    }
}
