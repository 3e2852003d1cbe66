using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>What a call came to as JSON. A person who says that a lost call was done may write the answer alone: a text, any JSON, or
/// nothing.</summary>
internal sealed class ObjectOutcomeConverter : JsonConverter<ObjectOutcome>
{
    public override bool HandleNull => true;

    public override ObjectOutcome Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        return json.ValueKind switch
        {
            JsonValueKind.Null => new ObjectOutcome("", null, null),
            JsonValueKind.String => new ObjectOutcome(json.GetString()!, null, null),
            JsonValueKind.Object when IsWhole(json) => new ObjectOutcome(json.GetProperty("text").GetString()!, Part(json, "data"), Part(json, "state")),
            _ => new ObjectOutcome(json.GetRawText(), json, null),
        };
    }

    public override void Write(Utf8JsonWriter writer, ObjectOutcome value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("text", value.Text);
        Write(writer, "data", value.Data);
        Write(writer, "state", value.State);
        writer.WriteEndObject();
    }

    /// <summary>Whether it was written here, and is not data of the agent's own.</summary>
    private static bool IsWhole(JsonElement json) =>
        json.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String && json.EnumerateObject().All(p => p.Name is "text" or "data" or "state");

    private static JsonElement? Part(JsonElement json, string name) => json.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static void Write(Utf8JsonWriter writer, string name, JsonElement? part)
    {
        if (part is not { } json)
            return;
        writer.WritePropertyName(name);
        json.WriteTo(writer);
    }
}
