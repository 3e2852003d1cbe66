using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Tasks;

namespace AgentCore.Teams;

/// <summary>The teams of an application: created, kept, loaded, and given tasks.</summary>
/// <param name="parts">What teams are built from. A team that is created can be a member of the next.</param>
/// <param name="store">Where definitions are kept; null for nowhere. The manager doesn't dispose it.</param>
public sealed class TeamManager(TeamParts parts, ICheckpointStore? store = null)
{
    private const string Collection = "teams";

    private readonly TeamParts _parts = parts ?? throw new ArgumentNullException(nameof(parts));
    private readonly AgentRegistry _teams = new();

    /// <summary>The teams, in ordinal order of their names.</summary>
    public IReadOnlyList<Team> All => [.. _teams.All.Cast<Team>()];

    /// <summary>Finds a team by name, ignoring case.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none; the message names the teams that there are.</exception>
    public Team Get(string name) => (Team)_teams.Get(name);

    /// <summary>Creates a team, and keeps its definition where there is a store.</summary>
    /// <param name="definition">Its definition.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TeamDefinitionException">The definition is wrong.</exception>
    /// <exception cref="InvalidOperationException">The name is taken, or the check of the team found errors.</exception>
    public async Task<Team> CreateAsync(TeamDefinition definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        var team = _parts.Build(definition);
        if (team.Errors() is { } errors)
            throw new InvalidOperationException(errors);

        Register(team);
        try
        {
            if (store is not null)
                await store.CommitAsync(new StoreBatch { Durable = true }.Put(Collection, definition.Name, JsonSerializer.SerializeToUtf8Bytes(definition, AgentJson.Options)), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Unregister(team.Metadata.Name);
            throw;
        }

        return team;
    }

    /// <summary>Loads the teams that the store keeps and that are not here yet; those that are members of others first.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The teams that were loaded.</returns>
    /// <exception cref="InvalidOperationException">There is no store.</exception>
    /// <exception cref="TeamDefinitionException">A definition doesn't fit the agents that there are. The teams before it are here.</exception>
    public async Task<IReadOnlyList<Team>> LoadAsync(CancellationToken cancellationToken = default)
    {
        if (store is null)
            throw new InvalidOperationException("The TeamManager has no store to load teams from: give it one.");

        var left = new List<TeamDefinition>();
        await foreach (var document in store.ListAsync(Collection, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            var definition = JsonSerializer.Deserialize<TeamDefinition>(document.Value.Span, AgentJson.Options) ?? throw new StoreException($"Team {document.Key} is empty.");
            if (!_teams.TryGet(definition.Name, out _))
                left.Add(definition);
        }

        var loaded = new List<Team>();
        while (left.Count > 0)
        {
            // One whose members are all here; where there is none, the first says what it lacks.
            var next = left.Find(d => d.Members.All(m => _parts.Agents.TryGet(m.Agent, out _))) ?? left[0];
            var team = _parts.Build(next);
            Register(team);
            loaded.Add(team);
            left.Remove(next);
        }

        return loaded;
    }

    /// <summary>Removes a team, its definition in the store too.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was there.</returns>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        if (!_teams.TryGet(name, out var team))
            return false;
        if (store is not null)
            await store.CommitAsync(new StoreBatch { Durable = true }.Delete(Collection, team.Metadata.Name), cancellationToken).ConfigureAwait(false);
        Unregister(team.Metadata.Name);
        return true;
    }

    /// <summary>Finds the team for a task: by its preferred role, and by the capabilities that it requires, each of which some
    /// member must have.</summary>
    /// <param name="task">The task.</param>
    /// <exception cref="InvalidOperationException">No team can do it.</exception>
    public Team TeamFor(AgentTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        var able = All.Where(t => task.RequiredCapabilities.All(c => TeamTools.AgentsOf(t).Any(a => a.Metadata.Capabilities.Allows(c)))).ToList();
        return able.Find(t => task.PreferredRole is { } role && string.Equals(t.Metadata.Role, role, StringComparison.OrdinalIgnoreCase))
            ?? able.Find(t => t.State is not AgentState.Busy)
            ?? able.FirstOrDefault()
            ?? throw new InvalidOperationException($"No team has the capabilities that the task requires ({string.Join(", ", task.RequiredCapabilities)}). The teams are: {string.Join(", ", All.Select(t => t.Metadata.Name))}.");
    }

    /// <summary>Gives a task to the team that is found for it, and waits for the outcome.</summary>
    /// <param name="task">The task.</param>
    /// <param name="options">How the run is done; null for the defaults, kept in the manager's store.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    /// <exception cref="InvalidOperationException">No team can do it.</exception>
    public Task<AgentResult> AssignAsync(AgentTask task, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        TeamFor(task).ExecuteAsync(task, options ?? new RunOptions { Store = store }, cancellationToken);

    private void Register(Team team)
    {
        _parts.Agents.Add(team);
        _teams.Add(team);
    }

    private void Unregister(string name)
    {
        _parts.Agents.Remove(name);
        _teams.Remove(name);
    }
}
