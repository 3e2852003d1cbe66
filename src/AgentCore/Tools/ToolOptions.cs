namespace AgentCore.Tools;

/// <summary>How a tool may be used. The defaults are the safe ones: its own name is the capability that it needs, it isn't
/// repeated, and it has no time limit.</summary>
public sealed record ToolOptions
{
    /// <summary>The capabilities that an agent needs to see and call the tool: dotted names such as <c>files.read</c>. Null,
    /// the default, asks for the tool's own name; an empty list asks for none, so that every agent may call it.</summary>
    public IReadOnlyList<string>? Capabilities { get; init; }

    /// <summary>Whether calling the tool twice with the same arguments does no harm, as with reading. A repeatable tool is
    /// retried and called again after a crash, under the same idempotency key; any other stops the run for a decision when
    /// its outcome is unknown. Off by default.</summary>
    public bool Repeatable { get; init; }

    /// <summary>The longest that one call may take; null for no limit. A call over it has failed (repeatable tools) or an
    /// unknown outcome (others).</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether the function calls models by itself and counts them with <see cref="StepContext.AddUsage"/>: it is told
    /// its step then (<see cref="StepContext.From"/>), also where no run is journalled. Off by default.</summary>
    public bool CountsTokens { get; init; }

    /// <summary>Whether a person must approve each call. Off by default; a function wrapped in
    /// <c>ApprovalRequiredAIFunction</c> always needs it.</summary>
    public bool Approval { get; init; }
}
