using AgentCore.Endurance;
using AgentCore.Endurance.Kill;

namespace AgentCore.LiteDb.Tests.Program;

/// <summary>The short form of <c>kill --store litedb</c>; the long one is a command of AgentCore.Endurance.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Kill_TheRealProgramOnLiteDb_EveryRunResumesRight() =>
        Assert.True(
            await KillCommand.RunAsync(new EnduranceOptions(["--count", "3", "--boundaries", "9", "--seed", "12", "--store", "litedb"])),
            "a breach, or too few kills in mid-run: the output says which");
}
