namespace AgentCore.Teams;

/// <summary>The members speak at once and don't hear each other; then a reducer makes one answer of theirs: a member that hears
/// them all, or a function. Without either their answers are joined under their names.</summary>
public sealed class ConcurrentProtocol : TeamProtocol
{
    private readonly string? _reducer;
    private readonly Func<IReadOnlyList<TeamTurn>, string>? _reduce;

    /// <summary>Creates the protocol.</summary>
    /// <param name="reducer">The member that makes one answer of the others', by name; null for none.</param>
    public ConcurrentProtocol(string? reducer = null) => _reducer = reducer;

    /// <summary>Creates the protocol.</summary>
    /// <param name="reduce">Makes one answer of the good turns. It must follow from them alone.</param>
    public ConcurrentProtocol(Func<IReadOnlyList<TeamTurn>, string> reduce) => _reduce = reduce ?? throw new ArgumentNullException(nameof(reduce));

    /// <inheritdoc/>
    public override string Name => "concurrent";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var reducer = _reducer is null ? null : run.Member(_reducer);
        yield return NextTurn.Together(run.Members.Where(m => !ReferenceEquals(m, reducer)));

        TeamTurn[] good = [.. run.Turns.Where(t => t.IsGood)];
        if (good.Length == 0)
            throw new AgentException("No member has answered.");
        if (reducer is not null)
            yield return NextTurn.Of(reducer, "Make one answer to the task of what the others said.");
        else
            run.SetOutput(_reduce is not null ? _reduce(good) : string.Join("\n\n", good.Select(t => $"## {t.Member}\n{t.Text}")));
    }

    /// <inheritdoc/>
    public override IEnumerable<TeamFinding> Check(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        if (_reducer is null)
            yield break;
        if (team.Find(_reducer) is null)
            yield return TeamFinding.Error("protocol.reducer", $"reduces by '{_reducer}', who is no member.");
        else if (team.Members.Count == 1)
            yield return TeamFinding.Error("protocol.reducer", "has a reducer and nobody whose answers it could reduce.");
    }
}
