namespace AgentCore.Teams;

/// <summary>How a team takes turns: who speaks next, and when there is nothing more to do. A protocol is a definition that
/// many runs share; what it remembers of a run are the variables of <see cref="LeadAsync"/>.</summary>
public abstract class TeamProtocol
{
    /// <summary>The protocol's name, as results and definitions have it.</summary>
    public abstract string Name { get; }

    /// <summary>Leads a run: yields the next turn, and finds it in <see cref="TeamRun.Turns"/> when it is asked again. The
    /// team ends the run where a limit or a condition says so; a protocol that ends by itself has completed it.</summary>
    /// <param name="run">The run. What leaves the process is done through its <see cref="TeamRun.Context"/>, and choices
    /// depend on the run alone, so that a resumed run chooses the same.</param>
    public abstract IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run);

    /// <summary>Finds what can be seen to go wrong from a team's definition alone.</summary>
    /// <param name="team">The team.</param>
    /// <returns>The findings; none by default.</returns>
    public virtual IEnumerable<TeamFinding> Check(Team team) => [];

    /// <summary>Findings for the members without a description, for protocols in which a model chooses by it.</summary>
    /// <param name="team">The team.</param>
    protected static IEnumerable<TeamFinding> MissingDescriptions(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        for (var i = 0; i < team.Members.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(team.Members[i].Agent.Metadata.Description))
                yield return TeamFinding.Warning($"members[{i}].description", $"has no description of '{team.Members[i].Name}', by which the model would choose it.");
        }
    }
}
