using AgentCore.Plugins;
using AgentCore.Tools;

namespace AgentCore.Hosting.Definitions;

/// <summary>An agent or team that a workspace has.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsTeam">Whether it is a team.</param>
/// <param name="Description">What it does.</param>
/// <param name="Source">Where it comes from: a file, a plugin, or built in.</param>
public sealed record AgentListing(string Name, bool IsTeam, string Description, string Source)
{
    internal AgentFile? File { get; init; }

    internal TeamFile? Team { get; init; }

    internal Func<AgentHost, BaseAgent>? Factory { get; init; }

    /// <summary>What is wrong in its file, so that it can't be made; null where nothing is.</summary>
    internal IReadOnlyList<DefinitionError>? Faults { get; init; }
}

/// <summary>All definitions of a workspace, and all that is wrong in them.</summary>
internal sealed class DefinitionSet
{
    private readonly List<AgentListing> _listings = [];
    private readonly List<DefinitionError> _errors = [];

    // The names that files give, those that can't be taken for more included.
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public IReadOnlyList<AgentListing> Listings => [.. _listings.Where(l => l.Faults is null)];

    public IReadOnlyList<DefinitionError> Errors => _errors;

    public static DefinitionSet Load(string workspace, IReadOnlyDictionary<string, AgentKind> kinds, PluginRegistry registry, ToolRegistry tools)
    {
        var set = new DefinitionSet();
        foreach (var file in DefinitionFile.In(workspace, "agents", set._errors))
            set.AddAgent(file, kinds, tools);
        foreach (var (name, factory) in registry.Agents)
        {
            if (!set.Has(name, team: false))
                set._listings.Add(new AgentListing(name, false, "", $"plugin {registry.OwnerOf(name)}") { Factory = factory });
        }

        foreach (var file in DefinitionFile.BuiltIn("agents", workspace))
            set.AddAgent(file, kinds, tools);
        foreach (var file in DefinitionFile.In(workspace, "teams", set._errors).Concat(DefinitionFile.BuiltIn("teams", workspace)))
            set.AddTeam(file, kinds, tools);
        set.MarkFaulty();
        foreach (var team in set._listings.Select(l => l.Team).OfType<TeamFile>().ToList())
            set.CheckMembers(team);
        set.MarkFaulty();
        set._listings.Sort((a, b) => a.IsTeam == b.IsTeam ? string.CompareOrdinal(a.Name, b.Name) : a.IsTeam.CompareTo(b.IsTeam));
        return set;
    }

    /// <summary>Finds an agent or a team.</summary>
    /// <exception cref="UnknownNameException">There is none.</exception>
    /// <exception cref="DefinitionErrorsException">Its file has errors.</exception>
    public AgentListing Find(string name, bool? team) =>
        Listed(name, team) is { Faults: { } faults } ? throw new DefinitionErrorsException(faults) : Listed(name, team);

    private AgentListing Listed(string name, bool? team)
    {
        // A plugin's team is known as one when it is made.
        var fitting = _listings.Where(l => team is null || l.IsTeam == team || (team == true && l.Factory is not null)).ToList();
        return fitting.FirstOrDefault(l => l.Name == name)
            ?? fitting.FirstOrDefault(l => string.Equals(l.Name, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UnknownNameException(team == true ? "team" : "agent", name, _listings.Where(l => team is null || l.IsTeam == team).Select(l => l.Name));
    }

    private void AddAgent(DefinitionFile file, IReadOnlyDictionary<string, AgentKind> kinds, ToolRegistry tools)
    {
        _names[file.Shown] = file.NameSaid;
        if (AgentFile.Read(file, kinds, _errors) is not { } agent)
            return;

        agent.CheckTools(tools, _errors);
        if (_listings.FirstOrDefault(l => !l.IsTeam && l.Name == agent.Metadata.Name) is not { } other)
            _listings.Add(new AgentListing(agent.Metadata.Name, false, agent.Metadata.Description, file.Shown) { File = agent });
        else if (!file.IsBuiltIn)
            _errors.Add(new DefinitionError(file.Shown, 1, 1, "name", $"an agent '{other.Name}' is defined in {other.Source} too; rename one."));
    }

    private void AddTeam(DefinitionFile file, IReadOnlyDictionary<string, AgentKind> kinds, ToolRegistry tools)
    {
        _names[file.Shown] = file.NameSaid;
        if (TeamFile.Read(file, kinds, _errors) is not { } team)
            return;

        if (!file.IsBuiltIn || tools.All.Count > 0)
            team.CheckTools(tools, _errors);
        if (_listings.FirstOrDefault(l => l.IsTeam && l.Name == team.Name) is not { } other)
            _listings.Add(new AgentListing(team.Name, true, team.Description, file.Shown) { Team = team });
        else if (!file.IsBuiltIn)
            _errors.Add(team.Error("name", $"a team '{other.Name}' is defined in {other.Source} too; rename one."));
    }

    private void CheckMembers(TeamFile team)
    {
        foreach (var member in team.Members.Where(m => m.Agent is null))
        {
            try
            {
                Listed(member.Name, null);
            }
            catch (UnknownNameException e)
            {
                _errors.Add(team.Error($"{member.Path}.agent", e.Message));
            }
        }
    }

    /// <summary>What a faulty file defines is there, but can't be made: nothing else of its name takes its place.</summary>
    private void MarkFaulty()
    {
        foreach (var file in _errors.GroupBy(e => e.File).Where(f => !IsFolder(f.Key)))
        {
            var name = _names.GetValueOrDefault(file.Key) ?? Path.GetFileNameWithoutExtension(file.Key);
            var isTeam = file.Key.Contains("teams/", StringComparison.Ordinal);
            _listings.RemoveAll(l => l.IsTeam == isTeam && l.Name == name);
            _listings.Add(new AgentListing(name, isTeam, "", file.Key) { Faults = [.. file] });
        }
    }

    /// <summary>Whether what has an error is a whole folder, in which anything may be defined.</summary>
    public static bool IsFolder(string file) => file.EndsWith('/');

    private bool Has(string name, bool team) => _listings.Any(l => l.IsTeam == team && l.Name == name);
}
