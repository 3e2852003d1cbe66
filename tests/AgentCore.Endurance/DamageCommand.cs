using System.Diagnostics;
using AgentCore.Tests.Checkpoints.Disk;

namespace AgentCore.Endurance;

/// <summary><c>damage</c>: flipped, cut and duplicated bytes anywhere in a file store.</summary>
internal static class DamageCommand
{
    private const int CasesPerStore = 50;

    public static async Task<bool> RunAsync(EnduranceOptions options)
    {
        var (count, seed) = (options.Int("count", 10_000), options.Int("seed", 1));
        Console.WriteLine($"damage: {count} cases, seed {seed}");
        var clock = Stopwatch.StartNew();
        var (breaches, refused, recovered, unharmed) = (0, 0, 0, 0);
        for (var done = 0; done < count;)
        {
            var trial = await DamageTrial.CreateAsync(seed + done);
            for (var i = 0; i < CasesPerStore && done < count; i++, done++)
            {
                if (await trial.RunAsync(seed + done) is not { } breach)
                    continue;
                breaches++;
                Console.WriteLine($"case {seed + done}: BREACH: {breach}");
            }
            refused += trial.Refused;
            recovered += trial.Recovered;
            unharmed += trial.Unharmed;
            if (done % 2000 == 0 || done == count)
            {
                Console.WriteLine($"{done,6} cases, {clock.Elapsed.TotalSeconds,5:n1} s: {refused} said what is damaged, {recovered} recovered what was whole, "
                    + $"{unharmed} unharmed, {breaches} breaches");
            }
        }
        Console.WriteLine(breaches == 0
            ? "Verdict: passed. Every store gave what was whole or said what is damaged."
            : $"Verdict: FAILED. {breaches} of {count} cases were breached.");
        return breaches == 0;
    }
}
