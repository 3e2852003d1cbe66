namespace AgentCore.Teams;

/// <summary>The member that speaks says who goes on: a chat agent by calling the tool <c>handoff</c>, a user's own agent by
/// returning a <see cref="Handoff"/> as its data. Who answers without handing over ends the run.</summary>
public sealed class HandoffProtocol : TeamProtocol
{
    private readonly string? _first;

    /// <summary>Creates the protocol.</summary>
    /// <param name="first">The member that begins, by name; null for the team's first.</param>
    public HandoffProtocol(string? first = null) => _first = first;

    /// <inheritdoc/>
    public override string Name => "handoff";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var member = _first is null ? run.Members[0] : run.Member(_first);
        string? instruction = null;
        while (true)
        {
            yield return NextTurn.Of(member, instruction) with { MayHandTo = Targets(run.Team, member) };
            if (run.LastTurn is not { HandedTo: { } to } turn)
                yield break;

            member = run.Member(to);
            var reason = (turn.Data as Handoff)?.Reason;
            instruction = reason is null ? $"{turn.Member} hands over to you." : $"{turn.Member} hands over to you: {reason}";
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<TeamFinding> Check(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        if (_first is not null && team.Find(_first) is null)
        {
            yield return TeamFinding.Error("protocol.first", $"begins with '{_first}', who is no member.");
            yield break;
        }

        for (var i = 0; i < team.Members.Count; i++)
        {
            var member = team.Members[i];
            foreach (var to in member.Handoffs ?? [])
            {
                if (team.Find(to) is null)
                    yield return TeamFinding.Error($"members[{i}].handoffs", $"'{member.Name}' may hand over to '{to}', who is no member. The members are: {string.Join(", ", team.Members.Select(m => m.Name))}.");
                else if (string.Equals(to, member.Name, StringComparison.OrdinalIgnoreCase))
                    yield return TeamFinding.Error($"members[{i}].handoffs", $"'{member.Name}' may hand over to itself.");
            }

            if (member.Agent.Options.Tools?.TryGet(HandoffTool.ToolName, out _) == true)
                yield return TeamFinding.Warning($"members[{i}]", $"'{member.Name}' has a tool '{HandoffTool.ToolName}' of its own, which the protocol's takes the place of.");
        }

        var reached = new HashSet<TeamMember>(ReferenceEqualityComparer.Instance);
        Reach(team, _first is null ? team.Members[0] : team.Find(_first)!, reached);
        for (var i = 0; i < team.Members.Count; i++)
        {
            if (!reached.Contains(team.Members[i]))
                yield return TeamFinding.Warning($"members[{i}]", $"'{team.Members[i].Name}' never speaks: nobody who does may hand over to it.");
        }
    }

    private static IReadOnlyList<TeamMember> Targets(Team team, TeamMember member) => member.Handoffs is { } names
        ? [.. names.Select(team.Find).OfType<TeamMember>()]
        : [.. team.Members.Where(m => !ReferenceEquals(m, member))];

    private static void Reach(Team team, TeamMember member, HashSet<TeamMember> reached)
    {
        if (!reached.Add(member))
            return;
        foreach (var next in Targets(team, member))
            Reach(team, next, reached);
    }
}

/// <summary>A member's wish that another goes on; as the data of its result it hands over.</summary>
/// <param name="To">The member's name.</param>
/// <param name="Reason">What the other is told; null for nothing.</param>
public sealed record Handoff(string To, string? Reason = null);
