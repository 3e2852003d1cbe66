using AgentCore.Tools;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>Decides on calls of gated functions, and carries them out. A kernel carries its gate in its data; code that has a
/// kernel without one, or no kernel at all, calls nothing.</summary>
internal abstract class FunctionGate
{
    /// <summary>How deep functions may call each other.</summary>
    public const int MaxDepth = 16;

    private const string Key = "AgentCore.Gate";

    /// <summary>Calls a function.</summary>
    /// <param name="function">The function.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ToolDeniedException">It may not be called.</exception>
    public abstract Task<object?> InvokeAsync(GatedFunction function, KernelArguments arguments, CancellationToken cancellationToken);

    /// <summary>The gate of a kernel.</summary>
    /// <exception cref="ToolDeniedException">It has none.</exception>
    public static FunctionGate Of(Kernel kernel, GatedFunction function) =>
        kernel.Data.TryGetValue(Key, out var value) && value is FunctionGate gate
            ? gate
            : throw new ToolDeniedException(
                function.Tool.Name, $"'{function.Tool.Name}' was called without the kernel of a run, so that nobody can tell who calls. Call it through the kernel that the agent got.");

    public void AttachTo(Kernel kernel) => kernel.Data[Key] = this;

    protected static ToolDeniedException Missing(GatedFunction function, string capability, string who) => new(
        function.Tool.Name, $"{who} may not call '{function.Tool.Name}': it lacks the capability '{capability}'. Add it to AgentMetadata.Capabilities if it should.");

    protected static ToolDeniedException TooDeep(GatedFunction function) => new(
        function.Tool.Name, $"'{function.Tool.Name}' was called {MaxDepth} functions deep, which is as deep as functions may call each other.");
}
