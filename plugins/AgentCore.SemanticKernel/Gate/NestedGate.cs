using AgentCore.Tools;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>The gate within a native function: what it calls through its kernel is part of its own step, checked each time but
/// not journalled by itself.</summary>
internal sealed class NestedGate(GatedPlugins plugins, int depth, StepContext? step) : FunctionGate
{
    public override async Task<object?> InvokeAsync(GatedFunction function, KernelArguments arguments, CancellationToken cancellationToken)
    {
        if (plugins.Capabilities.FirstMissing(function.Tool.Required) is { } missing)
            throw Missing(function, missing, "A function called by a function");
        if (function.Tool.NeedsApproval)
            throw new ToolDeniedException(function.Tool.Name, $"'{function.Tool.Name}' needs a person's approval, which can't be asked for in the middle of another function. Let the agent call it.");
        if (depth >= MaxDepth)
            throw TooDeep(function);

        var result = await function.Original.InvokeAsync(plugins.NestedKernel(function.Original, depth + 1, step), arguments, cancellationToken).ConfigureAwait(false);
        return result.GetValue<object>();
    }
}
