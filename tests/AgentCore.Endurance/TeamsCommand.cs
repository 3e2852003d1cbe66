using System.Collections.Concurrent;
using System.Diagnostics;
using AgentCore.Tests.Teams.Trials;

namespace AgentCore.Endurance;

/// <summary><c>teams</c>: random teams with troubled members and models that answer nonsense. Each must end within its bounds and
/// for a reason that it tells; none may hang, leave work behind or lose an exception.</summary>
internal static class TeamsCommand
{
    private const int AtOnce = 16;

    public static async Task<bool> RunAsync(EnduranceOptions options)
    {
        var (count, seed) = (options.Int("count", 10_000), options.Int("seed", 1));
        Console.WriteLine($"teams: {count} random teams, seeds {seed} to {seed + count - 1}");
        var unobserved = 0;
        TaskScheduler.UnobservedTaskException += (_, e) =>
        {
            Interlocked.Increment(ref unobserved);
            Console.WriteLine($"BREACH: nobody saw {e.Exception.InnerException}");
        };
        var clock = Stopwatch.StartNew();
        var reasons = new ConcurrentDictionary<string, int>();
        var protocols = new ConcurrentDictionary<string, int>();
        var (done, breaches) = (0, 0);
        await Parallel.ForEachAsync(Enumerable.Range(seed, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (s, _) =>
        {
            var trial = await TeamTrial.RunAsync(s);
            if (trial.Breach is not null)
            {
                Interlocked.Increment(ref breaches);
                Console.WriteLine($"seed {s}: BREACH: {trial.Breach}");
            }

            protocols.AddOrUpdate(trial.Team.Protocol.Name, 1, (_, n) => n + 1);
            reasons.AddOrUpdate(trial.Result?.Stop?.Kind.ToString() ?? "none", 1, (_, n) => n + 1);
            if (Interlocked.Increment(ref done) is var now && now % 1_000 == 0)
                Console.WriteLine($"{now,6} teams, {clock.Elapsed.TotalSeconds,5:n1} s, {breaches} breaches");
        });
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Console.WriteLine($"protocols: {Counts(protocols)}");
        Console.WriteLine($"reasons: {Counts(reasons)}");
        var missing = Enum.GetNames<StopKind>().Where(k => !reasons.ContainsKey(k)).ToList();
        if (count >= 5_000 && missing.Count > 0)
        {
            Console.WriteLine($"Verdict: FAILED. The teams never ended for these reasons, so that nothing was shown of them: {string.Join(", ", missing)}.");
            return false;
        }

        Console.WriteLine(breaches + unobserved == 0
            ? $"Verdict: passed, in {clock.Elapsed.TotalSeconds:n0} s. Each team ended within its bounds for a reason that it told; nothing hung, leaked or was lost."
            : $"Verdict: FAILED. {breaches} of {count} teams were breached; {unobserved} exceptions were lost.");
        return breaches + unobserved == 0;
    }

    private static string Counts(ConcurrentDictionary<string, int> counts) =>
        string.Join(", ", counts.OrderByDescending(c => c.Value).Select(c => $"{c.Key} {c.Value}"));
}
