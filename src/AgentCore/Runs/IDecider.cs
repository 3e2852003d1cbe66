using System.Text.Json;

namespace AgentCore.Runs;

/// <summary>Answers what a run asks while it goes on: a person at a console, or rules.</summary>
public interface IDecider
{
    /// <summary>Decides.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Cancelled when the run is.</param>
    /// <returns>The decision, or null to stop the run until somebody decides.</returns>
    ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken);
}

/// <summary>What a run asks.</summary>
/// <param name="Pending">What is to be decided.</param>
/// <param name="RunId">The run.</param>
/// <param name="Agent">The agent that asks.</param>
/// <param name="ArgumentsHash">The SHA-256 of the arguments, in lower-case hex: an approval holds for these alone.</param>
public sealed record DecisionRequest(PendingDecision Pending, string RunId, string Agent, string ArgumentsHash);

/// <summary>A decision on a step.</summary>
/// <param name="Verdict">What was decided.</param>
/// <param name="By">Who decided.</param>
public sealed record Decision(Verdict Verdict, string By)
{
    /// <summary>The step's result (<see cref="Verdict.Done"/>) or the answer (<see cref="Verdict.Answer"/>), as JSON.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Why, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Until when an approval holds; null for as long as the run.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>What can be decided on a step.</summary>
public enum Verdict
{
    /// <summary>Unknown outcome: it was done; <see cref="Decision.Result"/> is what it returned.</summary>
    Done,

    /// <summary>Unknown outcome, or a failed step: do it (again).</summary>
    Retry,

    /// <summary>The run is to be given up.</summary>
    Abort,

    /// <summary>The tool call may be made.</summary>
    Approve,

    /// <summary>The tool call may not be made; the model is told.</summary>
    Deny,

    /// <summary>The question is answered; <see cref="Decision.Result"/> is the answer.</summary>
    Answer,
}
