using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>The tools of a registry as a kernel plugin, for one run.</summary>
internal static class RegistryPlugin
{
    public const string Name = "tools";

    /// <summary>A plugin of the tools that the run's agent may call; null where there are none.</summary>
    public static KernelPlugin? Create(ToolRegistry tools, AgentContext context)
    {
        var allowed = tools.For(context.Agent.Metadata.Capabilities);
        return allowed.Count == 0 ? null : KernelPluginFactory.CreateFromFunctions(Name, allowed.Select(t => FunctionOf(t, context)));
    }

    private static KernelFunction FunctionOf(Tool tool, AgentContext context)
    {
        // Only for its description; called, it would pass the gate by.
        var described = new Named(tool.Function).AsKernelFunction();
        return GatedFunction.CreateTwin(
            (_, arguments, _) => context.CallToolAsync(tool, new AIFunctionArguments(arguments)), described.Name, tool.Description, described.Metadata);
    }

    /// <summary>A function by a name that kernels allow: letters, digits and underscores.</summary>
    private sealed class Named(AIFunction function) : DelegatingAIFunction(function)
    {
        public override string Name { get; } = string.Concat(function.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
    }
}
