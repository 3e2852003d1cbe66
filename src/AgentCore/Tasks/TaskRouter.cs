using AgentCore.Agents;

namespace AgentCore.Tasks;

/// <summary>Finds the agent for a task: one that has all the capabilities that the task requires, by its type where a route is
/// set for it, by its preferred role where an agent has it. Among several an idle one comes first, in turn.</summary>
/// <param name="agents">The agents to choose from.</param>
public sealed class TaskRouter(AgentRegistry agents)
{
    private readonly AgentRegistry _agents = agents ?? throw new ArgumentNullException(nameof(agents));
    private readonly Dictionary<string, string> _routes = new(StringComparer.OrdinalIgnoreCase);
    private int _turn;

    /// <summary>Sends tasks of a type to one agent.</summary>
    /// <param name="type">The type, <see cref="AgentTask.Type"/>, ignoring case.</param>
    /// <param name="agent">The agent's name.</param>
    /// <exception cref="ArgumentException">There is no such agent, or the type has a route.</exception>
    public TaskRouter Route(string type, string agent)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(type);
        var name = _agents.Get(agent).Metadata.Name;
        if (!_routes.TryAdd(type, name))
            throw new ArgumentException($"Tasks of type '{type}' have a route to '{_routes[type]}' already.", nameof(type));
        return this;
    }

    /// <summary>Finds the agent for a task.</summary>
    /// <param name="task">The task.</param>
    /// <exception cref="InvalidOperationException">No agent can do it; the message says what is missing.</exception>
    public BaseAgent AgentFor(AgentTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Type is { } type && _routes.TryGetValue(type, out var name))
            return Routed(task, type, _agents.Get(name));

        var able = _agents.Snapshot;
        if (task.RequiredCapabilities.Count > 0)
            able = [.. able.Where(a => a.Metadata.Capabilities.FirstMissing(task.RequiredCapabilities) is null)];
        if (able.Length == 0)
            throw new InvalidOperationException(Nobody(task));
        if (task.PreferredRole is { } role && able.Any(a => HasRole(a, role)))
            able = [.. able.Where(a => HasRole(a, role))];
        return Choose(able);
    }

    /// <summary>The agent of a name, which has begun a task.</summary>
    internal BaseAgent AgentOf(string name) => _agents.Get(name);

    /// <summary>The first idle agent from the one whose turn it is; where all are busy, that one.</summary>
    private BaseAgent Choose(BaseAgent[] able)
    {
        if (able.Length == 1)
            return able[0];

        var turn = (int)((uint)Interlocked.Increment(ref _turn) % (uint)able.Length);
        for (var i = 0; i < able.Length; i++)
        {
            var agent = able[(turn + i) % able.Length];
            if (agent.State is not (AgentState.Busy or AgentState.Stopped))
                return agent;
        }

        return able[turn];
    }

    private static BaseAgent Routed(AgentTask task, string type, BaseAgent agent) =>
        agent.Metadata.Capabilities.FirstMissing(task.RequiredCapabilities) is { } missing
            ? throw new InvalidOperationException($"Tasks of type '{type}' go to agent '{agent.Metadata.Name}', which lacks the capability '{missing}' that this one requires.")
            : agent;

    private string Nobody(AgentTask task)
    {
        var all = _agents.All;
        if (all.Count == 0)
            return "There is no agent to route tasks to: add one to the registry.";
        var missing = task.RequiredCapabilities.FirstOrDefault(c => all.All(a => !a.Metadata.Capabilities.Allows(c)));
        return missing is null
            ? $"No agent has all the capabilities that the task requires ({string.Join(", ", task.RequiredCapabilities)}), though each of them some agent has."
            : $"No agent has the capability '{missing}' that the task requires. The agents are: {string.Join(", ", all.Select(a => a.Metadata.Name))}.";
    }

    private static bool HasRole(BaseAgent agent, string role) => string.Equals(agent.Metadata.Role, role, StringComparison.OrdinalIgnoreCase);
}
