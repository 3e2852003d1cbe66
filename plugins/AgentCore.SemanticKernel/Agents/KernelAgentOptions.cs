using AgentCore.Agents;
using AgentCore.Tools;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel;

/// <summary>How a <see cref="KernelAgent"/> uses its kernel.</summary>
public sealed record KernelAgentOptions
{
    /// <summary>What the model is told to be and to do: a prompt template in Semantic Kernel's own format, rendered at each run.
    /// Functions that it calls go through the gate and are steps. Null for nothing.</summary>
    public string? Instructions { get; init; }

    /// <summary>The template's variables, and the execution settings for the model (the first of them, or those of the service
    /// named by <see cref="ServiceId"/>). Function choice is the agent's: it shows the model what its capabilities allow.</summary>
    public KernelArguments? Arguments { get; init; }

    /// <summary>The kernel's chat service by key; null for the one that the kernel chooses.</summary>
    public string? ServiceId { get; init; }

    /// <summary>How each of the kernel's functions may be used; null, or null for a function, for the safe defaults: the
    /// capability <c>plugin.function</c> is needed, and it is not repeated.</summary>
    public Func<KernelFunction, ToolOptions?>? Functions { get; init; }

    /// <summary>The bounds of the conversation with the model; instructions and model options come from above.</summary>
    public ChatAgentOptions Chat { get; init; } = new();
}
