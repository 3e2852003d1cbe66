using AgentCore.Tests.Teams.Trials;

namespace AgentCore.Tests.Teams;

public sealed class TeamTrialTests
{
    [Fact]
    public async Task Run_RandomTeams_EachEndsWithinItsBounds()
    {
        var trials = await Task.WhenAll(Enumerable.Range(1, 200).Select(TeamTrial.RunAsync));

        Assert.Empty(trials.Select((t, i) => t.Breach is null ? null : $"seed {i + 1}: {t.Breach}").OfType<string>());
    }
}
