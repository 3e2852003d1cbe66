using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>A conversation with an agent: its messages and state. One agent definition serves many; each takes one run at a
/// time, and a run that is done adds to it wholly, any other not at all.</summary>
public sealed class AgentSession
{
    private string? _id;
    private List<ChatMessage>? _messages;
    private StateBag? _state;
    private MessageChain? _chain;
    private int _chained;
    private Staging? _staged;
    private int _entered;

    /// <summary>Creates a session.</summary>
    /// <param name="id">Its id; null for one of its own making.</param>
    public AgentSession(string? id = null) => _id = id;

    /// <summary>The session's id, under which a store keeps it.</summary>
    public string Id => _id ??= Guid.CreateVersion7().ToString("n");

    /// <summary>What was said, oldest first.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages ?? (IReadOnlyList<ChatMessage>)[];

    /// <summary>What agents keep in it between runs.</summary>
    public StateBag State => _state ??= new StateBag();

    /// <summary>How many records of it the store has.</summary>
    internal long Position { get; private set; }

    internal List<ChatMessage> MessageList => _messages ??= [];

    /// <summary>Loads a session from a store; an unknown id gives an empty session.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    public static Task<AgentSession> LoadAsync(ICheckpointStore store, string id, CancellationToken cancellationToken = default) =>
        LoadAsync(store, id, long.MaxValue, cancellationToken);

    internal static async Task<AgentSession> LoadAsync(ICheckpointStore store, string id, long upTo, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(id);
        var session = new AgentSession(id);
        await foreach (var data in store.ReadAsync(LogOf(id), 0, cancellationToken).ConfigureAwait(false))
        {
            if (session.Position == upTo)
                break;

            var record = JsonSerializer.Deserialize<Turn>(data.Span, AgentJson.Options)
                ?? throw new StoreException($"Record {session.Position} of session {id} is empty.");
            session.MessageList.AddRange(record.Messages);
            session._state = new StateBag(record.State);
            session.Position++;
        }

        return session;
    }

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

    /// <summary>Sets the run's messages ready to be added.</summary>
    internal void Stage(IReadOnlyList<ChatMessage> messages) => _staged = (_staged ?? default(Staging)) with { Messages = messages };

    /// <summary>Sets the run's state ready to be taken over.</summary>
    internal void Stage(StateBag? state) => _staged = (_staged ?? default(Staging)) with { State = state };

    /// <summary>Forgets what the run would have added; its state goes back to its last checkpoint.</summary>
    internal void Discard(StateBag? checkpoint) => _staged = checkpoint is null ? null : new Staging(null, checkpoint);

    internal void Commit()
    {
        if (_staged is not { } staged)
            return;

        if (staged.Messages is { Count: > 0 } messages)
            MessageList.AddRange(messages);
        _state = staged.State ?? _state;
        _staged = null;
    }

    /// <summary>A session that goes on from what this one has.</summary>
    internal AgentSession Copy() => new() { _messages = [.. Messages], _state = _state?.Copy() };

    /// <summary>Adds what is set ready to a batch, so that it takes effect with the end of the run.</summary>
    internal void AppendTo(StoreBatch batch)
    {
        if (_staged is not { } staged)
            return;

        var state = (staged.State ?? State).Write();
        var turn = new Turn(staged.Messages ?? [], JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(state, AgentJson.Options)!);
        batch.Append(LogOf(Id), Position++, JsonSerializer.SerializeToUtf8Bytes(turn, AgentJson.Options));
    }

    private static string LogOf(string id) => "session/" + id;

    private readonly record struct Staging(IReadOnlyList<ChatMessage>? Messages, StateBag? State);

    private sealed record Turn(IReadOnlyList<ChatMessage> Messages, Dictionary<string, JsonElement> State);
}
