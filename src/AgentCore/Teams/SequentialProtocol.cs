namespace AgentCore.Teams;

/// <summary>Each member speaks once, in the team's order, and hears what was said before.</summary>
public sealed class SequentialProtocol : TeamProtocol
{
    /// <inheritdoc/>
    public override string Name => "sequential";

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        foreach (var member in run.Members)
            yield return NextTurn.Of(member);
    }
}
