using System.Globalization;
using AgentCore.Learning;
using AgentCore.Testing;

namespace AgentCore.Endurance;

/// <summary>Runs of one agent whose first attempt always fails: the run engine, the store and the learner are the real ones, and a
/// seeded coin says whether what is tried helps.</summary>
internal sealed class LearningTrial
{
    private readonly LearningScenario _scenario;
    private readonly int _runs;
    private readonly int _seed;

    private LearningTrial(LearningScenario scenario, int runs, int seed)
    {
        _scenario = scenario;
        _runs = runs;
        _seed = seed;
    }

    /// <summary>Which runs were done in the end.</summary>
    public List<bool> Done { get; } = [];

    /// <summary>For each try, what the posterior's mean said and whether it helped.</summary>
    public List<(double Said, bool Helped)> Predictions { get; } = [];

    /// <summary>How many 90% intervals there were, and how many of them hold the true chance.</summary>
    public (int Within, int All) Intervals { get; private set; }

    public double Success => Done.Average(d => d ? 1.0 : 0.0);

    public static async Task<LearningTrial> RunAsync(LearningScenario scenario, int runs, int seed, AutoFix mode)
    {
        var trial = new LearningTrial(scenario, runs, seed);
        await trial.RunAsync(mode);
        return trial;
    }

    /// <summary>The first run from which 50 in a row go as well as the best choices would make them, less a tenth; null for
    /// none.</summary>
    public int? Learned(double oracle)
    {
        const int window = 50;
        for (var i = window; i <= Done.Count; i++)
        {
            if (Done.Skip(i - window).Take(window).Average(d => d ? 1.0 : 0.0) >= oracle - 0.1)
                return i - window + 1;
        }

        return null;
    }

    private async Task RunAsync(AutoFix mode)
    {
        await using var store = new MemoryCheckpointStore();
        var learner = new ErrorLearner(store, new LearningOptions { AutoFix = mode, Seed = _seed, Remedies = LearningScenario.Simulated });
        var retry = new RetryOptions { MaxRetries = 2, Delay = TimeSpan.Zero };
        var (run, attempt) = (0, 0);
        var coin = new Random(0);
        using var agent = new Simulated(context =>
        {
            if (attempt++ == 0)
                return AgentResult.Failed($"Request {run} was refused.");

            var now = run >= _runs / 2 && _scenario.Later is { } later ? later : _scenario;
            var chance = context.Changes.Values.TryGetValue("arm", out var arm) ? now.Remedies[int.Parse(arm, CultureInfo.InvariantCulture)] : now.Plain;
            return coin.NextDouble() < chance ? AgentResult.Done("ok") : AgentResult.Failed($"Request {run} was refused.");
        }, new AgentOptions { Learner = learner, Retry = retry });

        for (run = 0; run < _runs; run++)
        {
            attempt = 0;
            // The same coins whatever is tried: what differs is the choice alone.
            coin = new Random(HashCode(run));
            var tries = new List<string>();
            var before = await FirstAsync(learner);
            var result = await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is RunRetryingEvent retrying) tries.Add(retrying.Remedy ?? Remedies.PlainRetry); } });
            Done.Add(result.IsDone);
            if (before is not null && tries.Count > 0 && before.Remedies.TryGetValue(tries[0], out var score) && score.Evidence >= 5)
                Predictions.Add((score.Mean, tries.Count == 1 && result.IsDone));
        }

        if (_scenario.Later is null && await FirstAsync(learner) is { } pattern)
            Intervals = Cover(pattern);
    }

    private (int Within, int All) Cover(ErrorPattern pattern)
    {
        var (within, all) = (0, 0);
        var random = new Random(_seed);
        foreach (var (id, score) in pattern.Remedies.Where(r => r.Value.Evidence >= 20))
        {
            var truth = id == Remedies.PlainRetry ? _scenario.Plain : _scenario.Remedies[int.Parse(id[4..], CultureInfo.InvariantCulture)];
            var draws = Enumerable.Range(0, 2000).Select(_ => BetaSampler.Next(random, 1 + score.Successes, 1 + score.Failures)).Order().ToList();
            all++;
            if (truth >= draws[100] && truth <= draws[1899])
                within++;
        }

        return (within, all);
    }

    private static async Task<ErrorPattern?> FirstAsync(ErrorLearner learner)
    {
        await foreach (var pattern in learner.Patterns.ListAsync())
            return pattern;
        return null;
    }

    private int HashCode(int run) => unchecked((run * 486187739) ^ (_seed * 16777619) ^ _scenario.Name.Sum(c => c * 31));

    private sealed class Simulated(Func<AgentContext, AgentResult> body, AgentOptions options) : BaseAgent(new AgentMetadata("simulated"), options)
    {
        protected override AgentResult OnExecute(AgentContext context) => body(context);
    }
}
