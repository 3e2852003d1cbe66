using AgentCore.Checkpoints;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>Builds a <see cref="ChatAgent"/> as a sentence:
/// <c>ChatAgent.Create("helper", client).WithInstructions("…").WithTool(function).Build()</c>.</summary>
public sealed class ChatAgentBuilder
{
    private readonly IChatClient _client;
    private AgentMetadata _metadata;
    private ChatAgentOptions _chat = new();
    private AgentOptions _options = new() { MaxConcurrentRuns = 0 };
    private ToolRegistry? _own;
    private readonly List<string> _capabilities = [];

    internal ChatAgentBuilder(string name, IChatClient client)
    {
        _metadata = new AgentMetadata(name);
        _client = client ?? throw new ArgumentNullException(nameof(client));
    }

    /// <summary>What the model is told to be and to do.</summary>
    /// <param name="instructions">The instructions.</param>
    public ChatAgentBuilder WithInstructions(string instructions)
    {
        _chat = _chat with { Instructions = instructions };
        return this;
    }

    /// <summary>What the agent does, in a sentence.</summary>
    /// <param name="description">The description.</param>
    public ChatAgentBuilder WithDescription(string description)
    {
        _metadata = _metadata with { Description = description };
        return this;
    }

    /// <summary>Its role in teams.</summary>
    /// <param name="role">The role.</param>
    public ChatAgentBuilder WithRole(string role)
    {
        _metadata = _metadata with { Role = role };
        return this;
    }

    /// <summary>Adds to what it may do.</summary>
    /// <param name="capabilities">Dotted names and wildcards.</param>
    public ChatAgentBuilder WithCapabilities(params IEnumerable<string> capabilities)
    {
        _capabilities.AddRange(capabilities);
        return this;
    }

    /// <summary>Gives the agent a tool of its own, with the capabilities to call it.</summary>
    /// <param name="function">The function; <c>AIFunctionFactory.Create</c> makes one of any method.</param>
    /// <param name="options">How it may be used; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The agent was given a shared registry.</exception>
    public ChatAgentBuilder WithTool(AIFunction function, ToolOptions? options = null)
    {
        if (_options.Tools is not null && _own is null)
            throw new InvalidOperationException("WithTool adds to the agent's own tools; add this one to the registry that WithTools was given.");

        var tool = new Tool(function, options);
        _own ??= new ToolRegistry();
        _own.Add(tool);
        _capabilities.AddRange(tool.Required);
        _options = _options with { Tools = _own };
        return this;
    }

    /// <summary>Gives the agent a registry that it shares with others; it sees what its capabilities allow.</summary>
    /// <param name="tools">The registry.</param>
    /// <exception cref="InvalidOperationException">The agent has tools of its own.</exception>
    public ChatAgentBuilder WithTools(ToolRegistry tools)
    {
        if (_own is not null)
            throw new InvalidOperationException("WithTools replaces the agent's tools; add those of WithTool to the registry.");

        _options = _options with { Tools = tools };
        return this;
    }

    /// <summary>Where its runs are kept.</summary>
    /// <param name="store">The store; the agent doesn't dispose it.</param>
    public ChatAgentBuilder WithStore(ICheckpointStore store)
    {
        _options = _options with { Store = store };
        return this;
    }

    /// <summary>Changes how it works with its model.</summary>
    /// <param name="change">Takes the options and returns the changed ones.</param>
    public ChatAgentBuilder WithChat(Func<ChatAgentOptions, ChatAgentOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _chat = change(_chat);
        return this;
    }

    /// <summary>Changes how it runs: retries, time limit, concurrency.</summary>
    /// <param name="change">Takes the options and returns the changed ones.</param>
    public ChatAgentBuilder WithOptions(Func<AgentOptions, AgentOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _options = change(_options);
        return this;
    }

    /// <summary>Makes the agent.</summary>
    public ChatAgent Build() => new(
        _metadata with { Capabilities = _capabilities.Count == 0 ? _metadata.Capabilities : new CapabilitySet(_capabilities) }, _client, _chat, _options);
}
