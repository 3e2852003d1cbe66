using AgentCore.Agents;
using Microsoft.Extensions.AI;

namespace AgentCore.Tools;

/// <summary>A function that agents may call, with what is needed to call it.</summary>
public sealed class Tool
{
    // The last set that was found to allow this tool: sets don't change, so the answer holds.
    private CapabilitySet? _allowedBy;

    /// <summary>Creates a tool.</summary>
    /// <param name="function">The function.</param>
    /// <param name="options">How it may be used; null for the defaults.</param>
    /// <exception cref="ArgumentException">A capability is not a dotted name, or the timeout is not positive.</exception>
    public Tool(AIFunction function, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        Options = options ?? new ToolOptions();
        if (Options.Timeout is { } timeout && timeout <= TimeSpan.Zero)
            throw new ArgumentException($"ToolOptions.Timeout of '{function.Name}' is {timeout}; choose a positive time, or null for none.", nameof(options));

        Function = function;
        Required = Options.Capabilities ?? [function.Name];
        foreach (var capability in Required)
            CapabilitySet.ThrowIfNotName(capability, $"ToolOptions.Capabilities of '{function.Name}'");
        NeedsApproval = Options.Approval || function.GetService<ApprovalRequiredAIFunction>() is not null;
        Agent = function.GetService<AgentTool>();
        NeedsContext = function.GetService<ContextFunction>() is not null;
        Statistics = new ToolStatistics();
    }

    /// <summary>The tool's name, unique in its registry.</summary>
    public string Name => Function.Name;

    /// <summary>What the tool does, as models are told.</summary>
    public string Description => Function.Description;

    /// <summary>The function. Calling it directly passes the gate by: registries hand out gated ones.</summary>
    public AIFunction Function { get; }

    /// <summary>How it may be used.</summary>
    public ToolOptions Options { get; }

    /// <summary>The capabilities that a caller needs, all of them.</summary>
    public IReadOnlyList<string> Required { get; }

    /// <summary>Whether a person must approve each call.</summary>
    public bool NeedsApproval { get; }

    /// <summary>The agent that this tool is; null for functions.</summary>
    internal AgentTool? Agent { get; }

    /// <summary>Whether the function is told who calls it.</summary>
    internal bool NeedsContext { get; }

    /// <summary>Calls, failures and times since the tool was made.</summary>
    public ToolStatistics Statistics { get; }

    /// <summary>The first capability that a set lacks to call this tool; null where it lacks none.</summary>
    internal string? FirstMissing(CapabilitySet capabilities)
    {
        if (ReferenceEquals(_allowedBy, capabilities))
            return null;

        var missing = capabilities.FirstMissing(Required);
        if (missing is null)
            _allowedBy = capabilities;
        return missing;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({(Required.Count == 0 ? "no capability" : string.Join(", ", Required))})";
}
