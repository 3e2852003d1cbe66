using AgentCore.Tools;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>Refuses functions that came to a run's kernel by themselves: a native function that is no twin was not put there
/// by us. Prompt functions made on the spot go through, as their model calls are steps and their templates call twins.</summary>
/// <param name="called">The original that the kernel was made to call; null for the kernel of a run.</param>
internal sealed class UngatedFunctionFilter(KernelFunction? called) : IFunctionInvocationFilter
{
    public Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next) =>
        GatedFunction.IsTwin(context.Function) || GatedFunction.IsPromptFunction(context.Function) || ReferenceEquals(context.Function, called)
            ? next(context)
            : throw new ToolDeniedException(context.Function.Name, $"'{context.Function.Name}' was added to a run's kernel. Add it to the kernel that the agent is made of.");
}

/// <summary>A filter of the caller's, run once per call: around the original, not around the twin as well.</summary>
internal sealed class OriginalsOnlyFilter(IFunctionInvocationFilter filter) : IFunctionInvocationFilter
{
    public Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next) =>
        GatedFunction.IsTwin(context.Function) ? next(context) : filter.OnFunctionInvocationAsync(context, next);
}
