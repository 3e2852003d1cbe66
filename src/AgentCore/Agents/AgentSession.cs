using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>A conversation with an agent: its messages and state. One agent definition serves many; each takes one run at a
/// time, and a run that is done adds to it wholly, any other not at all.</summary>
public sealed partial class AgentSession
{
    private string? _id;
    private List<ChatMessage>? _messages;
    private StateBag? _state;
    private MessageChain? _chain;
    private int _chained;
    private int _counted;
    private int _tokens;
    private Staging? _staged;
    private int _entered;

    /// <summary>Creates a session.</summary>
    /// <param name="id">Its id, of up to 500 bytes in UTF-8; null for one of its own making.</param>
    /// <exception cref="ArgumentException">The id is too long for a store, or no valid Unicode.</exception>
    public AgentSession(string? id = null)
    {
        if (id is not null)
            StoreLimits.CheckName(LogOf(id));
        _id = id;
    }

    /// <summary>The session's id, under which a store keeps it.</summary>
    public string Id => _id ??= Guid.CreateVersion7().ToString("n");

    /// <summary>What was said, oldest first.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages ?? (IReadOnlyList<ChatMessage>)[];

    /// <summary>What agents keep in it between runs.</summary>
    public StateBag State => _state ??= new StateBag();

    internal List<ChatMessage> MessageList => _messages ??= [];

    internal void Enter()
    {
        if (Interlocked.Exchange(ref _entered, 1) == 1)
            throw new InvalidOperationException("The session is in use by another run; a session takes one run at a time. Wait for it, or use a session of its own.");
    }

    internal void Exit() => Volatile.Write(ref _entered, 0);

    /// <summary>The hash of the messages so far.</summary>
    internal MessageChain Chain()
    {
        _chain ??= new MessageChain();
        for (; _chained < Messages.Count; _chained++)
            _chain.Add(_messages![_chained]);
        return _chain.Copy();
    }

    /// <summary>How many tokens its messages take, estimated: each message is looked at once.</summary>
    internal int Tokens()
    {
        for (; _counted < Messages.Count; _counted++)
            _tokens += TokenEstimate.Of(_messages![_counted]);
        return _tokens;
    }

    /// <summary>Sets the run's messages ready to be added, and its first ones to be replaced where the run compacted them.</summary>
    internal void Stage(IReadOnlyList<ChatMessage> messages, CompactedHead? compacted = null) =>
        _staged = (_staged ?? default(Staging)) with { Messages = messages, Compacted = compacted };

    /// <summary>Sets the run's state ready to be taken over.</summary>
    internal void Stage(StateBag? state) => _staged = (_staged ?? default(Staging)) with { State = state };

    /// <summary>Forgets what the run would have added; its state goes back to its last checkpoint.</summary>
    internal void Discard(StateBag? checkpoint) => _staged = checkpoint is null ? null : new Staging(null, checkpoint, null);

    /// <summary>Takes over what is set ready.</summary>
    /// <param name="kept">Whether a store has it.</param>
    internal void Commit(bool kept = false)
    {
        if (_staged is not { } staged)
            return;

        Add(staged.Compacted, staged.Messages ?? []);
        _state = staged.State ?? _state;
        _staged = null;
        if (kept)
            Keep();
        else
            _isAhead = true;
    }

    /// <summary>How it stands now.</summary>
    internal Point Mark() => new(Messages, Messages.Count, _state, _kept, _isAhead);

    /// <summary>Goes back to how it stood.</summary>
    internal void GoBack(Point point)
    {
        // A new list: a run that was left behind may still read the old one.
        _messages = [.. point.Messages.Take(point.Count)];
        _state = point.State;
        _staged = null;
        (_kept, _isAhead) = (point.Kept, point.IsAhead);
        _chain = null;
        _chained = _counted = _tokens = 0;
    }

    /// <summary>A session that goes on from what this one has.</summary>
    internal AgentSession Copy() => new() { _messages = [.. Messages], _state = _state?.Copy(), _isAhead = true };

    private void Add(CompactedHead? compacted, IReadOnlyList<ChatMessage> messages)
    {
        if (compacted is not null)
        {
            // A new list: a run that was left behind may still read the old one.
            _messages = compacted.Apply(Messages);
            _chain = null;
            _chained = _counted = _tokens = _kept = 0;
        }

        if (messages.Count > 0)
            MessageList.AddRange(messages);
    }

    private readonly record struct Staging(IReadOnlyList<ChatMessage>? Messages, StateBag? State, CompactedHead? Compacted);

    /// <summary>How a session stood.</summary>
    internal readonly record struct Point(IReadOnlyList<ChatMessage> Messages, int Count, StateBag? State, int Kept, bool IsAhead);
}
