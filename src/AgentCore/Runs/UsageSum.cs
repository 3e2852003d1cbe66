using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>A sum of what calls of models used. Not thread-safe.</summary>
internal sealed class UsageSum
{
    // Far more than anything uses, and far from where sums overflow.
    private const long Most = 1_000_000_000_000_000;

    /// <summary>All that was told; null where nothing was.</summary>
    public UsageDetails? Details { get; private set; }

    /// <summary>The tokens in all.</summary>
    public long Tokens { get; private set; }

    public void Add(UsageDetails usage)
    {
        (Details ??= new UsageDetails()).Add(usage);
        Tokens += TokensOf(usage);
    }

    /// <summary>What a model told, so that it can be added up: a count below 0 is none, and an absurd one is cut.</summary>
    public static UsageDetails Told(UsageDetails usage) =>
        IsSound(usage.InputTokenCount) && IsSound(usage.OutputTokenCount) && IsSound(usage.TotalTokenCount)
            && IsSound(usage.CachedInputTokenCount) && IsSound(usage.ReasoningTokenCount)
        ? usage
        : new UsageDetails
        {
            InputTokenCount = Sound(usage.InputTokenCount),
            OutputTokenCount = Sound(usage.OutputTokenCount),
            TotalTokenCount = Sound(usage.TotalTokenCount),
            CachedInputTokenCount = Sound(usage.CachedInputTokenCount),
            ReasoningTokenCount = Sound(usage.ReasoningTokenCount),
            AdditionalCounts = usage.AdditionalCounts,
        };

    public static long TokensOf(UsageDetails? usage) =>
        usage is null ? 0 : usage.TotalTokenCount ?? (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0);

    /// <summary>Two usages together, of which each may be missing; both stay as they are.</summary>
    public static UsageDetails? Of(UsageDetails? one, UsageDetails? other)
    {
        if (one is null || other is null)
            return one ?? other;

        var sum = new UsageDetails();
        sum.Add(one);
        sum.Add(other);
        return sum;
    }

    private static bool IsSound(long? count) => count is null or (>= 0 and <= Most);

    private static long? Sound(long? count) => count < 0 ? null : count > Most ? Most : count;
}
