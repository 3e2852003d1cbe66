using System.Text.Json;
using AgentCore.Text;

namespace AgentCore.Agents;

/// <summary>Reads a model's answer as JSON and checks it against the parts of its schema that models get wrong: the type, the
/// required properties, the allowed values, at every depth.</summary>
internal static class StructuredOutput
{
    public static bool TryParse(string answer, JsonElement schema, out JsonElement data, out string problem)
    {
        data = default;
        try
        {
            data = WholeJson.Of(JsonSerializer.Deserialize<JsonElement>(Unfence(answer)));
        }
        catch (JsonException e)
        {
            problem = $"it is not JSON ({e.Message})";
            return false;
        }

        problem = Check(data, schema, "$") ?? "";
        return problem.Length == 0;
    }

    /// <summary>Why data can't be read as a type; null where it can.</summary>
    public static string? Unreadable(JsonElement data, Type type)
    {
        try
        {
            data.Deserialize(type, AgentJson.Options);
            return null;
        }
        catch (NotSupportedException)
        {
            // An interface, say: the type gave its schema alone, and no other answer could be read either.
            return null;
        }
        catch (Exception e)
        {
            // A user's type: its own code may throw anything.
            return $"it can't be read. {e.Message}";
        }
    }

    // Models like to wrap JSON in a fenced block.
    private static string Unfence(string answer)
    {
        var text = answer.Trim();
        if (!text.StartsWith("```", StringComparison.Ordinal))
            return text;

        var start = text.IndexOf('\n', StringComparison.Ordinal);
        var end = text.LastIndexOf("```", StringComparison.Ordinal);
        return start > 0 && end > start ? text[(start + 1)..end] : text;
    }

    private static string? Check(JsonElement value, JsonElement schema, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return null;
        if (schema.TryGetProperty("type", out var type) && !Fits(value, type))
            return $"{path} is {Name(value)}, not {type}.";
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(a => JsonElement.DeepEquals(a, value)))
            return $"{path} is {value}; it must be one of {allowed}.";

        return value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(value, schema, path),
            JsonValueKind.Array when schema.TryGetProperty("items", out var items) => value.EnumerateArray()
                .Select((item, i) => Check(item, items, $"{path}[{i}]")).FirstOrDefault(p => p is not null),
            _ => null,
        };
    }

    private static string? CheckObject(JsonElement value, JsonElement schema, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _))
                    return $"{path} lacks '{name}'.";
            }
        }

        if (!schema.TryGetProperty("properties", out var properties))
            return null;
        foreach (var property in value.EnumerateObject())
        {
            if (properties.TryGetProperty(property.Name, out var inner) && Check(property.Value, inner, $"{path}.{property.Name}") is { } problem)
                return problem;
        }

        return null;
    }

    private static bool Fits(JsonElement value, JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? type.EnumerateArray().Any(t => Fits(value, t))
        : type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number),
            "number" => value.ValueKind == JsonValueKind.Number,
            _ => true,
        };

    private static string Name(JsonElement value) => value.ValueKind.ToString().ToLowerInvariant();
}
