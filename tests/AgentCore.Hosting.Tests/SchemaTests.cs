using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentCore.Hosting.Definitions;

namespace AgentCore.Hosting.Tests;

public sealed class SchemaTests
{
    private const string Good = "instructions: hello";
    private const string Members = "members: [a, b]\n";

    /// <summary>Set to 1 to write the shipped schemas anew.</summary>
    private static readonly bool Approve = Environment.GetEnvironmentVariable("AGENTCORE_APPROVE") == "1";

    [Theory]
    [InlineData("agent.schema.json")]
    [InlineData("team.schema.json")]
    [InlineData("agentcore.schema.json")]
    [InlineData("approvals.schema.json")]
    public void Shipped_EachSchema_IsTheLoadersOwn(string name)
    {
        var path = Path.Combine(Repository(), "src", "AgentCore.Hosting", "Definitions", name);
        if (Approve)
            File.WriteAllText(path, Schema(name));

        Assert.Equal(Schema(name), File.ReadAllText(path));
    }

    [Theory]
    [InlineData(Good)]
    [InlineData(Good + "\nname: Ann\nkind: chat\nrole: r\ndescription: d\nmodel: a/b\ncapabilities: files.read\ntools: [x, y]\ntimeout: 1.5m\nretry: {maxRetries: 3, delay: 500ms}")]
    [InlineData(Good + "\ntemperature: 0.5\nmaxOutputTokens: 10\nmaxModelCalls: 5\nmaxSlips: 1\nmaxRepeats: 2")]
    [InlineData("kind: person\nname: Ada")]
    [InlineData("kind: person\ninstructions: hello")]
    [InlineData("name: x")]
    [InlineData("instructions: [hello]")]
    [InlineData("instructions: 5")]
    [InlineData("instructions: \" \"")]
    [InlineData(Good + "\nnmae: x")]
    [InlineData(Good + "\nkind: robot")]
    [InlineData(Good + "\ntemperature: 3")]
    [InlineData(Good + "\ntemperature: \"1\"")]
    [InlineData(Good + "\nmaxSlips: 0")]
    [InlineData(Good + "\nmaxSlips: 1.5")]
    [InlineData(Good + "\ntimeout: 5")]
    [InlineData(Good + "\ntimeout: soon")]
    [InlineData(Good + "\nretry: 3")]
    [InlineData(Good + "\nretry: {max: 3}")]
    [InlineData(Good + "\ncapabilities: {a: b}")]
    [InlineData(Good + "\nlearning: on")]
    [InlineData(Good + "\nlearning: {autoFix: on, remedies: {retryLater: 5s, reduceContext: 0.5, switchModel: m, repairJson: true, reinitialize: false, raiseTimeout: 3}}")]
    [InlineData(Good + "\nlearning: always")]
    [InlineData(Good + "\nlearning: {autoFix: true}")]
    [InlineData(Good + "\nlearning: {auto_fix: on}")]
    [InlineData(Good + "\nlearning: {remedies: {reduceContext: 2}}")]
    [InlineData(Good + "\nlearning: {remedies: {runCode: x}}")]
    [InlineData(Good + "\ncapabilities: [1]")]
    public void Agent_SchemaAndLoader_AgreeOnAFile(string text) =>
        AssertAgree(Schema("agent.schema.json"), text, Reading.Agent(text));

