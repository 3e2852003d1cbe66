using System.Globalization;
using System.Text.Json.Nodes;
using AgentCore.Plugins;
using AgentCore.Teams;
using AgentCore.Tools;

namespace AgentCore.Hosting.Definitions;

/// <summary>A team's definition file, read and checked.</summary>
internal sealed class TeamFile
{
    private readonly FieldReader _reader;
    private readonly JsonObject _json;

    private TeamFile(DefinitionFile file, JsonObject json, FieldReader reader, ProtocolKind protocol, JsonObject protocolFields, IReadOnlyList<MemberFile> members)
    {
        File = file;
        _json = json;
        _reader = reader;
        Protocol = protocol;
        ProtocolFields = protocolFields;
        Members = members;
    }

    public DefinitionFile File { get; }

    public string Name => (string?)_json["name"] ?? File.Name;

    public string Description => (string?)_json["description"] ?? "";

    public string? Role => (string?)_json["role"];

    public ProtocolKind Protocol { get; }

    public JsonObject ProtocolFields { get; }

    public IReadOnlyList<MemberFile> Members { get; }

    /// <summary>Reads a file.</summary>
    /// <returns>Null where it has errors, which are added.</returns>
    public static TeamFile? Read(DefinitionFile file, IReadOnlyDictionary<string, AgentKind> kinds, List<DefinitionError> errors)
    {
        var before = errors.Count;
        if (YamlTree.Read(file.Shown, file.Text, errors) is not { } tree)
        {
            if (errors.Count == before)
                errors.Add(new DefinitionError(file.Shown, 1, 1, "", "it is empty; a team needs a protocol and members."));
            return null;
        }

        // The protocol and the members have forms of their own; the rest is checked as any object.
        var reader = new FieldReader(file.Shown, errors);
        var entries = (tree as YamlMap)?.Entries ?? [];
        var rest = tree is YamlMap map ? new YamlMap([.. entries.Where(e => e.Key.Text is not ("protocol" or "members"))], map.Line, map.Column) : tree;
        var json = reader.Object(rest, TeamFields.Team, shownFields: [.. TeamFields.Team.Select(f => f.Name), "protocol", "members"]);
        if (json["until"] is JsonObject until)
            UntilFields.Check(until, file, reader, errors);
        if (AgentFile.NameProblem((string?)json["name"] ?? file.Name) is { } problem)
        {
            var (line, column) = reader.PlaceOf("name") ?? (1, 1);
            errors.Add(new DefinitionError(file.Shown, line, column, "name", problem));
        }

        var (protocol, fields) = ReadProtocol(file, reader, tree, entries.FirstOrDefault(e => e.Key.Text == "protocol").Value, errors);
        var members = ReadMembers(file, reader, tree, entries.FirstOrDefault(e => e.Key.Text == "members").Value, kinds, errors);
        return errors.Count == before ? new TeamFile(file, json, reader, protocol!, fields, members) : null;
    }

    /// <summary>Says of each tool that a member names and that isn't there.</summary>
    public void CheckTools(ToolRegistry tools, List<DefinitionError> errors)
    {
        foreach (var member in Members)
            member.Agent?.CheckTools(tools, errors);
    }

    /// <summary>An error at a field of this file.</summary>
    public DefinitionError Error(string field, string message)
    {
        var place = _reader.PlaceOf(field) ?? (1, 1);
        return new DefinitionError(File.Shown, place.Line, place.Column, field, message);
    }

    /// <summary>The team's rules.</summary>
    /// <param name="maxTurns">The most turns, over what the file says.</param>
    public TeamOptions Options(int? maxTurns) => new()
    {
        Limits = Limits(_json["limits"] as JsonObject ?? [], maxTurns),
        Until = _json["until"] is JsonObject until ? UntilFields.Read(until) : null,
        OnFailure = MemberFile.Policy(_json["onFailure"]) ?? FailurePolicy.Stop,
        Progress = Progress(_json["progress"] as JsonObject ?? []),
        Locate = field => _reader.PlaceOf(field) is var (line, _) ? new FindingLocation(File.Shown, line) : null,
    };

