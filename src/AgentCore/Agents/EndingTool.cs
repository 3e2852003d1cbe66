using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>A tool by which a model ends its run. It does nothing that would leave the process, so that it is no step; its
/// call gets its reply like any other, and the conversation stays whole.</summary>
internal abstract class EndingTool : AIFunctionDeclaration
{
    /// <summary>What the run ends with; null while it goes on.</summary>
    public object? Outcome { get; protected set; }

    /// <summary>What the model is told when the call was taken.</summary>
    public abstract string Reply { get; }

    /// <summary>Takes a call.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>Null where it ends the run; else why it doesn't, for the model.</returns>
    public abstract string? Take(IDictionary<string, object?>? arguments);
}
