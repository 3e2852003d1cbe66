using System.Text.Json;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Keeps results from being nested deeper than a journal, which nests them further, can be read back.</summary>
internal static class JsonDepth
{
    public const int Most = 48;

    // Beyond this it is a chain or a tree without an end, and would take the stack.
    public const int MostRead = 512;

    /// <summary>The value as JSON, with what lies too deep replaced by words that say so; null where even that can't be done.</summary>
    /// <param name="value">The value.</param>
    /// <param name="options">Those that read to <see cref="MostRead"/>.</param>
    public static JsonElement? Cut(object value, JsonSerializerOptions options)
    {
        try
        {
            using var whole = JsonSerializer.SerializeToDocument(value, value.GetType(), options);
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer))
                Write(writer, whole.RootElement, 1);
            buffer.Position = 0;
            using var cut = JsonDocument.Parse(buffer);
            return cut.RootElement.Clone();
        }
        catch (Exception e) when (e is NotSupportedException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement json, int depth)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object or JsonValueKind.Array when depth > Most:
                writer.WriteStringValue($"… nested more than {Most} deep");
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in json.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, depth + 1);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in json.EnumerateArray())
                    Write(writer, item, depth + 1);
                writer.WriteEndArray();
                break;
            default:
                json.WriteTo(writer);
                break;
        }
    }
}
