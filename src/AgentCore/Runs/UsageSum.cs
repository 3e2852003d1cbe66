using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>A sum of what calls of models used. Not thread-safe.</summary>
internal sealed class UsageSum
{
    /// <summary>All that was told; null where nothing was.</summary>
    public UsageDetails? Details { get; private set; }

    /// <summary>The tokens in all.</summary>
    public long Tokens { get; private set; }

    public void Add(UsageDetails usage)
    {
        (Details ??= new UsageDetails()).Add(usage);
        Tokens += TokensOf(usage);
    }

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
}
