using System.Diagnostics;
using AgentCore.Tests.Checkpoints.Disk;

namespace AgentCore.Endurance;

/// <summary><c>powerloss</c>: file stores on simulated disks that lose power, fail syncs, fill up and forget what was not
/// synced. No acknowledged batch may be lost, and no damaged store taken for a whole one.</summary>
internal static class PowerLossCommand
{
    public static async Task<bool> RunAsync(EnduranceOptions options)
    {
        var (count, seed) = (options.Int("count", 2000), options.Int("seed", 1));
        Console.WriteLine($"powerloss: {count} trials of up to five lives each, seeds {seed} to {seed + count - 1}");
        var clock = Stopwatch.StartNew();
        var breaches = 0;
        var (batches, losses, within, torn, syncs, kills, compactions) = (0L, 0, 0, 0, 0, 0, 0);
        for (var i = 0; i < count; i++)
        {
            var trial = await PowerLossTrial.RunAsync(seed + i);
            batches += trial.Batches;
            losses += trial.PowerLosses;
            within += trial.PowerLossesWithin;
            torn += trial.TornTails;
            syncs += trial.FailedSyncs;
            kills += trial.Kills;
            compactions += trial.Compactions;
            if (trial.Breach is not null)
            {
                breaches++;
                Console.WriteLine($"seed {seed + i}: BREACH: {trial.Breach}");
            }
            if ((i + 1) % 200 == 0 || i + 1 == count)
                Console.WriteLine($"{i + 1,6} trials, {clock.Elapsed.TotalSeconds,5:n1} s: {batches} batches, {losses} power losses ({within} within an operation), "
                    + $"{torn} torn tails cut, {syncs} failed syncs, {kills} kills, {compactions} compactions, {breaches} breaches");
        }
        if (count >= 100 && (within < count / 2 || torn == 0 || syncs == 0 || compactions == 0))
        {
            Console.WriteLine("Verdict: FAILED. The trials did not meet what they are for: too few power losses within an operation, torn tails, failed syncs or compactions.");
            return false;
        }
        Console.WriteLine(breaches == 0
            ? "Verdict: passed. No acknowledged batch was lost, and no damaged store was taken for a whole one."
            : $"Verdict: FAILED. {breaches} of {count} trials were breached.");
        return breaches == 0;
    }
}
