using AgentCore.Agents;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Teams;

/// <summary>A member within one run: what it was told so far. A chat agent has a session of its own and is told only what is
/// new, so that a turn costs the same at the end of a conversation as at its beginning.</summary>
internal sealed class Seat(TeamMember member, int number)
{
    private AgentSession? _session = member.Agent is ChatAgent ? new AgentSession() : null;
    private int _told;
    private int _telling;

    public TeamMember Member => member;

    public int Number => number;

    public AgentSession? Session => _session;

    /// <summary>The tool calls of its turn.</summary>
    public CallLog Calls { get; private set; } = new();

    /// <summary>The task of its next turn.</summary>
    /// <param name="conversation">What was said.</param>
    /// <param name="asked">The team's own task.</param>
    /// <param name="instruction">What it is asked beyond the conversation; null for nothing.</param>
    public AgentTask TaskOf(Conversation conversation, AgentTask asked, string? instruction)
    {
        _telling = conversation.Count;
        return _session is null ? Whole(conversation, asked, instruction) : New(conversation, asked, instruction);
    }

    /// <summary>The turn went well: what it was told is in its session.</summary>
    public void Told() => _told = _telling;

    /// <summary>Takes a new session and log, as an agent that was left behind may hold the old ones.</summary>
    public void Renew()
    {
        _session = _session?.Copy();
        Calls = new CallLog();
    }

    private AgentTask New(Conversation conversation, AgentTask asked, string? instruction)
    {
        List<ChatMessage> messages = [];
        for (var i = _told; i < conversation.Count; i++)
        {
            if (conversation.IsFor(number, i) && IsShown(conversation, i))
                messages.Add(conversation[i]);
        }

        var input = instruction ?? (messages.Count == 0 ? "Go on." : "");
        return asked with { Input = input, Messages = messages, Data = Team.DataForMembers(asked.Data) };
    }

    private AgentTask Whole(Conversation conversation, AgentTask asked, string? instruction)
    {
        var last = conversation.Count - 1;
        var (input, count) = instruction is not null ? (instruction, conversation.Count)
            : member.History == MemberHistory.Task ? (conversation[conversation.Task].Text, conversation.Task)
            : (conversation[last].Text, last);
        IReadOnlyList<ChatMessage> messages = member.History switch
        {
            MemberHistory.All => new ConversationView(conversation, 0, count),
            MemberHistory.Last when count > conversation.Task => [.. Shown(conversation, count)],
            _ => instruction is null ? [] : [conversation[conversation.Task]],
        };
        return asked with { Input = input, Messages = messages, Data = Team.DataForMembers(asked.Data) };
    }

    private IEnumerable<ChatMessage> Shown(Conversation conversation, int count)
    {
        for (var i = conversation.Task; i < count; i++)
        {
            if (IsShown(conversation, i))
                yield return conversation[i];
        }
    }

    private bool IsShown(Conversation conversation, int index) => member.History switch
    {
        MemberHistory.All => true,
        MemberHistory.Last => index == conversation.Task || index == conversation.Count - 1,
        _ => index == conversation.Task,
    };
}
