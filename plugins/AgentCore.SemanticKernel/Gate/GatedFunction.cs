using System.Collections.ObjectModel;
using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A kernel function behind the gate: the original, the twin that kernels are given in its place, and the tool that it
/// is to agents.</summary>
internal sealed class GatedFunction
{
    private const string TwinKey = "AgentCore.Twin";
    private static readonly object TwinMark = new();
    private static readonly Type PromptFunctionType = KernelFunctionFactory.CreateFromPrompt("none").GetType();

    public GatedFunction(GatedPlugins plugins, KernelFunction original, ToolOptions options)
    {
        Original = original;
        if (IsPromptFunction(original))
        {
            Prompt = new PromptFunctionAgent(plugins, this, options.Approval);
            Tool = Prompt.AsTool(original.JsonSchema, arguments => PromptFunctionAgent.TaskOf(new KernelArguments(arguments), 1), NameOf(original), options);
        }
        else
        {
            Tool = new Tool(new NativeFunctionTool(plugins, original), options with { CountsTokens = true });
        }

        // Its body is the innermost point of every way to call it, also as an AIFunction, which passes by all filters.
        Twin = CreateTwin(
            (kernel, arguments, cancellationToken) => FunctionGate.Of(kernel, this).InvokeAsync(this, arguments, cancellationToken),
            original.Name,
            original.Description,
            original.Metadata);
    }

    public KernelFunction Original { get; }

    public KernelFunction Twin { get; }

    public Tool Tool { get; }

    /// <summary>The agent that runs a prompt function; null for native functions.</summary>
    public PromptFunctionAgent? Prompt { get; }

    /// <summary>A function that stands for another: it has its description and parameters, and our body.</summary>
    public static KernelFunction CreateTwin(
        Func<Kernel, KernelArguments, CancellationToken, Task<object?>> body, string name, string description, KernelFunctionMetadata metadata) =>
        KernelFunctionFactory.CreateFromMethod(
            body,
            new KernelFunctionFromMethodOptions
            {
                FunctionName = name,
                Description = description,
                Parameters = metadata.Parameters,
                ReturnParameter = metadata.ReturnParameter,
                AdditionalMetadata = new ReadOnlyDictionary<string, object?>(new Dictionary<string, object?> { [TwinKey] = TwinMark }),
            });

    /// <summary>The name that models and registries know a function by: <c>plugin_function</c>.</summary>
    public static string NameOf(KernelFunction function) => ((AIFunction)function).Name;

    public static bool IsPromptFunction(KernelFunction function) => function.GetType() == PromptFunctionType;

    /// <summary>Whether a function is a twin, or a clone of one.</summary>
    public static bool IsTwin(KernelFunction function) =>
        function.Metadata.AdditionalProperties.TryGetValue(TwinKey, out var mark) && ReferenceEquals(mark, TwinMark);

    /// <summary>A result as the function's type, where a journal gave its JSON.</summary>
    public object? Restore(object? result)
    {
        if (result is not JsonElement element)
            return result;
        if (Original.Metadata.ReturnParameter.ParameterType is { } type && type != typeof(object))
            return element.Deserialize(type, Original.JsonSerializerOptions);
        return element.ValueKind == JsonValueKind.String ? element.GetString() : element;
    }
}
