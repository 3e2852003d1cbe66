using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Writes a call's body. Written by hand because the SDK's own request type always says
/// <c>max_completion_tokens</c>, which most compatible servers ignore.</summary>
internal static class RequestWriter
{
    // Control characters and quotes are still escaped; other scripts stay readable and short.
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static BinaryData Write(string model, IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, WireDialect dialect)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("model", options?.ModelId ?? model);
            MessageWriter.Write(json, options?.Instructions, messages);
            if (options is not null)
                WriteOptions(json, options, dialect);
            if (stream)
                WriteStream(json, dialect);
            json.WriteEndObject();
        }

        return new BinaryData(buffer.WrittenMemory);
    }

    private static void WriteOptions(Utf8JsonWriter json, ChatOptions options, WireDialect dialect)
    {
        if (options.ConversationId is not null)
            throw new ArgumentException("ChatOptions.ConversationId is set, but this endpoint keeps no conversations; send the whole history without it.");

        if (options.ContinuationToken is not null)
            throw new ArgumentException("ChatOptions.ContinuationToken is set, but this endpoint has no answer to go on with; send the whole history without it.");

        WriteNumber(json, "temperature", options.Temperature);
        WriteNumber(json, "top_p", options.TopP);
        WriteNumber(json, "frequency_penalty", options.FrequencyPenalty);
        WriteNumber(json, "presence_penalty", options.PresencePenalty);
        if (options.TopK is { } topK && dialect.TakesTopK)
            json.WriteNumber("top_k", topK);
        if (options.MaxOutputTokens is { } limit)
            json.WriteNumber(dialect.MaxTokensName, limit);
        if (options.Seed is { } seed)
            json.WriteNumber("seed", seed);
        if (options.Reasoning?.Effort is { } effort)
            json.WriteString("reasoning_effort", EffortName(effort));
        if (options.StopSequences is { Count: > 0 } stops)
            WriteStrings(json, "stop", stops);

        ToolWriter.Write(json, options);
        FormatWriter.Write(json, options);
    }

    private static void WriteStream(Utf8JsonWriter json, WireDialect dialect)
    {
        json.WriteBoolean("stream", true);
        if (!dialect.TakesStreamOptions)
            return;

        json.WriteStartObject("stream_options");
        json.WriteBoolean("include_usage", true);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, float? value)
    {
        if (value is not { } number)
            return;
        if (!float.IsFinite(number))
            throw new ArgumentException($"The chat option {name} is {number}; give a finite number.");

        json.WriteNumber(name, number);
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string EffortName(ReasoningEffort effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        _ => "xhigh",
    };
}
