using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>OpenAI's strict mode, where the model can't leave the schema. It is asked for with the additional property
/// <c>strict</c>, the name that Microsoft.Extensions.AI uses, and needs every property required and none extra.</summary>
internal static class StrictSchema
{
    private static readonly AIJsonSchemaTransformCache Cache = new(new()
    {
        ConvertBooleanSchemas = true,
        DisallowAdditionalProperties = true,
        RequireAllProperties = true,
        MoveDefaultKeywordToDescription = true,
    });

    /// <summary>What the caller asks for; null where nothing is said. A value read back from JSON counts as well.</summary>
    public static bool? Asked(IReadOnlyDictionary<string, object?>? properties) =>
        properties is not null && properties.TryGetValue("strict", out var value) ? Read(value) : null;

    public static JsonElement Apply(JsonElement schema, bool? strict) =>
        strict == true && schema.ValueKind == JsonValueKind.Object
            ? Cache.GetOrCreateTransformedSchema(ChatResponseFormat.ForJsonSchema(schema)) ?? schema
            : schema;

    private static bool? Read(object? value) => value switch
    {
        bool flag => flag,
        JsonElement { ValueKind: JsonValueKind.True } => true,
        JsonElement { ValueKind: JsonValueKind.False } => false,
        _ => null,
    };
}
