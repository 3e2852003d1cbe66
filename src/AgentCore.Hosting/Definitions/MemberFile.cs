using System.Text.Json.Nodes;
using AgentCore.Plugins;
using AgentCore.Teams;

namespace AgentCore.Hosting.Definitions;

/// <summary>A member as a team file has it: the name of an agent or team, or an agent that is defined there.</summary>
/// <param name="Path">Its path in the file, such as <c>members[2]</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Agent">The agent that is defined there; null where it is named.</param>
/// <param name="Fields">What the team says of it.</param>
internal sealed record MemberFile(string Path, string Name, AgentFile? Agent, JsonObject Fields)
{
    private static readonly string[] Own = [.. TeamFields.Member.Select(f => f.Name)];

    public static MemberFile? Read(DefinitionFile file, FieldReader reader, YamlValue value, string path, IReadOnlyDictionary<string, AgentKind> kinds, List<DefinitionError> errors)
    {
        var whole = FieldReader.Whole(value, "agent");
        if (whole is not YamlMap map || map.Entries.Any(e => e.Key.Text == "agent"))
        {
            var reference = reader.Object(whole, TeamFields.Reference, path);
            return (string?)reference["agent"] is { } name ? new MemberFile(path, name, null, reference) : null;
        }

        if (!map.Entries.Any(e => e.Key.Text == "name"))
        {
            errors.Add(new DefinitionError(file.Shown, map.Line, map.Column, path, "the field 'name' is missing, or 'agent' for an agent that is defined elsewhere."));
            return null;
        }

        if (!map.Entries.Any(e => e.Key.Text is "kind" or "instructions"))
        {
            errors.Add(new DefinitionError(file.Shown, map.Line, map.Column, path,
                "the field 'instructions' is missing: what it is to do. For an agent or team that is defined elsewhere, write 'agent' in the place of 'name'."));
            return null;
        }

        var fields = reader.Object(new YamlMap([.. map.Entries.Where(e => Own.Contains(e.Key.Text))], map.Line, map.Column), TeamFields.Member, path);
        var agent = AgentFile.Read(file, new YamlMap([.. map.Entries.Where(e => !Own.Contains(e.Key.Text))], map.Line, map.Column), path, kinds, errors);
        return agent is null ? null : new MemberFile(path, agent.Metadata.Name, agent, fields);
    }

    /// <summary>The member, given its agent.</summary>
    public TeamMember With(BaseAgent agent) => new(agent, (string?)Fields["role"])
    {
        History = (string?)Fields["history"] is { } history ? Enum.Parse<MemberHistory>(history, ignoreCase: true) : MemberHistory.All,
        Handoffs = Fields["handoffs"] is JsonArray names ? [.. names.Select(n => (string)n!)] : null,
        OnFailure = Policy(Fields["onFailure"]),
    };

    public static FailurePolicy? Policy(JsonNode? node) => node is not JsonObject fields ? null : new FailurePolicy
    {
        Retries = (int?)fields["retries"] ?? 0,
        Then = (string?)fields["then"] is { } then ? Enum.Parse<FailureAction>(then, ignoreCase: true) : FailureAction.Stop,
        Substitute = (string?)fields["substitute"],
    };
}
