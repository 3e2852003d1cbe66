using AgentCore.Agents;
using AgentCore.Tools;

namespace AgentCore.Teams;

/// <summary>What the members of a team can call, nested teams included.</summary>
internal static class TeamTools
{
    public static bool MayCall(Team team, string tool) => AgentsOf(team).Any(agent =>
        agent.Options.Tools is { } tools && tools.TryGet(tool, out var found) && agent.Metadata.Capabilities.FirstMissing(found.Required) is null);

    /// <summary>The agents of a team, those of nested teams included, each once.</summary>
    public static IReadOnlyCollection<BaseAgent> AgentsOf(Team team)
    {
        var found = new HashSet<BaseAgent>(ReferenceEqualityComparer.Instance);
        Collect(team, found);
        return found;
    }

    /// <summary>The agents that one can call: as members, or as tools that it may use.</summary>
    public static IEnumerable<BaseAgent> Callees(BaseAgent agent)
    {
        if (agent is Team team)
        {
            foreach (var member in team.Members)
                yield return member.Agent;
        }

        foreach (var tool in agent.Options.Tools?.For(agent.Metadata.Capabilities) ?? [])
        {
            if (tool.Agent is { } called)
                yield return called.Agent;
        }
    }

    private static void Collect(Team team, HashSet<BaseAgent> found)
    {
        foreach (var member in team.Members)
        {
            if (found.Add(member.Agent) && member.Agent is Team inner)
                Collect(inner, found);
        }
    }
}
