using System.Text.Json;
using AgentCore.Agents;

namespace AgentCore.Teams;

/// <summary>Agents that work together on a task, taking turns by a protocol and within bounds. A team is itself an agent: it
/// can be resumed, and be a member of another team.</summary>
/// <remarks>Its result's <see cref="AgentResult.Data"/> is a <see cref="TeamResult"/>, whatever ended it. A protocol that came
/// to its end and a condition that held give <see cref="RunStatus.Done"/>; a limit gives <see cref="RunStatus.Limited"/>. In
/// every case <see cref="AgentResult.Stop"/> says why, and <see cref="AgentResult.Output"/> is the last good output.</remarks>
public sealed class Team : AsyncAgent
{
    private volatile bool _isGood;
    private readonly Dictionary<string, TeamMember> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Creates a team.</summary>
    /// <param name="metadata">What it is.</param>
    /// <param name="protocol">How it takes turns.</param>
    /// <param name="members">Its members, 1 or more, in their order; an agent will do.</param>
    /// <param name="team">Its bounds and rules; null for the defaults.</param>
    /// <param name="options">How it runs; null for the defaults. Its runs are not limited in number unless it says so.</param>
    /// <exception cref="ArgumentException">There is no member, or two have the same name.</exception>
    public Team(AgentMetadata metadata, TeamProtocol protocol, IReadOnlyList<TeamMember> members, TeamOptions? team = null, AgentOptions? options = null)
        : base(metadata, options ?? new AgentOptions { MaxConcurrentRuns = 0 })
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(members);
        if (members.Count == 0)
            throw new ArgumentException($"Team '{metadata.Name}' has no members; give it one or more.", nameof(members));

        Protocol = protocol;
        Members = [.. members];
        Rules = team ?? new TeamOptions();
        foreach (var member in Members)
        {
            if (!_byName.TryAdd(member.Name, member))
                throw new ArgumentException($"Team '{metadata.Name}' has two members named '{member.Name}'; names are unique in a team. Rename one.", nameof(members));
        }
    }

    /// <summary>Creates a team.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="protocol">How it takes turns.</param>
    /// <param name="members">Its members, 1 or more, in their order; an agent will do.</param>
    /// <param name="team">Its bounds and rules; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no member, or two have the same name.</exception>
    public Team(string name, TeamProtocol protocol, IReadOnlyList<TeamMember> members, TeamOptions? team = null)
        : this(new AgentMetadata(name), protocol, members, team)
    {
    }

    /// <summary>How it takes turns.</summary>
    public TeamProtocol Protocol { get; }

    /// <summary>Its members, in their order.</summary>
    public IReadOnlyList<TeamMember> Members { get; }

    /// <summary>Its bounds and rules.</summary>
    public TeamOptions Rules { get; }

    internal override bool EndsByItself => true;

    internal override (TimeSpan Time, string Option)? TimeLimit => base.TimeLimit is { } own && own.Time < Rules.Limits.MaxTime
        ? own
        : (Rules.Limits.MaxTime, "TeamLimits.MaxTime");

    /// <summary>Checks the team before it runs: handovers and conditions that name nobody, agents that call each other in a
    /// circle, tools that nobody may call, missing bounds and descriptions, the worst-case cost where prices are known.</summary>
    /// <returns>What was found, the worst first; those of nested teams included. A team with errors doesn't run.</returns>
    public IReadOnlyList<TeamFinding> Check() => Preflight.Check(this);

    /// <summary>The errors that keep it from running; null for none. A team that had none has none later: its definition stays
    /// as it is, and tools are only added.</summary>
    internal string? Errors()
    {
        if (_isGood)
            return null;
        var errors = Check().Where(f => f.Severity == FindingSeverity.Error).Select(f => f.ToString()).ToList();
        _isGood = errors.Count == 0;
        return _isGood ? null : string.Join("\n", errors);
    }

    internal TeamMember? Find(string name) => _byName.GetValueOrDefault(name);

    internal int IndexOf(TeamMember member)
    {
        for (var i = 0; i < Members.Count; i++)
        {
            if (ReferenceEquals(Members[i], member))
                return i;
        }

        return -1;
    }

    /// <summary>The task's inputs that members get: the schema of the answer binds the team, not each of them.</summary>
    internal static IReadOnlyDictionary<string, JsonElement> DataForMembers(IReadOnlyDictionary<string, JsonElement> data) =>
        data.ContainsKey(ChatLoop.SchemaInput) ? data.Where(d => d.Key != ChatLoop.SchemaInput).ToDictionary() : data;

    /// <inheritdoc/>
    protected override ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new TeamLoop(this, context).RunAsync();
    }
}
