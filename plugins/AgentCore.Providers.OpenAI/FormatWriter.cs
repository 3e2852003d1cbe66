using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Writes the form that the answer must have.</summary>
internal static class FormatWriter
{
    public static void Write(Utf8JsonWriter json, ChatOptions options)
    {
        switch (options.ResponseFormat)
        {
            case ChatResponseFormatJson { Schema: { } schema } format:
                WriteSchema(json, format, schema, StrictSchema.Asked(options.AdditionalProperties));
                break;
            case ChatResponseFormatJson:
                WriteType(json, "json_object");
                break;
            case ChatResponseFormatText:
                WriteType(json, "text");
                break;
        }
    }

    private static void WriteType(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject("response_format");
        json.WriteString("type", type);
        json.WriteEndObject();
    }

    private static void WriteSchema(Utf8JsonWriter json, ChatResponseFormatJson format, JsonElement schema, bool? strict)
    {
        json.WriteStartObject("response_format");
        json.WriteString("type", "json_schema");
        json.WriteStartObject("json_schema");
        json.WriteString("name", WireNames.Clean(format.SchemaName, "answer"));
        if (!string.IsNullOrEmpty(format.SchemaDescription))
            json.WriteString("description", format.SchemaDescription);
        json.WritePropertyName("schema");
        StrictSchema.Apply(schema, strict).WriteTo(json);
        if (strict is { } value)
            json.WriteBoolean("strict", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
