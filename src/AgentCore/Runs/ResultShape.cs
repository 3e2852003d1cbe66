using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;

namespace AgentCore.Runs;

/// <summary>What values of a type are as JSON, in words for a person who has to write one.</summary>
internal static class ResultShape
{
    public const string Any = "a text or any JSON";

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true };

    // Numbers may be written as texts too; the first of these is what is meant.
    private static readonly string[] Kinds = ["boolean", "integer", "number", "array", "object", "string"];

    public static string Of(Type type)
    {
        try
        {
            var schema = AgentJson.Options.GetJsonSchemaAsNode(type, Exporter);
            return KindOf(schema) switch
            {
                "boolean" => "true or false",
                "integer" => "a whole number",
                "number" => "a number",
                "string" => "a text",
                null => schema is JsonObject { Count: > 0 } known && known["enum"] is JsonArray values ? $"one of {string.Join(", ", values)}" : Any,
                _ => $"JSON such as {Example(schema)!.ToJsonString(AgentJson.Options)}",
            };
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or JsonException)
        {
            return $"JSON of {type.Name}";
        }
    }

    private static string? KindOf(JsonNode? schema) => (schema as JsonObject)?["type"] switch
    {
        JsonArray kinds => Kinds.FirstOrDefault(k => kinds.Any(n => (string?)n == k)),
        JsonValue kind => (string?)kind,
        _ => null,
    };

    private static JsonNode? Example(JsonNode? schema) => KindOf(schema) switch
    {
        "boolean" => false,
        "integer" or "number" => 0,
        "string" => "…",
        "array" => new JsonArray(Example(schema!["items"])),
        "object" => new JsonObject((schema!["properties"] as JsonObject ?? []).Select(p => KeyValuePair.Create(p.Key, Example(p.Value)))),
        _ => (schema as JsonObject)?["enum"] is JsonArray { Count: > 0 } values ? values[0]!.DeepClone() : null,
    };
}
