using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

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

    /// <summary>Reads a message; what isn't one (noise) gives false.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out WireMessage message)
    {
        message = new WireMessage();
        var trimmed = line.Trim(" \t\r"u8);
        if (trimmed.Length < 2 || trimmed[0] != '{' || trimmed[^1] != '}')
            return false;

        try
        {
            message = JsonSerializer.Deserialize<WireMessage>(trimmed, Options)!;
            return message.Type is not null;
        }
        catch (JsonException)
        {
            return false;
        }
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
}

internal sealed record WireError(string? Type, string? Message, string? Trace);

/// <summary>What a child answered to a task.</summary>
internal sealed record ProcessReply(string Output, JsonElement? Data, JsonElement? State);
