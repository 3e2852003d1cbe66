using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>The gate of a run: a call of a native function is a step, a call of a prompt function a scope with its model calls
/// as steps.</summary>
internal sealed class RunGate(AgentContext context) : FunctionGate
{
    public override async Task<object?> InvokeAsync(GatedFunction function, KernelArguments arguments, CancellationToken cancellationToken)
    {
        // As an AIFunction it is told its kernel among its arguments, and no journal could hold that.
        foreach (var (name, _) in arguments.Where(a => a.Value is Kernel).ToList())
            arguments.Remove(name);
        if (function.Prompt is not { } prompt)
            return function.Restore(await context.CallToolAsync(function.Tool, new AIFunctionArguments(arguments)).ConfigureAwait(false));

        if (context.Agent.Metadata.Capabilities.FirstMissing(function.Tool.Required) is { } missing)
            throw Missing(function, missing, $"Agent '{context.Agent.Metadata.Name}'");

        var depth = PromptFunctionAgent.DepthOf(context.Task) + 1;
        if (depth > MaxDepth)
            throw TooDeep(function);
        var result = await context.RunAgentAsync(prompt, PromptFunctionAgent.TaskOf(arguments, depth)).ConfigureAwait(false);
        return result.EnsureDone().Output;
    }
}
