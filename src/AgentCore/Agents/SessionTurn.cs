using System.Text.Json;
using AgentCore.Checkpoints;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>A record of a session's log: what was added to it.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="State">The state from then on.</param>
internal sealed record SessionTurn(IReadOnlyList<ChatMessage> Messages, Dictionary<string, JsonElement> State)
{
    /// <summary>What takes the place of the first messages so far; absent where nothing does.</summary>
    public CompactedHead? Compacted { get; init; }

    /// <summary>The run that left this and was not done then: the state of its last checkpoint where it failed, or what the store
    /// lacked when it was resumed. Absent else.</summary>
    public string? RolledBack { get; init; }

    public static SessionTurn Read(ReadOnlyMemory<byte> data, string session, long position)
    {
        try
        {
            return JsonSerializer.Deserialize<SessionTurn>(data.Span, AgentJson.Options) is { Messages: not null, State: not null } turn
                ? turn
                : throw new JsonException("It is not whole.");
        }
        catch (JsonException e)
        {
            throw new StoreException($"Record {position} of session {session} is damaged: {e.Message}", e);
        }
    }

    /// <summary>The turn as it is where a record is large enough for it, else in parts of its messages: the first has what takes
    /// the place of others, the last the state.</summary>
    public IReadOnlyList<SessionTurn> InParts()
    {
        if (SizeOf(this) <= StoreLimits.MaxRecordBytes)
            return [this];

        List<SessionTurn> parts = [];
        List<ChatMessage> messages = [];
        var part = this with { Messages = messages, State = [] };
        var size = SizeOf(part);
        foreach (var message in Messages)
        {
            MakeRoom(SizeOf(message) + 1);
            messages.Add(message);
        }

        MakeRoom(SizeOf(State));
        parts.Add(part with { State = State });
        return parts;

        void MakeRoom(int more)
        {
            size += more;
            if (size <= StoreLimits.MaxRecordBytes || (messages.Count == 0 && part.Compacted is null))
                return;

            parts.Add(part);
            messages = [];
            part = part with { Messages = messages, Compacted = null };
            size = SizeOf(part) + more;
        }
    }

    private static int SizeOf<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, AgentJson.Options).Length;
}
