using System.Collections;
using Microsoft.Extensions.AI;

namespace AgentCore.Teams;

/// <summary>What was said in a team's run, and by whom.</summary>
internal sealed class Conversation(List<ChatMessage> messages)
{
    private const int Nobody = -1;

    private readonly List<int> _known = [];

    public int Count => messages.Count;

    /// <summary>Where the team's task is; what led to it comes before.</summary>
    public int Task { get; private set; }

    public ChatMessage this[int index] => messages[index];

    /// <summary>Begins with what led here and the task.</summary>
    public void Begin(IReadOnlyList<ChatMessage> before, IReadOnlyList<ChatMessage> led, ChatMessage task)
    {
        messages.AddRange(before);
        messages.AddRange(led);
        Task = messages.Count;
        messages.Add(task);
        for (var i = 0; i < messages.Count; i++)
            _known.Add(Nobody);
    }

    /// <summary>Adds what a member said.</summary>
    /// <param name="seat">The member.</param>
    /// <param name="text">What it said.</param>
    /// <param name="known">Whether it is in the member's own session, so that it isn't told again.</param>
    public void Add(Seat seat, string text, bool known)
    {
        messages.Add(new ChatMessage(ChatRole.User, text) { AuthorName = seat.Member.Name });
        _known.Add(known ? seat.Number : Nobody);
    }

    /// <summary>Whether a member is to be told a message.</summary>
    public bool IsFor(int seat, int index) => _known[index] != seat;
}

/// <summary>A part of a conversation as it is now, without a copy.</summary>
internal sealed class ConversationView(Conversation conversation, int first, int end) : IReadOnlyList<ChatMessage>
{
    public int Count => end - first;

    public ChatMessage this[int index] => (uint)index < (uint)Count ? conversation[first + index] : throw new ArgumentOutOfRangeException(nameof(index));

    public IEnumerator<ChatMessage> GetEnumerator()
    {
        for (var i = first; i < end; i++)
            yield return conversation[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
