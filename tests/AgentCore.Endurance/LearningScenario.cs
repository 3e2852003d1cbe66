using AgentCore.Learning;

namespace AgentCore.Endurance;

/// <summary>An error with the chances that a plain retry and each remedy have against it, before and after a change.</summary>
internal sealed record LearningScenario(string Name, double Plain, double[] Remedies)
{
    /// <summary>The chances in the second half; null where they stay.</summary>
    public LearningScenario? Later { get; init; }

    public double Best => Math.Max(Plain, Remedies.Max());

    public static IEnumerable<LearningScenario> All(int seed)
    {
        yield return new("one remedy helps", 0.05, [0.9, 0.1, 0.1]);
        yield return new("two help, one more", 0.2, [0.6, 0.8, 0.1]);
        yield return new("only plain retries help", 0.9, [0, 0, 0]);
        yield return new("plain is good, remedies harm", 0.7, [0.2, 0.1, 0.3]);
        yield return new("nothing helps", 0.02, [0.02, 0.02, 0.02]);
        yield return new("all the same", 0.5, [0.5, 0.5, 0.5]);
        yield return new("what helps changes", 0.1, [0.9, 0.1, 0.1]) { Later = new("", 0.1, [0.1, 0.9, 0.1]) };
        var random = new Random(seed);
        for (var i = 1; i <= 20; i++)
            yield return new($"random {i}", random.NextDouble(), [random.NextDouble(), random.NextDouble(), random.NextDouble()]);
    }

    /// <summary>The remedies of a simulation: they tell the agent their number, and fit every error.</summary>
    public static IReadOnlyList<Remedy> Simulated { get; } = [new Arm(0), new Arm(1), new Arm(2)];

    private sealed class Arm(int number) : Remedy($"arm-{number}")
    {
        public override bool Fits(AgentError error, ErrorSignature signature) => true;

        public override AttemptChanges Change(AttemptChanges changes) =>
            changes with { Values = new Dictionary<string, string> { ["arm"] = $"{number}" } };
    }
}
