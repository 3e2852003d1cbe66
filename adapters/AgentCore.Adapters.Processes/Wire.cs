using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace AgentCore.Adapters.Processes;

/// <summary>The messages of the JSON lines protocol, version 1; docs/processes.md describes them.</summary>
internal static partial class Wire
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

    /// <summary>Reads a message; what isn't one (noise) gives false. An answer that isn't as it should be is one with a fault.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out WireMessage message)
    {
        message = new WireMessage();
        var trimmed = line.Trim(" \t\r"u8);
        if (trimmed.Length < 2 || trimmed[0] != '{' || trimmed[^1] != '}')
            return false;

        try
        {
            message = JsonSerializer.Deserialize<WireMessage>(trimmed, Options)!;
            if (!IsText(message.Data) || !IsText(message.State))
                message = message with { Fault = Fault(IsText(message.Data) ? "state" : "data") };
        }
        catch (JsonException e)
        {
            var text = Encoding.UTF8.GetString(trimmed);
            message = new WireMessage
            {
                Type = AnswerType().Match(text).Groups[1] is { Success: true } type ? type.Value : null,
                Id = AnswerId().Match(text).Groups[1].Value,
                Fault = Fault(e.Path is ['$', '.', .. var path] ? path.Split('.', '[')[0] : ""),
            };
        }

        return message.Type is not null;
    }

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

    [GeneratedRegex("\"type\"\\s*:\\s*\"(result|error|hello)\"")]
    private static partial Regex AnswerType();

    [GeneratedRegex("\"id\"\\s*:\\s*\"(\\w+)\"")]
    private static partial Regex AnswerId();
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

    /// <summary>The message without secrets. What is wrong with one is told without its contents.</summary>
    public WireMessage Masked(SecretMask mask) => Fault is not null ? this : this with
    {
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
internal sealed record ProcessReply(string Output, JsonElement? Data, JsonElement? State);
