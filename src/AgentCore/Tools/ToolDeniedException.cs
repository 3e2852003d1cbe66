namespace AgentCore.Tools;

/// <summary>A tool may not be called: the agent lacks a capability, or a person refused.</summary>
public sealed class ToolDeniedException : AgentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="message">Why it may not be called, and what to do.</param>
    public ToolDeniedException(string tool, string message) : base(message) => Tool = tool;

    /// <summary>The tool.</summary>
    public string Tool { get; }

    internal static ToolDeniedException Missing(string tool, string capability, string agent) => new(
        tool, $"Agent '{agent}' may not call '{tool}': it lacks the capability '{capability}'. Add it to AgentMetadata.Capabilities if it should.");
}
