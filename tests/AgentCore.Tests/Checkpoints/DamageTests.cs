using AgentCore.Tests.Checkpoints.Disk;

namespace AgentCore.Tests.Checkpoints;

public class DamageTests
{
    // The long form, 10,000 cases: AgentCore.Endurance -- damage.
    [Fact]
    public async Task Open_BytesDamagedAnywhere_GivesWhatIsWholeOrSaysWhatIsDamaged()
    {
        var (refused, recovered) = (0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            var trial = await DamageTrial.CreateAsync(seed);
            for (var i = 0; i < 40; i++)
            {
                var breach = await trial.RunAsync((seed * 1000) + i);
                Assert.True(breach is null, $"Store {seed}, case {i}: {breach}");
            }
            refused += trial.Refused;
            recovered += trial.Recovered;
        }
        Assert.True(refused > 400, $"{refused} of 1,600 said what is damaged.");
        Assert.True(recovered > 50, $"{recovered} of 1,600 recovered what was whole.");
    }
}
