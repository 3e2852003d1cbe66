using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A native kernel function as a tool's function. The kernel that it gets is made for the one call, so that what it
/// does to it is gone when it returns.</summary>
internal sealed class NativeFunctionTool(GatedPlugins plugins, KernelFunction original) : AIFunction
{
    public override string Name { get; } = GatedFunction.NameOf(original);

    public override string Description => original.Description;

    public override JsonElement JsonSchema => original.JsonSchema;

    public override JsonElement? ReturnJsonSchema => original.ReturnJsonSchema;

    public override JsonSerializerOptions JsonSerializerOptions => original.JsonSerializerOptions;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var result = await original.InvokeAsync(plugins.NestedKernel(original, depth: 1, StepContext.From(arguments)), new KernelArguments(arguments), cancellationToken).ConfigureAwait(false);
        return result.GetValue<object>();
    }
}
