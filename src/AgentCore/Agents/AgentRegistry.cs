using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AgentCore.Agents;

/// <summary>The agents of an application, found by name, role and capability.</summary>
public sealed class AgentRegistry
{
    private readonly ConcurrentDictionary<string, BaseAgent> _agents = new(StringComparer.OrdinalIgnoreCase);

    private readonly Lock _lock = new();
    private volatile BaseAgent[]? _sorted;

    /// <summary>The agents, in ordinal order of their names.</summary>
    public IReadOnlyList<BaseAgent> All => Snapshot;

    /// <summary>The agents as they are now. Not to be changed.</summary>
    internal BaseAgent[] Snapshot
    {
        get
        {
            if (_sorted is { } known)
                return known;
            lock (_lock)
                return _sorted = [.. _agents.Values.OrderBy(a => a.Metadata.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Adds an agent.</summary>
    /// <param name="agent">The agent; the registry doesn't dispose it.</param>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    public AgentRegistry Add(BaseAgent agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        if (!_agents.TryAdd(agent.Metadata.Name, agent))
            throw new InvalidOperationException($"An agent named '{agent.Metadata.Name}' is registered already; names are unique in a registry. Rename one.");

        Changed();
        return this;
    }

    /// <summary>Removes an agent.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether it was there.</returns>
    public bool Remove(string name)
    {
        var removed = _agents.TryRemove(name, out _);
        Changed();
        return removed;
    }

    /// <summary>Finds an agent by name, ignoring case.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="agent">The agent.</param>
    public bool TryGet(string name, [NotNullWhen(true)] out BaseAgent? agent) => _agents.TryGetValue(name, out agent);

    /// <summary>Finds an agent by name, ignoring case.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none; the message names the agents that there are.</exception>
    public BaseAgent Get(string name) => TryGet(name, out var agent)
        ? agent
        : throw new ArgumentException($"There is no agent '{name}'. The registry has: {string.Join(", ", All.Select(a => a.Metadata.Name))}.", nameof(name));

    /// <summary>Finds agents.</summary>
    /// <param name="role">Only those of this role, ignoring case; null for any.</param>
    /// <param name="capabilities">Only those that have all of these; null for any.</param>
    public IReadOnlyList<BaseAgent> Find(string? role = null, IReadOnlyList<string>? capabilities = null) =>
        [.. All.Where(a => (role is null || string.Equals(a.Metadata.Role, role, StringComparison.OrdinalIgnoreCase))
            && (capabilities is null || a.Metadata.Capabilities.FirstMissing(capabilities) is null))];

    private void Changed()
    {
        lock (_lock)
            _sorted = null;
    }
}
