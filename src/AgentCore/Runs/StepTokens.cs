using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>The tokens that the code of a step counts, shared by all copies of the step's context.</summary>
internal sealed class StepTokens(AgentContext owner)
{
    // Seldom there: of steps that call models themselves.
    private UsageDetails? _spent;

    /// <summary>What was counted; null where nothing was.</summary>
    public UsageDetails? Spent => Volatile.Read(ref _spent);

    public void Add(UsageDetails usage)
    {
        owner.AddUsage(usage);
        lock (owner.Run.UsageLock)
            _spent = UsageSum.Of(_spent, usage);
    }

    public void ThrowIfOver() => owner.Run.ThrowIfOverTokens();
}