    [Theory]
    [InlineData("protocol: sequential\n" + Members)]
    [InlineData("protocol: {kind: debate, judge: a, rounds: 3}\n" + Members)]
    [InlineData("protocol: {kind: vote, choices: [a, b], quorum: 0.5}\nmembers:\n  - agent: a\n    role: r\n    history: last\n    handoffs: [b]\n    onFailure: skip\n  - name: b\n    instructions: hello\n    onFailure: {then: replace, substitute: a, retries: 2}\n  - name: c\n    kind: person")]
    [InlineData("protocol: sequential\nuntil: DONE\nlimits: {maxTurns: 3, maxTime: 5m, maxTokens: 100, maxCost: 0.5}\nprogress: {maxPingPong: 2}\nonFailure: stop\n" + Members)]
    [InlineData("protocol: sequential\nuntil: {member: a, any: [x, {tool: t}]}\n" + Members)]
    [InlineData("protocol: debate\n" + Members)]
    [InlineData("protocol: sequental\n" + Members)]
    [InlineData("protocol: {kind: sequential, rounds: 2}\n" + Members)]
    [InlineData("protocol: {rounds: 2}\n" + Members)]
    [InlineData(Members)]
    [InlineData("protocol: sequential")]
    [InlineData("protocol: sequential\nmembers: []")]
    [InlineData("protocol: sequential\nmembers: a")]
    [InlineData("protocol: sequential\nmembers: [{role: r}]")]
    [InlineData("protocol: sequential\nmembers: [{name: x}]")]
    [InlineData("protocol: sequential\nmembers: [{agent: x, instructions: hello}]")]
    [InlineData("protocol: sequential\nmembers: [{agent: x, history: some}]")]
    [InlineData("protocol: sequential\nlimits: {maxTurns: 0}\n" + Members)]
    [InlineData("protocol: sequential\nonFailure: {then: panic}\n" + Members)]
    [InlineData("protocol: sequential\nuntil: {phrase: [x]}\n" + Members)]
    public void Team_SchemaAndLoader_AgreeOnAFile(string text) =>
        AssertAgree(Schema("team.schema.json"), text, Reading.Team(text));

    private static void AssertAgree(string schema, string text, List<DefinitionError> errors)
    {
        var yaml = YamlTree.Read("x.yaml", text, [])!;
        var problem = Check(FieldReader.Any(yaml), JsonNode.Parse(schema)!.AsObject(), "$");

        Assert.True(errors.Count == 0 == problem is null, $"schema: {problem ?? "fits"}; loader: {string.Join("; ", errors)}");
    }

    private static string Schema(string name) => name switch
    {
        "agent.schema.json" => DefinitionSchema.OfAgents([AgentFields.Chat, AgentFields.Person]),
        "team.schema.json" => DefinitionSchema.OfTeams([AgentFields.Chat, AgentFields.Person]),
        "agentcore.schema.json" => DefinitionSchema.Of("Settings of an AgentCore workspace", WorkspaceSettings.Fields),
        _ => DefinitionSchema.Of("Rules that answer approvals", Approvals.ApprovalRules.Fields),
    };

    /// <summary>As much of JSON Schema as ours use.</summary>
    private static string? Check(JsonNode? value, JsonObject schema, string at)
    {
        if (schema["oneOf"] is JsonArray forms && forms.Count(f => Check(value, f!.AsObject(), at) is null) is not 1 and var fitting)
            return $"{at} fits {fitting} forms";
        if (schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value))
            return $"{at} is not {constant}";
        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
            return $"{at} is none of {allowed}";
        if ((string?)schema["type"] is { } type && !IsType(value, type))
            return $"{at} is no {type}";
        if ((string?)schema["pattern"] is { } pattern && !Regex.IsMatch((string)value!, pattern))
            return $"{at} doesn't match";
        if (schema["minimum"] is { } least && (decimal)value! < (decimal)least)
            return $"{at} is too small";
        if (schema["maximum"] is { } most && (decimal)value! > (decimal)most)
            return $"{at} is too large";
        if (value is JsonArray list)
            return list.Count < ((int?)schema["minItems"] ?? 0) ? $"{at} has too few" : schema["items"] is JsonObject items ? list.Select((v, i) => Check(v, items, $"{at}[{i}]")).FirstOrDefault(p => p is not null) : null;
        return value is JsonObject o && (string?)schema["type"] == "object" ? CheckObject(o, schema, at) : null;
    }

    private static string? CheckObject(JsonObject value, JsonObject schema, string at)
    {
        if (schema["required"] is JsonArray required && required.FirstOrDefault(r => !value.ContainsKey((string)r!)) is { } missing)
            return $"{at} lacks {missing}";
        foreach (var (name, inner) in value)
        {
            var problem = (schema["properties"] as JsonObject)?[name] is JsonObject field ? Check(inner, field, $"{at}.{name}")
                : schema["additionalProperties"] is JsonObject other ? Check(inner, other, $"{at}.{name}") : $"{at}.{name} is unknown";
            if (problem is not null)
                return problem;
        }

        return null;
    }

    private static bool IsType(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "boolean" => value is JsonValue flag && flag.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        "integer" => value is JsonValue whole && whole.GetValueKind() == System.Text.Json.JsonValueKind.Number && decimal.IsInteger((decimal)whole),
        _ => value is JsonValue number && number.GetValueKind() == System.Text.Json.JsonValueKind.Number,
    };

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AgentCore.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
