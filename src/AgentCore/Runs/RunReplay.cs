using AgentCore.Text;

namespace AgentCore.Runs;

/// <summary>What came of running an agent again from a journal alone, without calling anything.</summary>
/// <param name="Recorded">The result that the journal has; null where the run has none.</param>
/// <param name="Replayed">The result of the replay; where the journal ended first, what the agent had by then.</param>
/// <param name="Steps">How many steps were read back.</param>
/// <param name="Difference">The first difference between the agent and its journal, in words; null where there is none.</param>
public sealed record RunReplay(AgentResult? Recorded, AgentResult Replayed, int Steps, string? Difference)
{
    /// <summary>Whether the agent did what its journal has, as far as that goes.</summary>
    public bool IsSame => Difference is null;

    internal static RunReplay Of(AgentResult? recorded, AgentResult replayed, int steps, string? journalEnd)
    {
        if (journalEnd is not null)
        {
            return new(recorded, replayed, steps, recorded is { IsDone: true }
                ? $"The recorded run ended as done, but the agent goes on. {journalEnd}"
                : null);
        }

        if (recorded is null)
            return new(recorded, replayed, steps, $"The journal has no end, but the agent now ends without a further step: {replayed.Describe()}");
        if (recorded.Status != replayed.Status)
            return new(recorded, replayed, steps, replayed.Error is { } error ? error.Message : $"The recorded run ended as {recorded.Describe()}; the agent now ends as {replayed.Describe()}");
        return new(recorded, replayed, steps, recorded.Output == replayed.Output
            ? null
            : $"The recorded output is '{Short(recorded.Output)}'; the agent's output is now '{Short(replayed.Output)}'.");
    }

    private static string Short(string text) => text.Length <= 200 ? text : ShortText.Cut(text, 200) + "…";
}