    private static (ProtocolKind? Kind, JsonObject Fields) ReadProtocol(DefinitionFile file, FieldReader reader, YamlValue tree, YamlValue? value, List<DefinitionError> errors)
    {
        var names = string.Join(", ", Protocols.All.Select(p => p.Name));
        if (value is null)
        {
            errors.Add(new DefinitionError(file.Shown, tree.Line, tree.Column, "protocol", $"the field 'protocol' is missing: how the team takes turns. Choose one of: {names}."));
            return (null, []);
        }

        var whole = FieldReader.Whole(value, "kind");
        var kindValue = (whole as YamlMap)?.Entries.FirstOrDefault(e => e.Key.Text == "kind").Value;
        var name = (kindValue as YamlScalar)?.Text ?? "";
        if (Protocols.All.FirstOrDefault(p => p.Name == name) is not { } kind)
        {
            var at = kindValue ?? value;
            errors.Add(new DefinitionError(file.Shown, at.Line, at.Column, "protocol.kind", kindValue is null
                ? $"the field 'kind' is missing. Choose one of: {names}."
                : $"'{name}' is no protocol.{NearestName.Hint(name, Protocols.All.Select(p => p.Name))} Choose one of: {names}."));
            return (null, []);
        }

        return (kind, reader.Object(whole, [new("kind", DefinitionType.Text, "How the team takes turns."), .. kind.Fields], "protocol"));
    }

    private static List<MemberFile> ReadMembers(DefinitionFile file, FieldReader reader, YamlValue tree, YamlValue? value, IReadOnlyDictionary<string, AgentKind> kinds, List<DefinitionError> errors)
    {
        if (value is not YamlList { Items.Count: > 0 } list)
        {
            var at = value ?? tree;
            errors.Add(new DefinitionError(file.Shown, at.Line, at.Column, "members", value is null
                ? "the field 'members' is missing: the team's agents, in their order."
                : "it must be a list with one member or more; begin each with '- '."));
            return [];
        }

        var members = new List<MemberFile>();
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (MemberFile.Read(file, reader, list.Items[i], string.Create(CultureInfo.InvariantCulture, $"members[{i}]"), kinds, errors) is not { } member)
                continue;
            if (members.Any(m => string.Equals(m.Name, member.Name, StringComparison.OrdinalIgnoreCase)))
                errors.Add(new DefinitionError(file.Shown, list.Items[i].Line, list.Items[i].Column, $"members[{i}]", $"'{member.Name}' is a member already; names are unique in a team."));
            members.Add(member);
        }

        return members;
    }

    private static TeamLimits Limits(JsonObject fields, int? maxTurns)
    {
        var limits = new TeamLimits();
        if ((maxTurns ?? (int?)fields["maxTurns"]) is { } turns)
            limits = limits with { MaxTurns = turns };
        if (fields["maxTokens"] is { } tokens)
            limits = limits with { MaxTokens = (long)tokens };
        if (fields["maxCost"] is { } cost)
            limits = limits with { MaxCost = (decimal)cost };
        if (fields["maxTime"] is { } time)
            limits = limits with { MaxTime = TimeSpan.FromSeconds((double)time) };
        if (fields["maxTurnTime"] is { } turnTime)
            limits = limits with { MaxTurnTime = TimeSpan.FromSeconds((double)turnTime) };
        return limits;
    }

    private static ProgressOptions Progress(JsonObject fields)
    {
        var options = new ProgressOptions();
        if (fields["maxRepeatedRounds"] is { } rounds)
            options = options with { MaxRepeatedRounds = (int)rounds };
        if (fields["maxRepeatedCalls"] is { } calls)
            options = options with { MaxRepeatedCalls = (int)calls };
        if (fields["maxPingPong"] is { } pingPong)
            options = options with { MaxPingPong = (int)pingPong };
        return options;
    }
}
