using AgentCore.Runs;
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
        var input = Math.Max(0, usage.InputTokenCount ?? 0);
        var output = Math.Max(0, usage.OutputTokenCount ?? 0);
        var rest = UsageSum.TokensOf(usage) - input - output;
        return ((input * InputPerMillion) + (output * OutputPerMillion) + (rest * Math.Max(InputPerMillion, OutputPerMillion))) / 1_000_000;
    }
}
