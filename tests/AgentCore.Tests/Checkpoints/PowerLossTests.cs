using AgentCore.Tests.Checkpoints.Disk;

namespace AgentCore.Tests.Checkpoints;

public class PowerLossTests
{
    [Fact]
    public async Task Open_AfterPowerLossAtAnyOperation_HoldsWhatWasAcknowledged()
    {
        var (within, torn, failedSyncs, kills, compactions) = (0, 0, 0, 0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            var trial = await PowerLossTrial.RunAsync(seed);
            Assert.True(trial.Breach is null, $"Seed {seed}: {trial.Breach}");
            within += trial.PowerLossesWithin;
            torn += trial.TornTails;
            failedSyncs += trial.FailedSyncs;
            kills += trial.Kills;
            compactions += trial.Compactions;
        }
        // The trials must have met what they are for.
        Assert.True(within > 100, $"{within} power losses came while the store was at work.");
        Assert.True(torn > 20, $"{torn} torn tails");
        Assert.True(failedSyncs > 10, $"{failedSyncs} failed syncs");
        Assert.True(kills > 20, $"{kills} kills");
        Assert.True(compactions > 50, $"{compactions} compactions");
    }

    [Fact]
    public async Task Open_DiskThatLiesAboutSyncs_IsFoundOut()
    {
        var breaches = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            if ((await PowerLossTrial.RunAsync(seed, lies: true)).Breach is not null)
                breaches++;
        }
        Assert.True(breaches > 10, $"Only {breaches} of 40 trials noticed that nothing was synced: they prove nothing.");
    }
}
