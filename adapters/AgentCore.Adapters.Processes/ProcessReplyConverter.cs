using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCore.Adapters.Processes;

/// <summary>What a child answered as JSON. A person who says that a lost task was done may write the answer alone: a text, any JSON, or
/// nothing.</summary>
internal sealed class ProcessReplyConverter : JsonConverter<ProcessReply>
{
    public override bool HandleNull => true;

    public override ProcessReply Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonElement.ParseValue(ref reader);
        return json.ValueKind switch
        {
            JsonValueKind.Null => new ProcessReply("", null, null),
            JsonValueKind.String => new ProcessReply(json.GetString()!, null, null),
            JsonValueKind.Object when IsWhole(json) => new ProcessReply(json.GetProperty("output").GetString()!, Part(json, "data"), Part(json, "state")),
            _ => new ProcessReply(json.GetRawText(), json, null),
        };
    }

    public override void Write(Utf8JsonWriter writer, ProcessReply value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("output", value.Output);
        Write(writer, "data", value.Data);
        Write(writer, "state", value.State);
        writer.WriteEndObject();
    }

    /// <summary>Whether it was written here, and is not data of the agent's own.</summary>
    private static bool IsWhole(JsonElement json) =>
        json.TryGetProperty("output", out var text) && text.ValueKind == JsonValueKind.String && json.EnumerateObject().All(p => p.Name is "output" or "data" or "state");

    private static JsonElement? Part(JsonElement json, string name) => json.TryGetProperty(name, out var part) && part.ValueKind != JsonValueKind.Null ? part : null;

    private static void Write(Utf8JsonWriter writer, string name, JsonElement? part)
    {
        if (part is not { } json)
            return;
        writer.WritePropertyName(name);
        json.WriteTo(writer);
    }
}
