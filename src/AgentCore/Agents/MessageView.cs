using System.Collections;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>A session's messages and those of the run that goes on with it, as one list and without a copy.</summary>
internal sealed class MessageView(List<ChatMessage> before, List<ChatMessage> added) : IReadOnlyList<ChatMessage>
{
    private readonly int _before = before.Count;

    public int Count => _before + added.Count;

    public ChatMessage this[int index] => index < _before ? before[index] : added[index - _before];

    public IEnumerator<ChatMessage> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
