using System.Diagnostics;
using AgentCore.Learning;
using AgentCore.Testing;

namespace AgentCore.Endurance;

/// <summary><c>learning</c>: success after learned remedies against plain retries, the time to learn, no harm where remedies don't
/// help, and a calibrated posterior; by seeded simulation, and with faults put into what real agents call.</summary>
internal static class LearningCommand
{
    private const double MostHarm = 0.02;

    public static async Task<bool> RunAsync(EnduranceOptions options)
    {
        var (runs, seed) = (options.Int("count", 2000), options.Int("seed", 1));
        var clock = Stopwatch.StartNew();
        Console.WriteLine($"learning: {runs} failing runs of each scenario, at most two retries each, seed {seed}");
        Console.WriteLine($"{"simulated error",-32} {"plain",7} {"learned",8} {"gain",7} {"learned after",14}");
        var passed = await SimulateAsync(runs, seed);
        Console.WriteLine();
        Console.WriteLine($"{"injected fault (real agents)",-38} {"plain",7} {"learned",8} {"gain",7}");
        foreach (var (name, create) in InjectedFaults.All)
        {
            var plain = await RealAsync(create, Math.Max(200, runs / 2), seed, AutoFix.Off);
            var learned = await RealAsync(create, Math.Max(200, runs / 2), seed, AutoFix.On);
            Console.WriteLine($"{name,-38} {plain,7:P1} {learned,8:P1} {learned - plain,7:+0.0%;-0.0%}");
            passed &= learned >= plain - MostHarm;
        }

        Console.WriteLine();
        Console.WriteLine($"Verdict: {(passed ? "passed" : "FAILED")}, {clock.Elapsed.TotalSeconds:n0} s. Asked for: never more than {MostHarm:P0} below plain retry; "
            + "at least 80% of the 90% intervals hold the truth (forgetting widens them); predictions within 5 points of what happened.");
        return passed;
    }

    private static async Task<bool> SimulateAsync(int runs, int seed)
    {
        var passed = true;
        var predictions = new List<(double Said, bool Helped)>();
        var (within, all) = (0, 0);
        foreach (var scenario in LearningScenario.All(seed))
        {
            var plain = await LearningTrial.RunAsync(scenario, runs, seed, AutoFix.Off);
            var learned = await LearningTrial.RunAsync(scenario, runs, seed, AutoFix.On);
            var gain = learned.Success - plain.Success;
            var after = scenario.Best > scenario.Plain && scenario.Later is null ? learned.Learned(Oracle(scenario)) : null;
            var harmed = gain < -MostHarm;
            passed &= !harmed;
            Console.WriteLine($"{scenario.Name,-32} {plain.Success,7:P1} {learned.Success,8:P1} {gain,7:+0.0%;-0.0%} {(after is { } run ? $"{run} runs" : "-"),14}{(harmed ? "  HARMED" : "")}");
            if (scenario.Later is null)
                predictions.AddRange(learned.Predictions);
            within += learned.Intervals.Within;
            all += learned.Intervals.All;
        }

        return Calibrated(predictions, within, all) && passed;
    }

    /// <summary>What the best remedy first and the next best after it would reach in two retries. A remedy is tried once in a run.</summary>
    private static double Oracle(LearningScenario scenario)
    {
        var chances = scenario.Remedies.Append(scenario.Plain).Append(scenario.Plain).OrderDescending().Take(2).ToList();
        return 1 - (1 - chances[0]) * (1 - chances[1]);
    }

    private static bool Calibrated(List<(double Said, bool Helped)> predictions, int within, int all)
    {
        Console.WriteLine();
        Console.WriteLine($"calibration: {within} of {all} 90% intervals hold the true chance ({(double)within / all:P0})");
        var error = 0.0;
        foreach (var bin in predictions.GroupBy(p => (int)Math.Min(9, p.Said * 10)).OrderBy(b => b.Key))
        {
            var (said, helped) = (bin.Average(p => p.Said), bin.Average(p => p.Helped ? 1.0 : 0.0));
            error += Math.Abs(said - helped) * bin.Count() / predictions.Count;
            Console.WriteLine($"  said {said,6:P1}  happened {helped,6:P1}  ({bin.Count()} first tries)");
        }

        Console.WriteLine($"  mean distance {error:P1} over {predictions.Count} first tries");
        return within >= 0.8 * all && error <= 0.05;
    }

    private static async Task<double> RealAsync(Func<ErrorLearner, Random, InstantTime, BaseAgent> create, int runs, int seed, AutoFix mode)
    {
        await using var store = new MemoryCheckpointStore();
        var learner = new ErrorLearner(store, new LearningOptions { AutoFix = mode, Seed = seed, Remedies = InjectedFaults.Remedies });
        using var agent = create(learner, new Random(seed), new InstantTime());
        var done = 0;
        for (var run = 0; run < runs; run++)
            done += (await agent.ExecuteAsync($"task {run}", new RunOptions { Store = store })).IsDone ? 1 : 0;
        return (double)done / runs;
    }
}
