using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Tries an agent whose binding has gaps, with stand-ins in them.</summary>
internal static class TrialRun
{
    // One that is tried with stand-ins may wait for ever for what they don't do.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>What a person has to give, and what then would be missing still, as far as a try with made-up values shows it.</summary>
    public static async Task<Verification> RunAsync(ObjectBinding binding, VerifyOptions options, CancellationToken cancellationToken)
    {
        var gaps = binding.Gaps;
        var known = new Verification(MigrationStatus.Gaps, string.Join("; ", gaps));
        if (gaps.Any(gap => gap.At is "typeArguments" or "construct.instance") || binding.Assembly is null)
            return known;
        var brief = options.Timeout < Longest ? options : options with { Timeout = Longest };
        Verification tried;
        try
        {
            tried = await new ShadowRun(binding, brief, new StandIns()).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            // It can't be tried, and so nothing more is known.
            return known;
        }

        var more = tried.Refused.Where(place => place != "surroundings" && !gaps.Any(gap => gap.At == place)).ToList();
        return more.Count == 0 ? known : known with { Message = $"{known.Message}; {tried.Message}", Refused = more };
    }
}
