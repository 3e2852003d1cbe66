using System.Diagnostics;

namespace AgentCore.Endurance.Kill;

/// <summary><c>kill --count 200 --seed N --store file</c>: the real program, killed with SIGKILL at random moments and at each persist
/// boundary, resumed in fresh processes.</summary>
internal static class KillCommand
{
    private static readonly string[] Agents = ["ledger-steps", "ledger-chat", "ledger-team"];

    public static async Task<bool> RunAsync(EnduranceOptions options)
    {
        var count = options.Int("count", 200);
        var boundaries = options.Int("boundaries", count);
        var store = $"killing-{options.Text("store", "file")}";
        var random = new Random(options.Int("seed", 1));
        var plans = new List<(string Agent, string? Boundary, TimeSpan Wait)>();
        var baselines = new Dictionary<string, (string Output, TimeSpan Active, int Commits)>();
        foreach (var agent in Agents)
        {
            baselines[agent] = await BaselineAsync(agent, store);
            Console.WriteLine($"{agent}: uninterrupted in {baselines[agent].Active.TotalMilliseconds:0} ms, {baselines[agent].Commits} commits");
        }

        for (var i = 0; i < count; i++)
        {
            var agent = Agents[i % Agents.Length];
            plans.Add((agent, null, random.NextDouble() * baselines[agent].Active));
        }

        foreach (var agent in Agents)
        {
            var all = Enumerable.Range(1, baselines[agent].Commits).SelectMany(n => new[] { $"before {n}", $"after {n}" }).ToArray();
            random.Shuffle(all);
            plans.AddRange(all.Take((boundaries + 2) / Agents.Length).Select(b => (agent, (string?)b, TimeSpan.Zero)));
        }

        return await TrialsAsync(plans, baselines, store);
    }

    private static async Task<bool> TrialsAsync(
        List<(string Agent, string? Boundary, TimeSpan Wait)> plans, Dictionary<string, (string Output, TimeSpan Active, int Commits)> baselines, string store)
    {
        var (midRun, breaches, number) = (0, 0, 0);
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (plan, _) =>
        {
            using var trial = new KillTrial(plan.Agent, store, baselines[plan.Agent].Output);
            string moment;
            (bool MidRun, string? Breach) verdict;
            try
            {
                moment = plan.Boundary is { } boundary ? await trial.KillAtAsync(boundary) : await trial.KillAfterAsync(plan.Wait);
                verdict = await trial.VerifyAsync();
            }
            catch (Exception e) when (e is TimeoutException or InvalidOperationException)
            {
                (moment, verdict) = (plan.Boundary ?? $"{plan.Wait.TotalMilliseconds:0} ms", (true, e.Message));
            }

            lock (plans)
            {
                midRun += verdict.MidRun ? 1 : 0;
                breaches += verdict.Breach is null ? 0 : 1;
                Console.WriteLine($"{++number,4} {plan.Agent,-13} killed {moment,-34} {(verdict.Breach is { } breach ? "BREACH: " + breach : verdict.MidRun ? "ok" : "ok (not in mid-run)")}");
            }
        });

        var enough = midRun * 2 >= plans.Count;
        Console.WriteLine($"{plans.Count} kills, {midRun} in mid-run, {breaches} breaches{(enough ? "" : "; too few landed in mid-run")}");
        return breaches == 0 && enough;
    }

    private static async Task<(string Output, TimeSpan Active, int Commits)> BaselineAsync(string agent, string store)
    {
        using var runner = new RunnerProcess();
        var process = runner.Start(null, "run", agent, "go", "--store", store);
        var ending = RunnerProcess.EndAsync(process);
        while (new FileInfo(runner.Ledger).Length == 0 && !ending.IsCompleted)
            await Task.Delay(1);
        var start = Stopwatch.GetTimestamp();
        var exit = await ending;
        var active = Stopwatch.GetElapsedTime(start);
        if (exit.Code != 0)
            throw new InvalidOperationException($"The uninterrupted run of {agent} ended with {exit.Code}: {exit.Document} {exit.Error}");

        var id = exit.Document.GetProperty("runId").GetString()!;
        var show = (await runner.RunAsync(null, "runs", "show", id)).Document;
        var steps = show.GetProperty("steps").EnumerateArray().Where(s => s.GetProperty("kind").GetString() is "model" or "tool" or "step").ToList();
        // One for the beginning, one for the end, one for each result, one for each intent that must be kept.
        var commits = 2 + steps.Count + steps.Count(s => !s.GetProperty("repeatable").GetBoolean());
        return (KillTrial.Normal(exit.Document.GetProperty("output").GetString()!, id), active, commits);
    }
}
