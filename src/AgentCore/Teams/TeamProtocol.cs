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
}
