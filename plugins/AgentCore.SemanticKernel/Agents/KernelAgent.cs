using AgentCore.Agents;
using AgentCore.SemanticKernel.Gate;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel;

/// <summary>An agent around a caller's <see cref="Kernel"/>: its chat service is the model, its plugins are the tools, its
/// filters and prompt templates apply. Every way to a function of the kernel goes through the agent's capabilities, and model
/// and function calls are steps of the run.</summary>
/// <remarks>The kernel itself is not changed. Plugins that it is given later are not seen: make a new agent. A native function
/// is one step, with all that it calls; a prompt function holds steps of its own.</remarks>
public sealed class KernelAgent : AsyncAgent
{
    private static readonly KernelPromptTemplateFactory Templates = new();
    private readonly GatedPlugins _plugins;
    private readonly ChatAgentOptions _chat;
    private readonly AgentOptions _inner;
    private readonly IChatClient _client;
    private readonly IPromptTemplate? _instructions;
    private readonly ChatAgent? _agent;

    /// <summary>Creates an agent.</summary>
    /// <param name="metadata">What it is; its capabilities say which functions and tools may be called.</param>
    /// <param name="kernel">The kernel. The agent doesn't dispose its services.</param>
    /// <param name="options">How it uses the kernel; null for the defaults.</param>
    /// <param name="run">How it runs, and further tools; null for the defaults. Runs are not limited in number unless it says so.</param>
    /// <exception cref="ArgumentException">The kernel has no chat service, or a tool has the name of a function.</exception>
    public KernelAgent(AgentMetadata metadata, Kernel kernel, KernelAgentOptions? options = null, AgentOptions? run = null)
        : base(metadata, run ?? new AgentOptions { MaxConcurrentRuns = 0 })
    {
        ArgumentNullException.ThrowIfNull(kernel);
        Settings = options ?? new KernelAgentOptions();
        _plugins = new GatedPlugins(kernel, metadata.Capabilities, Settings.Functions) { Tools = Options.Tools };
        _client = ModelOf(kernel, out var execution);
        _chat = Settings.Chat with { Instructions = Settings.Instructions, Model = ModelOptions(execution) };
        _inner = new AgentOptions { MaxConcurrentRuns = 0, Tools = AllTools(), Time = Options.Time, Logger = Options.Logger };
        if (Settings.Instructions?.Contains("{{", StringComparison.Ordinal) == true)
            _instructions = Templates.Create(new PromptTemplateConfig(Settings.Instructions));
        else
            _agent = new ChatAgent(metadata, _client, _chat, _inner);
    }

    /// <summary>Creates an agent with the defaults.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kernel">The kernel. The agent doesn't dispose its services.</param>
    /// <param name="capabilities">The functions that it may call: <c>plugin.function</c>, <c>plugin.*</c>.</param>
    /// <exception cref="ArgumentException">The kernel has no chat service.</exception>
    public KernelAgent(string name, Kernel kernel, params string[] capabilities)
        : this(new AgentMetadata(name) { Capabilities = new CapabilitySet(capabilities) }, kernel)
    {
    }

    /// <summary>How it uses its kernel.</summary>
    public KernelAgentOptions Settings { get; }

    /// <inheritdoc/>
    protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var agent = _agent ?? await WithInstructionsAsync(context).ConfigureAwait(false);
        return await context.RunAgentAsync(agent, context.Task, context.Session).ConfigureAwait(false);
    }

    private async ValueTask<ChatAgent> WithInstructionsAsync(AgentContext context)
    {
        var arguments = new KernelArguments(Settings.Arguments ?? []);
        foreach (var (name, value) in context.Task.Data)
            arguments[name] = value.ValueKind == System.Text.Json.JsonValueKind.String ? value.GetString() : value;
        var kernel = _plugins.KernelOf(context);
        var text = await _instructions!.RenderAsync(kernel, arguments, context.CancellationToken).ConfigureAwait(false);
        return new ChatAgent(Metadata, _client, _chat with { Instructions = text }, _inner);
    }

    private ToolRegistry AllTools()
    {
        var tools = new ToolRegistry();
        foreach (var tool in Options.Tools?.All ?? [])
            tools.Add(tool);
        foreach (var function in _plugins.Functions)
        {
            if (tools.TryGet(function.Tool.Name, out _))
                throw new ArgumentException($"A tool of AgentOptions.Tools and a function of the kernel are both named '{function.Tool.Name}'. Rename one.");
            tools.Add(function.Tool);
        }

        return tools;
    }

    private DeclaringChatClient ModelOf(Kernel kernel, out PromptExecutionSettings? execution)
    {
        var arguments = Settings.Arguments ?? [];
        if (Settings.ServiceId is { } id)
        {
            execution = arguments.ExecutionSettings?.GetValueOrDefault(id);
            if ((kernel.Services as IKeyedServiceProvider)?.GetKeyedService<IChatCompletionService>(id) is { } keyed)
                return new DeclaringChatClient(keyed);
            if ((kernel.Services as IKeyedServiceProvider)?.GetKeyedService<IChatClient>(id) is { } client)
                return new DeclaringChatClient(client);
            throw new ArgumentException($"The kernel has no chat service with the key '{id}', which KernelAgentOptions.ServiceId names.");
        }

        var chooser = KernelFunctionFactory.CreateFromPrompt("none", arguments.ExecutionSettings?.Values);
        if (kernel.ServiceSelector.TrySelectAIService<IChatCompletionService>(kernel, chooser, arguments, out var service, out execution))
            return new DeclaringChatClient(service);
        if (kernel.ServiceSelector is IChatClientSelector clients
            && clients.TrySelectChatClient<IChatClient>(kernel, chooser, arguments, out var chosen, out execution))
            return new DeclaringChatClient(chosen);
        throw new ArgumentException("The kernel has no chat service: add an IChatClient or an IChatCompletionService to it.", nameof(kernel));
    }

    private ChatOptions? ModelOptions(PromptExecutionSettings? execution)
    {
        if (execution is null)
            return Settings.Chat.Model;

        var settings = execution.Clone();
        settings.FunctionChoiceBehavior = null;
        return settings.ToChatOptions(kernel: null);
    }
}
