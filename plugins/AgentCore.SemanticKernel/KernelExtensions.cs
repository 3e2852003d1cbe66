using AgentCore.SemanticKernel.Gate;
using AgentCore.Tools;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel;

/// <summary>Kernels behind the gate.</summary>
public static class KernelExtensions
{
    /// <summary>This kernel for one run, for agents that work with a kernel in their own code: its functions go through the
    /// capabilities of the run's agent, and function and model calls are steps. The agent's own tools are its plugin
    /// <c>tools</c>.</summary>
    /// <param name="kernel">The caller's kernel, which is not changed.</param>
    /// <param name="context">The run. The kernel does one thing at a time, as the run does.</param>
    /// <param name="functions">How each function may be used; null for the safe defaults.</param>
    public static Kernel ForRun(this Kernel kernel, AgentContext context, Func<KernelFunction, ToolOptions?>? functions = null)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(context);
        return new GatedPlugins(kernel, context.Agent.Metadata.Capabilities, functions) { Tools = context.Agent.Options.Tools }.KernelOf(context);
    }

    /// <summary>Adds the functions of a kernel's plugins as tools, by the name <c>plugin_function</c>.</summary>
    /// <param name="tools">The registry.</param>
    /// <param name="kernel">The kernel, which is not changed.</param>
    /// <param name="nested">What the functions may call by themselves, through the kernel that they get; null for nothing.</param>
    /// <param name="functions">How each function may be used; null for the safe defaults: the capability
    /// <c>plugin.function</c> is needed, and it is not repeated.</param>
    /// <exception cref="InvalidOperationException">A name is taken.</exception>
    public static ToolRegistry AddKernel(
        this ToolRegistry tools, Kernel kernel, CapabilitySet? nested = null, Func<KernelFunction, ToolOptions?>? functions = null)
    {
        ArgumentNullException.ThrowIfNull(tools);
        ArgumentNullException.ThrowIfNull(kernel);
        foreach (var function in new GatedPlugins(kernel, nested ?? CapabilitySet.None, functions).Functions)
            tools.Add(function.Tool);
        return tools;
    }
}
