using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace AgentCore.Adapters.Processes;

/// <summary>The messages of the JSON lines protocol, version 1; docs/processes.md describes them.</summary>
internal static class Wire
{
    public const int Version = 1;

    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static object Hello(ProcessOptions options, string agent) => new
    {
        Type = "hello",
        Version,
        Agent = agent,
        MaxOutputBytes = options.Limits.MaxOutputBytes,
        StartSeconds = options.Limits.StartTimeout.TotalSeconds,
        TaskSeconds = options.Limits.TaskTimeout.TotalSeconds,
        options.Configuration,
    };

    public static object Ping(string id) => new { Type = "ping", Id = id };

    public static object Shutdown() => new { Type = "shutdown" };

    public static object Task(string id, string key, WireTask task, JsonElement? state) => new { Type = "task", Id = id, Key = key, Task = task, State = state };

    /// <summary>Reads a message; what isn't one (noise) gives false. An answer that isn't as it should be is one with a fault;
    /// anything else that isn't is noise.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out WireMessage message)
    {
        message = new WireMessage();
        var trimmed = line.Trim(" \t\r"u8);
        if (trimmed.Length < 2 || trimmed[0] != '{' || trimmed[^1] != '}')
            return false;

        try
        {
            message = JsonSerializer.Deserialize<WireMessage>(trimmed, Options)!;
            if (IsText(message.Data) && IsText(message.State))
                return message.Type is not null;
            message = Faulty(message.Type, message.Id, IsText(message.Data) ? "state" : "data");
        }
        catch (JsonException e)
        {
            message = Faulty(Outermost(trimmed, "type"u8), Outermost(trimmed, "id"u8), e.Path is ['$', '.', .. var path] ? path.Split('.', '[')[0] : "");
        }

        return message.Type is "result" or "error" or "hello";
    }

    /// <summary>A message that isn't as it should be. Its contents are left out: what is no text can't be masked.</summary>
    private static WireMessage Faulty(string? type, string? id, string field) => new() { Type = type, Id = id, Fault = Fault(field) };

    private static string Fault(string field) => field switch
    {
        "output" => "its 'output' must be a text in UTF-8",
        "error" => "its 'error' must be an object with the texts 'type', 'message' and, where there is one, 'trace'",
        "version" => "its 'version' must be a whole number",
        "data" or "state" => $"its '{field}' must be JSON in UTF-8, at most 63 levels deep, without NaN, Infinity and halves of surrogate pairs",
        "" => "it is no JSON object",
        _ => $"its '{field}' isn't what the protocol says",
    };

    /// <summary>Whether all texts in JSON are ones: it may hold bytes and escapes that make no characters.</summary>
    private static bool IsText(JsonElement? json)
    {
        if (json is not { } value)
            return true;

        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (!Utf8.IsValid(raw))
            return false;
        if (raw.IndexOf("\\ud"u8) < 0 && raw.IndexOf("\\uD"u8) < 0)
            return true;
        try
        {
            JsonSerializer.SerializeToUtf8Bytes(value, Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A text of the outermost object, of what need be no JSON further in; null where it has none of that name.</summary>
    private static string? Outermost(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        string? found = null;
        var depth = 0;
        var isNamed = false;
        for (var at = 0; at < json.Length; at++)
        {
            switch (json[at])
            {
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    break;
                case (byte)',' when depth == 1:
                    isNamed = false;
                    break;
                case (byte)'"':
                    var text = json.Slice(at + 1, LengthOfText(json[(at + 1)..]));
                    at += text.Length + 1;
                    if (depth != 1)
                        break;
                    if (isNamed)
                        found = Encoding.UTF8.GetString(text);
                    isNamed = text.SequenceEqual(name);
                    break;
            }
        }

        return found;
    }

    /// <summary>How many bytes there are ahead of the quote that ends a text.</summary>
    private static int LengthOfText(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"')
                return at;
            if (text[at] == '\\')
                at++;
        }

        return text.Length;
    }
}

/// <summary>A task as a child is given it.</summary>
internal sealed record WireTask(string Input, string? Kind, IReadOnlyDictionary<string, JsonElement> Data, IReadOnlyList<WireChatMessage> Messages)
{
    public static WireTask Of(AgentTask task) =>
        new(task.Input, task.Type, task.Data, [.. task.Messages.Select(m => new WireChatMessage(m.Role.Value, m.Text, m.AuthorName))]);
}

internal sealed record WireChatMessage(string Role, string Content, string? Name);

/// <summary>A message of a child.</summary>
internal sealed record WireMessage
{
    public string? Type { get; init; }

    public string? Id { get; init; }

    public int? Version { get; init; }

    public string? Output { get; init; }

    public string? Text { get; init; }

    public string? Name { get; init; }

    public JsonElement? Data { get; init; }

    public JsonElement? State { get; init; }

    public WireError? Error { get; init; }

    /// <summary>What is wrong with it; null where nothing is.</summary>
    [JsonIgnore]
    public string? Fault { get; init; }

    /// <summary>The message without secrets.</summary>
    public WireMessage Masked(SecretMask mask) => this with
    {
        Fault = mask.Apply(Fault),
        Output = mask.Apply(Output),
        Text = mask.Apply(Text),
        Name = mask.Apply(Name),
        Data = mask.Apply(Data),
        State = mask.Apply(State),
        Error = Error is null ? null : new WireError(mask.Apply(Error.Type), mask.Apply(Error.Message), mask.Apply(Error.Trace)),
    };
}

internal sealed record WireError(string? Type, string? Message, string? Trace);

/// <summary>What a child answered to a task.</summary>
[JsonConverter(typeof(ProcessReplyConverter))]
internal sealed record ProcessReply(string Output, JsonElement? Data, JsonElement? State);
