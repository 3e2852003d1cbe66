using Microsoft.Extensions.AI;

namespace AgentCore.Models;

/// <summary>What a model's tokens cost, in whatever currency all prices and limits are in.</summary>
/// <param name="InputPerMillion">A million input tokens.</param>
/// <param name="OutputPerMillion">A million output tokens.</param>
public sealed record TokenPrice(decimal InputPerMillion, decimal OutputPerMillion)
{
    /// <summary>What some tokens cost. Tokens that are only known in sum are counted at the higher price.</summary>
    /// <param name="usage">The tokens.</param>
    public decimal CostOf(UsageDetails usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        var known = (usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0);
        var rest = Math.Max(0, (usage.TotalTokenCount ?? known) - known);
        return (((usage.InputTokenCount ?? 0) * InputPerMillion) + ((usage.OutputTokenCount ?? 0) * OutputPerMillion)
            + (rest * Math.Max(InputPerMillion, OutputPerMillion))) / 1_000_000;
    }
}
