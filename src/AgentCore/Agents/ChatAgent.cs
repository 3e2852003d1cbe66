using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>An agent that is a model with instructions and tools: it asks the model, calls the tools that the model asks for,
/// and goes on until the model answers. Any number of runs may go on at once, each with a session of its own or none.</summary>
public sealed class ChatAgent : AsyncAgent
{
    private readonly Lock _lock = new();
    private (int Count, ChatOptions Options, string Hash)? _prepared;

    /// <summary>Creates an agent.</summary>
    /// <param name="metadata">What it is; its capabilities say which of the tools it may call.</param>
    /// <param name="client">The model. The agent doesn't dispose it.</param>
    /// <param name="chat">How it works with the model; null for the defaults.</param>
    /// <param name="options">How it runs, and its tools; null for the defaults. Runs are not limited in number unless it says so.</param>
    public ChatAgent(AgentMetadata metadata, IChatClient client, ChatAgentOptions? chat = null, AgentOptions? options = null)
        : base(metadata, options ?? new AgentOptions { MaxConcurrentRuns = 0 })
    {
        Client = client ?? throw new ArgumentNullException(nameof(client));
        Chat = chat ?? new ChatAgentOptions();
        ModelName = AgentContext.ModelName(client, Chat.Model);
    }

    /// <summary>The model.</summary>
    public IChatClient Client { get; }

    /// <summary>How it works with the model.</summary>
    public ChatAgentOptions Chat { get; }

    internal string ModelName { get; }

    /// <summary>Begins to build an agent.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="client">The model.</param>
    public static ChatAgentBuilder Create(string name, IChatClient client) => new(name, client);

    /// <summary>Runs a task whose answer is data: the model is held to the type's JSON schema, and to what can be read as the type.
    /// When the run is resumed, the schema alone is known.</summary>
    /// <typeparam name="T">The answer's type.</typeparam>
    /// <param name="task">The task; a text will do.</param>
    /// <param name="options">How this run is done; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <returns>The outcome; <see cref="AgentResult.GetData{T}"/> gives the answer.</returns>
    public Task<AgentResult> ExecuteAsync<T>(AgentTask task, RunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        var schema = AIJsonUtilities.CreateJsonSchema(typeof(T), serializerOptions: AgentJson.Options);
        return ExecuteAsync(task.With(ChatLoop.SchemaInput, schema) with { AnswerType = typeof(T) }, options ?? RunOptions.Default, cancellationToken);
    }

    /// <inheritdoc/>
    protected override ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new ChatLoop(this, context).RunAsync();
    }

    /// <summary>The options that every call of this agent shares, and a hash of what they say.</summary>
    internal (ChatOptions Options, string Hash) Prepare()
    {
        var count = Options.Tools?.Count ?? 0;
        lock (_lock)
        {
            if (_prepared is not { } prepared || prepared.Count != count)
                _prepared = prepared = Prepared(count);
            return (prepared.Options, prepared.Hash);
        }
    }

    /// <summary>A tool that this agent sees.</summary>
    internal bool TryGetTool(string name, [NotNullWhen(true)] out Tool? tool)
    {
        tool = null;
        return Options.Tools is { } tools && (tools.TryGet(name, out tool) || tools.TryGet(ToolNames.FromModel(name), out tool));
    }

    private (int, ChatOptions, string) Prepared(int count)
    {
        var tools = Options.Tools?.For(Metadata.Capabilities) ?? [];
        var options = Chat.Model?.Clone() ?? new ChatOptions();
        options.Instructions = Chat.Instructions;
        // Declarations alone: a client that calls functions by itself would pass the gate by.
        options.Tools = tools.Count == 0 ? null : [.. tools.Select(t => (AITool)t.Function.AsDeclarationOnly())];
        var described = JsonSerializer.SerializeToUtf8Bytes(
            new { Metadata.Name, Chat.Instructions, options.ModelId, Tools = tools.Select(t => t.Name) }, AgentJson.Options);
        return (count, options, AgentContext.Hash(described)[..16]);
    }
}
