using AgentCore.SemanticKernel.Gate;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel;

/// <summary>A Semantic Kernel agent as an agent of ours. A <see cref="ChatCompletionAgent"/> runs on a gated kernel: its model
/// and function calls are steps, and its functions go through the capabilities. Any other kind is one step, with all that
/// it does, because what it calls can't be seen from outside.</summary>
/// <remarks>What is said is handed over as text.</remarks>
public sealed class SemanticKernelAgent : AsyncAgent
{
    private readonly Agent _agent;
    private readonly StepOptions _step;
    private readonly GatedPlugins? _plugins;

    /// <summary>Wraps an agent.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="metadata">What it is; null for its own name and description, and no capabilities.</param>
    /// <param name="functions">How each function of its kernel may be used; null for the safe defaults.</param>
    /// <param name="repeatable">Whether invoking the agent twice does no harm; only asked of agents that are one step.</param>
    /// <param name="run">How it runs, and further tools, which are its plugin <c>tools</c>; null for the defaults.</param>
    public SemanticKernelAgent(
        Agent agent,
        AgentMetadata? metadata = null,
        Func<KernelFunction, ToolOptions?>? functions = null,
        bool repeatable = false,
        AgentOptions? run = null)
        : base(metadata ?? MetadataOf(agent), run ?? new AgentOptions { MaxConcurrentRuns = 0 })
    {
        ArgumentNullException.ThrowIfNull(agent);
        _agent = agent;
        _step = new StepOptions { Repeatable = repeatable };
        if (agent is ChatCompletionAgent)
            _plugins = new GatedPlugins(agent.Kernel, Metadata.Capabilities, functions) { Tools = Options.Tools };
    }

    /// <inheritdoc/>
    protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        List<ChatMessage> added = [.. context.Task.Messages];
        if (context.Task.Input.Length > 0 || added.Count == 0)
            added.Add(new ChatMessage(ChatRole.User, context.Task.Input));
        List<ChatMessage> all = [.. context.Session?.Messages ?? [], .. added];

        var text = _plugins is not null
            ? await InvokeAsync(all, _plugins.KernelOf(context), context.CancellationToken).ConfigureAwait(false)
            : await context.StepAsync(
                $"invoke {_agent.Name ?? "agent"}",
                all.Select(m => $"{m.Role.Value}: {m.Text}"),
                step => InvokeAsync(all, kernel: null, step.CancellationToken),
                _step).ConfigureAwait(false);

        context.AddToSession([.. added, new ChatMessage(ChatRole.Assistant, text) { AuthorName = Metadata.Name }]);
        return AgentResult.Done(text);
    }

    private async Task<string> InvokeAsync(List<ChatMessage> messages, Kernel? kernel, CancellationToken cancellationToken)
    {
        var given = messages.ConvertAll(Messages.ToKernel);
        var options = new AgentInvokeOptions { Kernel = kernel };
        var text = "";
        await foreach (var reply in _agent.InvokeAsync(given, thread: null, options, cancellationToken).ConfigureAwait(false))
        {
            if (!string.IsNullOrEmpty(reply.Message.Content))
                text = reply.Message.Content;
        }

        return text;
    }

    private static AgentMetadata MetadataOf(Agent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new AgentMetadata(agent.Name ?? agent.Id) { Description = agent.Description ?? "" };
    }
}
