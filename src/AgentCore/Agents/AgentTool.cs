using System.Text.Json;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>An agent as a tool: a model can hand it a task. Inside a run it is a scope of that run, so that its steps are kept
/// there.</summary>
internal sealed class AgentTool : AIFunction
{
    private static readonly JsonElement Schema = JsonSerializer.Deserialize<JsonElement>("""
        {"type":"object","properties":{"task":{"type":"string","description":"What the agent is to do, with all that it needs to know."}},"required":["task"]}
        """);

    private readonly Func<AIFunctionArguments, AgentTask>? _task;

    public AgentTool(BaseAgent agent, string? name, JsonElement? parameters = null, Func<AIFunctionArguments, AgentTask>? task = null)
    {
        Agent = agent;
        Name = name ?? agent.Metadata.Name;
        JsonSchema = parameters ?? Schema;
        _task = task;
    }

    public BaseAgent Agent { get; }

    public override string Name { get; }

    public override string Description => Agent.Metadata.Description;

    public override JsonElement JsonSchema { get; }

    public AgentTask TaskOf(AIFunctionArguments arguments) => _task is not null
        ? _task(arguments)
        : arguments.TryGetValue("task", out var task) && task is not null
        ? task is JsonElement { ValueKind: JsonValueKind.String } element ? element.GetString()! : task.ToString()!
        : throw new ArgumentException($"The tool '{Name}' needs the argument 'task'.");

    /// <summary>What a model is told of an agent's outcome.</summary>
    public static string TextOf(AgentResult result) => result.IsDone ? result.Output : $"The agent did not finish: {result.Describe()}";

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        TextOf(await Agent.ExecuteAsync(TaskOf(arguments), cancellationToken).ConfigureAwait(false));
}

/// <summary>Agents as tools.</summary>
public static class AgentToolExtensions
{
    /// <summary>The agent as a tool, which agents may call that have a capability of the tool's name.</summary>
    /// <param name="agent">The agent; its description is what models read.</param>
    /// <param name="name">The tool's name; null for the agent's.</param>
    /// <param name="options">How it may be used; null for the defaults.</param>
    public static Tool AsTool(this BaseAgent agent, string? name = null, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new Tool(new AgentTool(agent, name), options);
    }

    /// <summary>The agent as a tool with parameters of its own.</summary>
    /// <param name="agent">The agent; its description is what models read.</param>
    /// <param name="parameters">The JSON schema of its parameters.</param>
    /// <param name="task">Makes the agent's task of the arguments.</param>
    /// <param name="name">The tool's name; null for the agent's.</param>
    /// <param name="options">How it may be used; null for the defaults.</param>
    public static Tool AsTool(
        this BaseAgent agent, JsonElement parameters, Func<AIFunctionArguments, AgentTask> task, string? name = null, ToolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(task);
        return new Tool(new AgentTool(agent, name, parameters, task), options);
    }
}
