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
        Add(Details ??= new UsageDetails(), usage);
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

    /// <summary>The tokens of a call: what it tells as its total, or its parts where these are more.</summary>
    public static long TokensOf(UsageDetails? usage) =>
        usage is null ? 0 : Math.Max(Known(usage.TotalTokenCount) ?? 0, (Known(usage.InputTokenCount) ?? 0) + (Known(usage.OutputTokenCount) ?? 0));

    /// <summary>Two usages together, of which each may be missing; both stay as they are.</summary>
    public static UsageDetails? Of(UsageDetails? one, UsageDetails? other)
    {
        if (one is null || other is null)
            return one ?? other;

        var sum = new UsageDetails();
        Add(sum, one);
        Add(sum, other);
        return sum;
    }

    /// <summary>Adds a usage to a sum. The total counts each call whole, also one that tells its parts alone: so the sum says how
    /// many tokens are only known in sum.</summary>
    public static void Add(UsageDetails sum, UsageDetails usage)
    {
        var input = Plus(sum.InputTokenCount, Known(usage.InputTokenCount));
        var output = Plus(sum.OutputTokenCount, Known(usage.OutputTokenCount));
        var isTold = usage.TotalTokenCount is not null || usage.InputTokenCount is not null || usage.OutputTokenCount is not null;
        var total = Plus(sum.TotalTokenCount, isTold ? TokensOf(usage) : null);
        sum.Add(usage);
        (sum.InputTokenCount, sum.OutputTokenCount, sum.TotalTokenCount) = (input, output, total);
    }

    // Some servers tell -1 for what they don't know; nothing that was used is given back for it.
    private static long? Known(long? tokens) => tokens >= 0 ? tokens : null;

    private static long? Plus(long? sum, long? tokens) => sum is null || tokens is null ? sum ?? tokens : sum + tokens;

    private static bool IsSound(long? count) => count is null or (>= 0 and <= Most);

    private static long? Sound(long? count) => count < 0 ? null : count > Most ? Most : count;
}
