namespace AgentCore;

/// <summary>How a run stands.</summary>
public enum RunStatus
{
    /// <summary>It goes on, or its process ended before it did.</summary>
    Running,

    /// <summary>It did what it was asked.</summary>
    Done,

    /// <summary>It could not: <see cref="AgentResult.Error"/> says why.</summary>
    Failed,

    /// <summary>A limit stopped it: <see cref="AgentResult.Stop"/> says which, and how to raise it.</summary>
    Limited,

    /// <summary>A person or a policy must decide: <see cref="AgentResult.Pending"/> says on what.</summary>
    NeedsDecision,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
