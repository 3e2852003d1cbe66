using Microsoft.Extensions.AI;

namespace AgentCore;

/// <summary>Something that happened in a run, told while it happens.</summary>
public abstract record AgentEvent
{
    /// <summary>The event's number in its run, from 0.</summary>
    public long Sequence { get; internal set; }

    /// <summary>Whether it was read back from the journal rather than done now.</summary>
    public bool Replayed { get; internal set; }

    /// <summary>The agent that it happened in.</summary>
    public string Agent { get; internal set; } = "";

    /// <summary>The step or scope, such as <c>3.1</c>; empty for the run itself.</summary>
    public string Step { get; internal set; } = "";
}

/// <summary>A run began or was resumed.</summary>
/// <param name="RunId">The run's id; null when no journal is kept.</param>
/// <param name="Resumed">Whether it was resumed.</param>
public sealed record RunStartedEvent(string? RunId, bool Resumed) : AgentEvent;

/// <summary>A run ended.</summary>
/// <param name="Result">Its result.</param>
public sealed record RunEndedEvent(AgentResult Result) : AgentEvent;

/// <summary>A failed run is tried again.</summary>
/// <param name="Attempt">The attempt that begins, from 2.</param>
/// <param name="Error">Why the last one failed.</param>
public sealed record RunRetryingEvent(int Attempt, AgentError Error) : AgentEvent
{
    /// <summary>The remedy that is tried; null for a plain retry.</summary>
    public string? Remedy { get; init; }
}

/// <summary>A scope was opened: a nested agent, a team's turn, a parallel branch.</summary>
/// <param name="Name">The scope's name.</param>
/// <param name="Kind">What it is: <c>agent</c>, <c>turn</c> or <c>branch</c>.</param>
public sealed record ScopeOpenedEvent(string Name, string Kind) : AgentEvent;

/// <summary>A scope came to its end.</summary>
/// <param name="Name">The scope's name.</param>
/// <param name="Result">The nested agent's result; null for a branch.</param>
public sealed record ScopeClosedEvent(string Name, AgentResult? Result) : AgentEvent;

/// <summary>A step began.</summary>
/// <param name="Name">The step's name: the model's id, the tool's name, or the agent's own.</param>
/// <param name="Kind">What it is: <c>model</c>, <c>tool</c>, <c>step</c>.</param>
/// <param name="Arguments">A tool's arguments, as JSON; null for others.</param>
public sealed record StepStartedEvent(string Name, string Kind, string? Arguments) : AgentEvent;

/// <summary>A step came to its end.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Kind">What it is: <c>model</c>, <c>tool</c>, <c>step</c>.</param>
/// <param name="Duration">How long it took; zero where it was replayed.</param>
/// <param name="Usage">The tokens of a model call; null for others.</param>
/// <param name="Error">What went wrong; null where nothing did.</param>
public sealed record StepFinishedEvent(string Name, string Kind, TimeSpan Duration, UsageDetails? Usage, AgentError? Error) : AgentEvent;

/// <summary>A piece of the text that an agent is writing.</summary>
/// <param name="Text">The piece.</param>
public sealed record TextDeltaEvent(string Text) : AgentEvent;

/// <summary>The text written so far in this step is void: the model call was begun again.</summary>
public sealed record TextRestartedEvent : AgentEvent;

/// <summary>A note of the agent's own, for whoever watches.</summary>
/// <param name="Message">The note.</param>
public sealed record NoteEvent(string Message) : AgentEvent;
