using AgentCore.Agents;
using AgentCore.Models;
using Microsoft.Extensions.AI;

namespace AgentCore.Teams;

/// <summary>What teams are built from: the agents, the models of protocols, the prices.</summary>
/// <param name="agents">The agents that may be members.</param>
public sealed class TeamParts(AgentRegistry agents)
{
    private static readonly Dictionary<string, string[]> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sequential"] = [],
        ["round-robin"] = ["rounds"],
        ["selector"] = ["model", "instructions", "mayRepeat", "mayEnd"],
        ["handoff"] = ["first"],
        ["concurrent"] = ["reducer"],
        ["debate"] = ["judge", "rounds"],
        ["planner"] = ["model", "instructions", "maxStalls", "maxReplans"],
        ["vote"] = ["choices", "quorum", "majority", "rounds"],
    };

    /// <summary>The kinds of protocol that there are, with the fields that each knows.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Kinds { get; } =
        Fields.ToDictionary(f => f.Key, f => (IReadOnlyList<string>)f.Value, StringComparer.OrdinalIgnoreCase);

    /// <summary>The agents that may be members.</summary>
    public AgentRegistry Agents { get; } = agents ?? throw new ArgumentNullException(nameof(agents));

    /// <summary>Gives the model of a protocol by its id, or the default one for null; null where there are no models.</summary>
    public Func<string?, IChatClient>? Models { get; init; }

    /// <summary>Kinds of protocol of the user's own, by name.</summary>
    public IReadOnlyDictionary<string, Func<ProtocolDefinition, TeamProtocol>> Protocols { get; init; } = new Dictionary<string, Func<ProtocolDefinition, TeamProtocol>>();

    /// <summary>What an agent's tokens cost; null where no prices are known.</summary>
    public Func<BaseAgent, TokenPrice?>? Price { get; init; }

    /// <summary>How the teams run; null for the defaults.</summary>
    public AgentOptions? Options { get; init; }

    /// <summary>Builds a team.</summary>
    /// <param name="definition">Its definition.</param>
    /// <param name="locate">Where a field of the definition is; null where that isn't known.</param>
    /// <exception cref="TeamDefinitionException">A field is wrong; the message says which, and what is allowed.</exception>
    public Team Build(TeamDefinition definition, Func<string, FindingLocation?>? locate = null)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (definition.Members.Count == 0)
            throw new TeamDefinitionException(definition.Name, "members", "there are none; name one or more.");

        var members = new List<TeamMember>(definition.Members.Count);
        for (var i = 0; i < definition.Members.Count; i++)
            members.Add(MemberOf(definition, definition.Members[i], $"members[{i}]"));
        var rules = new TeamOptions
        {
            Limits = definition.Limits ?? new TeamLimits(),
            OnFailure = definition.OnFailure ?? FailurePolicy.Stop,
            Until = definition.Until is { } until ? ConditionOf(definition, until, "until") : null,
            Price = Price,
            Locate = locate,
        };
        var metadata = Checked(definition, "name", () => new AgentMetadata(definition.Name)) with { Description = definition.Description, Role = definition.Role };
        return Checked(definition, "members", () => new Team(metadata, ProtocolOf(definition), members, rules, Options));
    }

    private TeamMember MemberOf(TeamDefinition definition, MemberDefinition member, string field)
    {
        if (!Agents.TryGet(member.Agent, out var agent))
            throw new TeamDefinitionException(definition.Name, field + ".agent", $"there is no agent '{member.Agent}'. The agents are: {string.Join(", ", Agents.All.Select(a => a.Metadata.Name))}.");
        return new TeamMember(agent, member.Role) { History = member.History, Handoffs = member.Handoffs, OnFailure = member.OnFailure };
    }

    private TeamProtocol ProtocolOf(TeamDefinition definition)
    {
        var p = definition.Protocol;
        if (Protocols.TryGetValue(p.Kind, out var own))
            return Checked(definition, "protocol", () => own(p));
        if (!Fields.TryGetValue(p.Kind, out var known))
            throw new TeamDefinitionException(definition.Name, "protocol.kind", $"'{p.Kind}' is no protocol; choose {string.Join(", ", Fields.Keys.Concat(Protocols.Keys))}.");
        if (p.Set().FirstOrDefault(f => !known.Contains(f)) is { } unknown)
        {
            throw new TeamDefinitionException(definition.Name, $"protocol.{unknown}", known.Length == 0
                ? $"the protocol {p.Kind} has no such field; it has none."
                : $"the protocol {p.Kind} has no such field; it has {string.Join(", ", known)}.");
        }

        return Checked(definition, "protocol", () => Create(definition, p));
    }

    private TeamProtocol Create(TeamDefinition definition, ProtocolDefinition p)
    {
        switch (p.Kind.ToLowerInvariant())
        {
            case "round-robin":
                return new RoundRobinProtocol(p.Rounds);
            case "handoff":
                return new HandoffProtocol(p.First);
            case "concurrent":
                return new ConcurrentProtocol(p.Reducer);
            case "debate":
                return new DebateProtocol(p.Judge ?? throw new TeamDefinitionException(definition.Name, "protocol.judge", "a debate needs a judge; name a member."), p.Rounds ?? 2);
            case "vote":
                var votes = new VoteOptions();
                return new VoteProtocol(new VoteOptions
                {
                    Choices = p.Choices ?? votes.Choices,
                    Quorum = p.Quorum ?? votes.Quorum,
                    Majority = p.Majority ?? votes.Majority,
                    MaxRounds = p.Rounds ?? votes.MaxRounds,
                });
            case "selector":
                var picks = new SelectorOptions();
                return new SelectorProtocol(ModelOf(definition, p), picks with { Instructions = p.Instructions ?? picks.Instructions, MayRepeat = p.MayRepeat ?? picks.MayRepeat, MayEnd = p.MayEnd ?? picks.MayEnd });
            case "planner":
                var plans = new PlannerOptions();
                return new PlannerProtocol(ModelOf(definition, p), plans with { Instructions = p.Instructions ?? plans.Instructions, MaxStalls = p.MaxStalls ?? plans.MaxStalls, MaxReplans = p.MaxReplans ?? plans.MaxReplans });
            default:
                return new SequentialProtocol();
        }
    }

    private IChatClient ModelOf(TeamDefinition definition, ProtocolDefinition p) =>
        (Models ?? throw new TeamDefinitionException(definition.Name, "protocol.model", $"the protocol {p.Kind} asks a model, and none is to be had: set TeamParts.Models."))(p.Model);

    private static TeamCondition ConditionOf(TeamDefinition definition, UntilDefinition until, string field)
    {
        var all = new List<TeamCondition>();
        if (until.Phrase is { } phrase)
            all.Add(TeamCondition.Phrase(phrase));
        if (until.Member is { } member)
            all.Add(TeamCondition.Member(member));
        if (until.Tool is { } tool)
            all.Add(TeamCondition.ToolCalled(tool));
        if (until.Field is { } name)
            all.Add(TeamCondition.JsonField(name, until.Value));
        else if (until.Value is not null)
            throw new TeamDefinitionException(definition.Name, field + ".value", "a value needs a field that has it.");
        if (until.All is { Count: > 0 } both)
            all.Add(both.Select((u, i) => ConditionOf(definition, u, $"{field}.all[{i}]")).Aggregate((a, b) => a & b));
        if (until.Any is { Count: > 0 } either)
            all.Add(either.Select((u, i) => ConditionOf(definition, u, $"{field}.any[{i}]")).Aggregate((a, b) => a | b));
        return all.Count > 0
            ? all.Aggregate((a, b) => a & b)
            : throw new TeamDefinitionException(definition.Name, field, "nothing is set; set phrase, member, tool, field, all or any.");
    }

    private static T Checked<T>(TeamDefinition definition, string field, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            throw new TeamDefinitionException(definition.Name, field, e.Message);
        }
    }
}
