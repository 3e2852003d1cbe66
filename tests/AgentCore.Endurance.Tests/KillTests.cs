using AgentCore.Endurance.Kill;

namespace AgentCore.Endurance.Tests;

/// <summary>The short form of <c>kill</c>; the long one is a command of AgentCore.Endurance.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Kill_TheRealProgramAtSeededMoments_EveryRunResumesRight() =>
        Assert.True(await KillCommand.RunAsync(new EnduranceOptions(["--count", "3", "--boundaries", "9", "--seed", "11"])), "a breach, or too few kills in mid-run: the output says which");
}
