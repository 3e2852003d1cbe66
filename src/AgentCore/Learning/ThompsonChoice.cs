namespace AgentCore.Learning;

/// <summary>Chooses between a plain retry and remedies by Thompson sampling: each gets a draw from the posterior of its success,
/// and the largest draw is taken. A remedy without enough evidence takes part only where trying it costs little, and one that waits
/// must be better by what the wait is worth.</summary>
internal static class ThompsonChoice
{
    /// <summary>The remedy to apply; null for a plain retry.</summary>
    /// <param name="random">The source of the draws.</param>
    /// <param name="candidates">The remedies that fit and were not tried in this run.</param>
    /// <param name="score">What is known of each, by id.</param>
    /// <param name="plainAllowed">Whether a plain retry is worth anything: without a remedy, the run fails for good.</param>
    /// <param name="plainFailed">Whether a plain retry has failed in this run already.</param>
    /// <param name="options">The minimum of evidence and the share of exploration.</param>
    public static Remedy? Choose(
        Random random, IReadOnlyList<Remedy> candidates, Func<string, RemedyScore> score, bool plainAllowed, bool plainFailed, LearningOptions options)
    {
        var explore = random.NextDouble() < options.ExploreShare;
        var plain = score(Remedies.PlainRetry);
        Remedy? chosen = null;
        var best = plainAllowed ? Draw(random, plain) : 0;
        foreach (var remedy in candidates)
        {
            var known = score(remedy.Id);
            var draw = Draw(random, known) - Price(remedy.Wait);
            // Half an outcome less: evidence fades a little from the moment that it comes in. More than the memory holds never comes.
            if (known.Evidence < Math.Min(options.MinEvidence, options.Memory) - 0.5 && plainAllowed && !plainFailed && !explore)
                continue;

            if (draw > best)
                (best, chosen) = (draw, remedy);
        }

        return chosen;
    }

    /// <summary>The chance that a wait must add to be worth it: a tenth for 15 seconds or more, less for less.</summary>
    private static double Price(TimeSpan wait) => Math.Min(0.1, wait.TotalSeconds / 150);

    private static double Draw(Random random, RemedyScore score) => BetaSampler.Next(random, 1 + score.Successes, 1 + score.Failures);
}
