namespace AgentCore;

/// <summary>Why a run or a team came to its end.</summary>
/// <param name="Kind">The reason.</param>
/// <param name="Message">The reason in words; for a limit, which, how much was used, and how to raise it.</param>
public sealed record StopReason(StopKind Kind, string Message);

/// <summary>The reasons for which runs and teams end.</summary>
public enum StopKind
{
    /// <summary>The work was done: every member had its turn, or the protocol found nothing more to do.</summary>
    Completed,

    /// <summary>A termination condition held.</summary>
    Condition,

    /// <summary>The limit of turns or model calls was reached.</summary>
    MaxTurns,

    /// <summary>The limit of tokens was reached.</summary>
    MaxTokens,

    /// <summary>The budget was used up.</summary>
    MaxCost,

    /// <summary>The time was up.</summary>
    MaxTime,

    /// <summary>The same was done again and again without progress.</summary>
    NoProgress,

    /// <summary>A member, a model or a tool failed and the policy was to stop.</summary>
    Failure,

    /// <summary>The check before the run found an error, so that it did not begin.</summary>
    Preflight,

    /// <summary>A person must decide.</summary>
    Decision,

    /// <summary>The run was cancelled.</summary>
    Cancelled,
}
