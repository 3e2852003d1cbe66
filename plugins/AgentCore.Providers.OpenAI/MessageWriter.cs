using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Writes messages as the chat completions endpoint reads them. It looks only at what survives JSON, so a live
/// conversation and the same one read back from a journal give the same bytes.</summary>
internal static class MessageWriter
{
    // The library's own options indent, which costs tokens and tells a live value from one that was read back.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static void Write(Utf8JsonWriter json, string? instructions, IEnumerable<ChatMessage> messages)
    {
        json.WriteStartArray("messages");
        if (!string.IsNullOrWhiteSpace(instructions))
            WriteMessage(json, ChatRole.System, null, [new TextContent(instructions)]);

        foreach (var message in messages)
        {
            ArgumentNullException.ThrowIfNull(message, nameof(messages));
            WriteSplit(json, message);
        }

        json.WriteEndArray();
    }

    // A result is a message of its own on the wire, whatever message it was kept in.
    private static void WriteSplit(Utf8JsonWriter json, ChatMessage message)
    {
        List<AIContent> pending = [];
        var wroteResult = false;
        foreach (var content in message.Contents)
        {
            if (content is not FunctionResultContent result)
            {
                pending.Add(content);
                continue;
            }

            Flush(json, message, pending);
            WriteResult(json, result);
            wroteResult = true;
        }

        if (!wroteResult && pending.Count == 0)
            WriteMessage(json, message.Role, message.AuthorName, []);
        else
            Flush(json, message, pending);
    }

    private static void Flush(Utf8JsonWriter json, ChatMessage message, List<AIContent> pending)
    {
        if (pending.Count > 0)
            WriteMessage(json, message.Role, message.AuthorName, pending);
        pending.Clear();
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatRole role, string? author, List<AIContent> contents)
    {
        if (role == ChatRole.Tool)
            throw new ArgumentException("A message with the role 'tool' holds no FunctionResultContent; give the call's result, or another role.");

        json.WriteStartObject();
        json.WriteString("role", role.Value);
        if (WireNames.Clean(author) is { } name)
            json.WriteString("name", name);
        if (role == ChatRole.Assistant)
            WriteAssistant(json, contents);
        else
            ContentWriter.Write(json, contents);
        json.WriteEndObject();
    }

    // The endpoint takes text, refusals and calls from an assistant; reasoning and usage are not sent back.
    private static void WriteAssistant(Utf8JsonWriter json, List<AIContent> contents)
    {
        if (contents.Find(c => c is not (TextContent or FunctionCallContent) && !ContentWriter.IsDescription(c)) is { } other)
            throw ContentWriter.Unsupported(other);

        var calls = contents.OfType<FunctionCallContent>().ToList();
        var text = string.Concat(contents.OfType<TextContent>().Select(c => c.Text));
        if (text.Length == 0 && calls.Count > 0)
            json.WriteNull("content");
        else
            json.WriteString("content", text);

        if (contents.OfType<ErrorContent>().FirstOrDefault(e => e.ErrorCode == ResponseReader.RefusalCode) is { } refusal)
            json.WriteString("refusal", refusal.Message);
        if (calls.Count == 0)
            return;

        json.WriteStartArray("tool_calls");
        foreach (var call in calls)
            WriteCall(json, call);
        json.WriteEndArray();
    }

    private static void WriteCall(Utf8JsonWriter json, FunctionCallContent call)
    {
        json.WriteStartObject();
        json.WriteString("id", call.CallId);
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", WireNames.Clean(call.Name, call.Name));
        // Arguments that could not be read go back as {}: servers that parse the history would refuse all of it.
        json.WriteString("arguments", call.Arguments is { } arguments ? ToJson(arguments, typeof(IDictionary<string, object?>)) : "{}");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteStartObject();
        json.WriteString("role", "tool");
        json.WriteString("tool_call_id", result.CallId);
        json.WriteString("content", ResultText(result));
        json.WriteEndObject();
    }

    // A string read back from JSON is a JsonElement; it is sent without quotes, like the string it was.
    private static string ResultText(FunctionResultContent result) => result.Result switch
    {
        null => result.Exception is null ? "" : "Error: the tool failed.",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => WireText.Read(element),
        TextContent content => content.Text,
        AIContent content => ToJson(content, typeof(AIContent)),
        var value => ToJson(value, value.GetType()),
    };

    private static string ToJson(object value, Type type)
    {
        try
        {
            return JsonSerializer.Serialize(value, Compact.GetTypeInfo(type));
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException(
                $"A value of type {type.Name} in the conversation can't be written as JSON; return a string or a type that JSON can hold.", e);
        }
    }
}
