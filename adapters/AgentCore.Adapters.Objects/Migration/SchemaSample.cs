using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>A plain JSON value that fits a JSON schema, as far as its types, properties and enumerations say.</summary>
internal static class SchemaSample
{
    private const int MaxDepth = 8;

    public static JsonNode? Of(JsonElement schema, int depth = 0)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MaxDepth)
            return null;
        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
            return JsonNode.Parse(values[0].GetRawText());
        if (schema.TryGetProperty("anyOf", out var any) && any.ValueKind == JsonValueKind.Array && any.GetArrayLength() > 0)
            return Of(any[0], depth + 1);

        return TypeOf(schema) switch
        {
            "object" => Object(schema, depth),
            "array" => new JsonArray(schema.TryGetProperty("items", out var items) ? [Of(items, depth + 1)] : []),
            "string" => Text(schema),
            "integer" or "number" => 1,
            "boolean" => true,
            _ => null,
        };
    }

    /// <summary>The type; of several, as in ["string", "null"], the first.</summary>
    private static string? TypeOf(JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return schema.TryGetProperty("properties", out _) ? "object" : null;
        if (type.ValueKind == JsonValueKind.Array && type.GetArrayLength() > 0)
            type = type[0];
        return type.ValueKind == JsonValueKind.String ? type.GetString() : null;
    }

    private static JsonObject Object(JsonElement schema, int depth)
    {
        var made = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
                made[property.Name] = Of(property.Value, depth + 1);
        }

        return made;
    }

    private static string Text(JsonElement schema) =>
        (schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.String ? format.GetString() : null) switch
        {
            "date-time" => "2026-01-01T00:00:00Z",
            "date" => "2026-01-01",
            "time" => "00:00:01",
            "uuid" => "11111111-1111-1111-1111-111111111111",
            "uri" => "http://localhost/",
            _ => "sample",
        };
}
