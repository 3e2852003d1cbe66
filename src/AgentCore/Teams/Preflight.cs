using AgentCore.Agents;
using AgentCore.Models;
using AgentCore.Tools;

namespace AgentCore.Teams;

/// <summary>Checks a team before it runs: what can be seen to go wrong from its definition alone.</summary>
internal static class Preflight
{
    // More than anybody waits for.
    private const int ManyTurns = 10_000;

    public static IReadOnlyList<TeamFinding> Check(Team team) => [.. Check(team, []).OrderByDescending(f => f.Severity)];

    private static IEnumerable<TeamFinding> Check(Team team, HashSet<Team> above)
    {
        if (!above.Add(team))
            yield break;
        foreach (var finding in team.Protocol.Check(team).Concat(Members(team)).Concat(Bounds(team)).Concat(Tools(team)).Concat(Until(team)).Concat(Cycles(team)))
            yield return finding with { Team = finding.Team.Length > 0 ? finding.Team : team.Metadata.Name, Location = finding.Location ?? team.Rules.Locate?.Invoke(finding.Field) };
        for (var i = 0; i < team.Members.Count; i++)
        {
            if (team.Members[i].Agent is not Team inner)
                continue;
            foreach (var finding in Check(inner, above))
                yield return finding with { Field = $"members[{i}].{finding.Field}" };
        }

        above.Remove(team);
    }

    private static IEnumerable<TeamFinding> Members(Team team)
    {
        if (SubstituteProblem(team, team.Rules.OnFailure, null) is { } common)
            yield return TeamFinding.Error("onFailure.substitute", common);
        for (var i = 0; i < team.Members.Count; i++)
        {
            var member = team.Members[i];
            if (member.OnFailure is { } policy && SubstituteProblem(team, policy, member) is { } problem)
                yield return TeamFinding.Error($"members[{i}].onFailure.substitute", problem);
        }
    }

    private static string? SubstituteProblem(Team team, FailurePolicy policy, TeamMember? member) => policy switch
    {
        { Then: not FailureAction.Replace } => null,
        { Substitute: null } => "replaces a member that fails, but FailurePolicy.Substitute names nobody.",
        { Substitute: var name } when team.Find(name) is not { } found => $"replaces a member that fails by '{name}', who is no member.",
        { Substitute: var name } when ReferenceEquals(team.Find(name), member) => $"replaces '{name}' by itself when it fails.",
        _ => null,
    };

    private static IEnumerable<TeamFinding> Bounds(Team team)
    {
        var limits = team.Rules.Limits;
        if (limits.MaxTurns > ManyTurns)
            yield return TeamFinding.Warning("limits.maxTurns", $"has practically no bound on turns: TeamLimits.MaxTurns is {limits.MaxTurns}.");
        if (limits is { MaxTokens: null, MaxCost: null } && TeamTools.AgentsOf(team).Any(a => a is ChatAgent))
            yield return TeamFinding.Warning("limits.maxTokens", "has no bound on tokens or cost: set TeamLimits.MaxTokens or TeamLimits.MaxCost.");

        var prices = TeamTools.AgentsOf(team).Select(a => team.Rules.Price?.Invoke(a)).OfType<TokenPrice>().ToList();
        if (limits.MaxCost is { } cost && prices.Count == 0)
            yield return TeamFinding.Error("limits.maxCost", $"may cost {cost}, but no price is known to tell: set TeamOptions.Price, or use TeamLimits.MaxTokens.");
        if (prices.Count > 0)
        {
            var worst = limits.MaxTokens is { } tokens ? tokens * prices.Max(p => Math.Max(p.InputPerMillion, p.OutputPerMillion)) / 1_000_000 : (decimal?)null;
            var most = worst is null ? limits.MaxCost : limits.MaxCost is null ? worst : Math.Min(worst.Value, limits.MaxCost.Value);
            if (most is { } bound)
                yield return new TeamFinding(FindingSeverity.Note, "limits", FormattableString.Invariant($"costs at most {bound:0.####} and the last turn's cost."));
        }
    }

    /// <summary>Tools that a member has, but nobody may call.</summary>
    private static IEnumerable<TeamFinding> Tools(Team team)
    {
        var lacking = new Dictionary<Tool, (int Member, string Missing)>(ReferenceEqualityComparer.Instance);
        var callable = new HashSet<Tool>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < team.Members.Count; i++)
        {
            var agent = team.Members[i].Agent;
            foreach (var tool in agent.Options.Tools?.All ?? [])
            {
                if (agent.Metadata.Capabilities.FirstMissing(tool.Required) is { } missing)
                    lacking.TryAdd(tool, (i, missing));
                else
                    callable.Add(tool);
            }
        }

        foreach (var (tool, (member, missing)) in lacking.Where(l => !callable.Contains(l.Key)).OrderBy(l => l.Key.Name, StringComparer.Ordinal))
            yield return TeamFinding.Warning($"members[{member}].capabilities", $"has the tool '{tool.Name}', which nobody may call: no member that has it holds the capability '{missing}'.");
    }

    private static IEnumerable<TeamFinding> Until(Team team) =>
        team.Rules.Until?.Check(team).Select(problem => TeamFinding.Error("until", $"can't be done as it says: {problem}")) ?? [];

    /// <summary>Agents that call each other in a circle, as members or as tools: each call begins a new run of the next one, and
    /// no limit of one run ends it.</summary>
    private static IEnumerable<TeamFinding> Cycles(Team team)
    {
        var path = new List<BaseAgent>();
        return Circle(team, team, path, []) ? [TeamFinding.Error("members", $"calls itself: {string.Join(" → ", path.Select(a => a.Metadata.Name))} → {team.Metadata.Name}. Take one of these calls out.")] : [];
    }

    private static bool Circle(BaseAgent from, BaseAgent target, List<BaseAgent> path, HashSet<BaseAgent> seen)
    {
        if (!seen.Add(from))
            return false;
        path.Add(from);
        foreach (var callee in TeamTools.Callees(from))
        {
            if (ReferenceEquals(callee, target) || Circle(callee, target, path, seen))
                return true;
        }

        path.RemoveAt(path.Count - 1);
        return false;
    }
}
