using System.Globalization;

namespace AgentCore.Learning;

/// <summary>How a remedy has done for an error.</summary>
/// <param name="Successes">How often it helped, older outcomes weighing less.</param>
/// <param name="Failures">How often it didn't, older outcomes weighing less.</param>
/// <param name="Trials">How often it was tried in all.</param>
/// <param name="Updated">When it was tried last.</param>
public sealed record RemedyScore(double Successes, double Failures, long Trials, DateTimeOffset Updated)
{
    /// <summary>How much evidence there is, in outcomes.</summary>
    public double Evidence => Successes + Failures;

    /// <summary>The mean of the posterior Beta(1 + successes, 1 + failures): the chance that it helps, from 0 to 1.</summary>
    public double Mean => (1 + Successes) / (2 + Evidence);

    /// <summary>What was seen, in words: <c>tried 3 times, helped once</c>.</summary>
    public override string ToString()
    {
        var (helped, counted) = (Math.Round(Successes), Math.Round(Evidence));
        return counted >= Trials
            ? $"tried {Times(Trials)}, {(helped > 0 ? $"helped {Times(helped)}" : "never helped")}"
            : string.Create(CultureInfo.InvariantCulture, $"tried {Times(Trials)}, helped in about {helped} of the last {counted}");
    }

    private static string Times(double count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");

    /// <summary>This score as it weighs at a time.</summary>
    internal RemedyScore At(DateTimeOffset now, LearningOptions options)
    {
        var age = now - Updated;
        var weight = age <= TimeSpan.Zero ? 1 : Math.Pow(0.5, age / options.HalfLife);
        return this with { Successes = Successes * weight, Failures = Failures * weight };
    }

    /// <summary>This score with one more outcome. What is beyond the memory fades.</summary>
    internal RemedyScore Add(bool helped, DateTimeOffset now, LearningOptions options)
    {
        var before = At(now, options);
        var kept = Math.Min(1, (options.Memory - 1) / Math.Max(before.Evidence, 1e-9));
        return new RemedyScore(
            before.Successes * kept + (helped ? 1 : 0), before.Failures * kept + (helped ? 0 : 1), Trials + 1,
            // A clock that goes back must not make what is known look old once it goes right again.
            now > Updated ? now : Updated);
    }
}
