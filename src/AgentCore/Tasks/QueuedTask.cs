namespace AgentCore.Tasks;

/// <summary>A task in a queue, and how it stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Task">The task.</param>
/// <param name="Submitted">When it was submitted.</param>
public sealed record QueuedTask(string Id, AgentTask Task, DateTimeOffset Submitted)
{
    /// <summary>How it stands.</summary>
    public QueuedTaskStatus Status { get; init; }

    /// <summary>The agent that works or worked on it; null before, and where none could begin.</summary>
    public string? Agent { get; init; }

    /// <summary>The run in which it is done; null where none is kept. Work that was broken off goes on with it.</summary>
    public string? RunId { get; init; }

    /// <summary>When it was begun last; null before.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>The answer, or the last good output.</summary>
    public string Output { get; init; } = "";

    /// <summary>Why it ended as it did, in a line; null where it is done.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether nothing more happens to it by itself.</summary>
    public bool IsOver => Status is not (QueuedTaskStatus.Waiting or QueuedTaskStatus.Running);
}

/// <summary>How a task in a queue stands.</summary>
public enum QueuedTaskStatus
{
    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>An agent works on it.</summary>
    Running,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>A limit stopped it.</summary>
    Limited,

    /// <summary>A person must decide; after that <see cref="TaskQueue.RequeueAsync"/> lets it go on.</summary>
    NeedsDecision,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
