using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Writes the tools that the model may call, and whether it must.</summary>
internal static class ToolWriter
{
    private static readonly JsonElement NoParameters = JsonElement.Parse("""{"type":"object","properties":{}}"""u8);

    public static void Write(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            if (options.ToolMode is RequiredChatToolMode)
                throw new ArgumentException("ChatOptions.ToolMode requires a call, but ChatOptions.Tools holds no tool; add one, or leave the mode out.");

            return;
        }

        json.WriteStartArray("tools");
        foreach (var tool in tools)
            WriteTool(json, tool, options);
        json.WriteEndArray();

        WriteChoice(json, options.ToolMode, tools);
        if (options.AllowMultipleToolCalls is { } parallel)
            json.WriteBoolean("parallel_tool_calls", parallel);
    }

    private static void WriteTool(Utf8JsonWriter json, AITool tool, ChatOptions options)
    {
        if (tool is not AIFunctionDeclaration function)
        {
            throw new ArgumentException(
                $"ChatOptions.Tools holds '{tool?.Name}' of type {tool?.GetType().Name}; this endpoint calls functions only. Give an AIFunction, or leave it out.");
        }

        var strict = StrictSchema.Asked(function.AdditionalProperties) ?? StrictSchema.Asked(options.AdditionalProperties);
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", WireNames.Clean(function.Name, function.Name));
        if (!string.IsNullOrEmpty(function.Description))
            json.WriteString("description", function.Description);
        json.WritePropertyName("parameters");
        StrictSchema.Apply(Parameters(function.JsonSchema), strict).WriteTo(json);
        if (strict is { } value)
            json.WriteBoolean("strict", value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // The endpoint wants an object's schema with its properties, even where there are none. A function without parameters may
    // have the schema `true` or {}, and one whose properties stand elsewhere (oneOf, $ref) none of its own.
    private static JsonElement Parameters(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object)
            return NoParameters;
        if (schema.TryGetProperty("type", out _) && schema.TryGetProperty("properties", out _))
            return schema;

        var parameters = JsonObject.Create(schema)!;
        parameters.TryAdd("type", "object");
        parameters.TryAdd("properties", new JsonObject());
        return JsonSerializer.SerializeToElement(parameters);
    }

    private static void WriteChoice(Utf8JsonWriter json, ChatToolMode? mode, IList<AITool> tools)
    {
        switch (mode)
        {
            case NoneChatToolMode:
                json.WriteString("tool_choice", "none");
                break;
            case AutoChatToolMode:
                json.WriteString("tool_choice", "auto");
                break;
            case RequiredChatToolMode { RequiredFunctionName: null }:
                json.WriteString("tool_choice", "required");
                break;
            case RequiredChatToolMode { RequiredFunctionName: var name }:
                if (tools.All(t => t.Name != name))
                    throw new ArgumentException($"ChatOptions.ToolMode requires the function '{name}', which is not among ChatOptions.Tools; add it.");

                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", WireNames.Clean(name, name));
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }
}
