using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Definitions;

/// <summary>JSON Schemas for editors, made of the same fields that the loader checks, so that the two agree.</summary>
internal static class DefinitionSchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema of agent files: one form for each kind.</summary>
    public static string OfAgents(IEnumerable<AgentKind> kinds)
    {
        var forms = kinds.OrderBy(k => k.Name != AgentFields.Chat.Name).ThenBy(k => k.Name, StringComparer.Ordinal).Select(FormOf).ToArray();
        var root = forms.Length == 1 ? forms[0] : new JsonObject { ["oneOf"] = new JsonArray(forms) };
        return Text("An agent of AgentCore", root);
    }

    /// <summary>The schema of another kind of file.</summary>
    public static string Of(string title, IReadOnlyList<DefinitionField> fields) => Text(title, ObjectOf(fields));

    /// <summary>The schema of team files.</summary>
    public static string OfTeams(IEnumerable<AgentKind> kinds)
    {
        var root = ObjectOf(TeamFields.Team);
        var protocols = Protocols.All.Select(p =>
        {
            var form = ObjectOf(p.Fields);
            form["description"] = p.Description;
            form["properties"]!["kind"] = new JsonObject { ["const"] = p.Name, ["description"] = "How the team takes turns." };
            form["required"] = new JsonArray([.. (form["required"] as JsonArray ?? []).Select(r => r!.DeepClone()), "kind"]);
            return (JsonNode)form;
        });
        // A text alone will do for those that need nothing else.
        var alone = new JsonArray([.. Protocols.All.Where(p => !p.Fields.Any(f => f.IsRequired)).Select(p => (JsonNode)p.Name)]);
        root["properties"]!["protocol"] = new JsonObject
        {
            ["description"] = "How the team takes turns.",
            ["oneOf"] = new JsonArray([new JsonObject { ["type"] = "string", ["enum"] = alone }, .. protocols]),
        };
        var forms = kinds.OrderBy(k => k.Name, StringComparer.Ordinal).Select(k => (JsonNode)FormOf(k, TeamFields.Member));
        root["properties"]!["members"] = new JsonObject
        {
            ["description"] = "Its members, in their order: agents and teams by name, or agents that are defined here.",
            ["type"] = "array",
            ["minItems"] = 1,
            ["items"] = new JsonObject { ["oneOf"] = new JsonArray([Type("string"), ObjectOf(TeamFields.Reference), .. forms]) },
        };
        root["required"] = new JsonArray("protocol", "members");
        return Text("A team of AgentCore", root);
    }

    private static JsonObject FormOf(AgentKind kind) => FormOf(kind, []);

    private static JsonObject FormOf(AgentKind kind, IReadOnlyList<DefinitionField> further)
    {
        var form = ObjectOf([.. AgentFields.Common, .. kind.Fields, .. further]);
        form["description"] = kind.Description;
        var kindField = new JsonObject { ["const"] = kind.Name, ["description"] = "The kind of agent." };
        form["properties"]!["kind"] = kindField;
        if (kind.Name != AgentFields.Chat.Name)
        {
            var required = form["required"] as JsonArray ?? [];
            form["required"] = new JsonArray([.. required.Select(r => r!.DeepClone()), "kind"]);
        }

        // Within a team there is no file that could give the name.
        if (further.Count > 0)
            form["required"] = new JsonArray([.. (form["required"] as JsonArray ?? []).Select(r => r!.DeepClone()), "name"]);
        return form;
    }

    private static string Text(string title, JsonObject schema)
    {
        var root = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = title };
        foreach (var (name, value) in schema)
            root[name] = value?.DeepClone();
        return root.ToJsonString(Indented) + "\n";
    }

    private static JsonObject ObjectOf(IReadOnlyList<DefinitionField> fields)
    {
        var properties = new JsonObject();
        foreach (var field in fields)
            properties[field.Name] = SchemaOf(field);
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false };
        if (fields.Any(f => f.IsRequired))
            schema["required"] = new JsonArray([.. fields.Where(f => f.IsRequired).Select(f => (JsonNode)f.Name)]);
        return schema;
    }

    private static JsonObject SchemaOf(DefinitionField field)
    {
        var schema = field.Type switch
        {
            DefinitionType.Boolean => Type("boolean"),
            DefinitionType.Integer => Type("integer"),
            DefinitionType.Number => Type("number"),
            DefinitionType.Duration => new JsonObject { ["type"] = "string", ["pattern"] = @"^\d{1,9}(\.\d{1,6})?\s?(ms|s|m|h|d)$" },
            DefinitionType.TextList => new JsonObject { ["oneOf"] = new JsonArray(TextOf(field), new JsonObject { ["type"] = "array", ["items"] = TextOf(field) }) },
            DefinitionType.TextMap => new JsonObject { ["type"] = "object", ["additionalProperties"] = Type("string") },
            DefinitionType.Object => Short(ObjectOf(field.Fields), field),
            DefinitionType.ObjectList => new JsonObject { ["type"] = "array", ["items"] = Short(ObjectOf(field.Fields), field) },
            DefinitionType.Any => [],
            DefinitionType.Scalar => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "null") },
            _ => TextOf(field),
        };
        schema["description"] = field.Description;
        if (field.Minimum is { } least)
            schema["minimum"] = least;
        if (field.Maximum is { } most && field.Type != DefinitionType.Duration)
            schema["maximum"] = most;
        return schema;
    }

    /// <summary>An object, or the text that stands for it.</summary>
    private static JsonObject Short(JsonObject schema, DefinitionField field) => field.Shorthand is { } name
        ? new JsonObject { ["oneOf"] = new JsonArray(schema["properties"]![name]!.DeepClone(), schema) }
        : schema;

    private static JsonObject TextOf(DefinitionField field)
    {
        var schema = Type("string");
        if (field.Allowed is { } allowed)
            schema["enum"] = new JsonArray([.. allowed.Select(a => (JsonNode)a)]);
        else if (FieldReader.MustSay(field))
            schema["pattern"] = @"\S";
        return schema;
    }

    private static JsonObject Type(string name) => new() { ["type"] = name };
}
