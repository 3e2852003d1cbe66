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

    private static JsonObject FormOf(AgentKind kind)
    {
        var form = ObjectOf([.. AgentFields.Common, .. kind.Fields]);
        form["description"] = kind.Description;
        var kindField = new JsonObject { ["const"] = kind.Name, ["description"] = "The kind of agent." };
        form["properties"]!["kind"] = kindField;
        if (kind.Name != AgentFields.Chat.Name)
        {
            var required = form["required"] as JsonArray ?? [];
            form["required"] = new JsonArray([.. required.Select(r => r!.DeepClone()), "kind"]);
        }

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
            DefinitionType.Object => ObjectOf(field.Fields),
            DefinitionType.ObjectList => new JsonObject { ["type"] = "array", ["items"] = ObjectOf(field.Fields) },
            DefinitionType.Any => [],
            _ => TextOf(field),
        };
        schema["description"] = field.Description;
        if (field.Minimum is { } least)
            schema["minimum"] = least;
        if (field.Maximum is { } most)
            schema["maximum"] = most;
        return schema;
    }

    private static JsonObject TextOf(DefinitionField field)
    {
        var schema = Type("string");
        if (field.Allowed is { } allowed)
            schema["enum"] = new JsonArray([.. allowed.Select(a => (JsonNode)a)]);
        return schema;
    }

    private static JsonObject Type(string name) => new() { ["type"] = name };
}
