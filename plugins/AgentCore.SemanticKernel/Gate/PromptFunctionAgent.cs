using System.Text.Json;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Gate;

/// <summary>A prompt function as an agent, so that the model call that it makes and the functions that its template calls are
/// steps of the run.</summary>
internal sealed class PromptFunctionAgent : AsyncAgent
{
    private const string ArgumentsInput = "arguments";
    private const string DepthInput = "depth";
    private readonly GatedPlugins _plugins;
    private readonly GatedFunction _function;
    private readonly Tool? _approval;

    public PromptFunctionAgent(GatedPlugins plugins, GatedFunction function, bool needsApproval)
        : base(
            new AgentMetadata(GatedFunction.NameOf(function.Original)) { Description = function.Original.Description, Capabilities = plugins.Capabilities },
            new AgentOptions { MaxConcurrentRuns = 0 })
    {
        _plugins = plugins;
        _function = function;
        if (needsApproval)
            _approval = new Tool(AIFunctionFactory.Create(() => true, Metadata.Name), new ToolOptions { Capabilities = [], Approval = true, Repeatable = true });
    }

    /// <summary>The task of a call.</summary>
    public static AgentTask TaskOf(KernelArguments arguments, int depth) =>
        new AgentTask("").With(ArgumentsInput, arguments.ToDictionary(a => a.Key, a => a.Value)).With(DepthInput, depth);

    /// <summary>How deep in functions a task is; 0 outside.</summary>
    public static int DepthOf(AgentTask task) => task.Get<int>(DepthInput);

    protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
    {
        var given = context.Task.Get<Dictionary<string, JsonElement>>(ArgumentsInput) ?? [];
        if (_approval is not null)
            await context.CallToolAsync(_approval, new AIFunctionArguments(given.ToDictionary(g => g.Key, g => (object?)g.Value))).ConfigureAwait(false);

        var arguments = new KernelArguments();
        foreach (var (name, value) in given)
            arguments[name] = value.ValueKind == JsonValueKind.String ? value.GetString() : value;
        var result = await _function.Original.InvokeAsync(_plugins.KernelOf(context), arguments, context.CancellationToken).ConfigureAwait(false);
        return AgentResult.Done(result.ToString());
    }
}
