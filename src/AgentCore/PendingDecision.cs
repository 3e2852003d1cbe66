namespace AgentCore;

/// <summary>Something that a person or a policy must decide before a run can go on.</summary>
/// <param name="Step">The step, such as <c>3.1</c>, as <c>runs decide</c>, <c>runs approve</c> and <c>runs answer</c> take it.</param>
/// <param name="Kind">What kind of decision it is.</param>
/// <param name="Name">The step's name, for example the tool's.</param>
/// <param name="Question">What is to be decided, and how, in a sentence or two.</param>
public sealed record PendingDecision(string Step, DecisionKind Kind, string Name, string Question)
{
    /// <summary>The step's arguments as JSON; null where it has none.</summary>
    public string? Arguments { get; init; }

    /// <summary>What the step returns, in words, where <see cref="DecisionKind.Outcome"/> can't be decided as done without
    /// it; null where it can.</summary>
    public string? Returns { get; init; }
}

/// <summary>The kinds of decision.</summary>
public enum DecisionKind
{
    /// <summary>A step that isn't repeatable has an unknown outcome: was it done, is it to be tried again, or is the run to
    /// be given up?</summary>
    Outcome,

    /// <summary>A tool call needs approval.</summary>
    Approval,

    /// <summary>A person is asked for input.</summary>
    Answer,
}
