using System.Globalization;
using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Text;
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

    /// <summary>How many records of it the store has.</summary>
    internal long Position { get; private set; }

    internal List<ChatMessage> MessageList => _messages ??= [];

    /// <summary>Loads a session from a store; an unknown id gives an empty session.</summary>
    /// <param name="store">The store.</param>
    /// <param name="id">The session's id.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    public static Task<AgentSession> LoadAsync(ICheckpointStore store, string id, CancellationToken cancellationToken = default) =>
        LoadAsync(store, id, long.MaxValue, null, cancellationToken);

    /// <summary>Loads a session as it was when a run began.</summary>
    internal static async Task<AgentSession> LoadAsync(ICheckpointStore store, string id, long upTo, string? run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrEmpty(id);
        var session = new AgentSession(id);
        await foreach (var data in store.ReadAsync(LogOf(id), 0, cancellationToken).ConfigureAwait(false))
        {
            var record = Turn.Read(data, id, session.Position);
            if (session.Position >= upTo)
            {
                // What the run itself left when it failed doesn't stand in the way of its going on.
                if (run is null || record.RolledBack != run)
                    break;
                session.Position++;
                continue;
            }

            if (record.Compacted is { } compacted && (compacted.Removed < 1 || compacted.Removed > session.MessageList.Count))
                throw new StoreException($"Record {session.Position} of session {id} replaces {compacted.Removed} messages of {session.MessageList.Count}: the log is damaged.");
            session.Add(record.Compacted, record.Messages);
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
            Position++;
    }

    /// <summary>How it stands now.</summary>
    internal Point Mark() => new(Messages, Messages.Count, _state);

    /// <summary>Goes back to how it stood.</summary>
    internal void GoBack(Point point)
    {
        // A new list: a run that was left behind may still read the old one.
        _messages = [.. point.Messages.Take(point.Count)];
        _state = point.State;
        _staged = null;
        _chain = null;
        _chained = _counted = _tokens = 0;
    }

    /// <summary>A session that goes on from what this one has.</summary>
    internal AgentSession Copy() => new() { _messages = [.. Messages], _state = _state?.Copy() };

    /// <summary>Adds what is set ready to a batch, so that it takes effect with the end of the run.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="failed">The run, where it failed: only its checkpoint is kept.</param>
    internal void AppendTo(StoreBatch batch, string? failed)
    {
        if (_staged is not { } staged)
            return;

        var state = (staged.State ?? State).Write();
        var turn = new Turn(staged.Messages ?? [], JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(state, AgentJson.Options)!)
        {
            Compacted = staged.Compacted,
            RolledBack = failed,
        };
        var written = JsonSerializer.SerializeToUtf8Bytes(turn, AgentJson.Options);
        if (written.Length > StoreLimits.MaxRecordBytes)
        {
            throw new StoreException(string.Create(CultureInfo.InvariantCulture,
                $"What the run adds to session '{Id}' has {written.Length:#,0} bytes as JSON; a store takes up to {StoreLimits.MaxRecordBytes:#,0} of a run. Let tools return less, as a file or in parts, or run without the session."));
        }

        batch.Append(LogOf(Id), Position, written);
    }

    private void Add(CompactedHead? compacted, IReadOnlyList<ChatMessage> messages)
    {
        if (compacted is not null)
        {
            // A new list: a run that was left behind may still read the old one.
            _messages = compacted.Apply(Messages);
            _chain = null;
            _chained = _counted = _tokens = 0;
        }

        if (messages.Count > 0)
            MessageList.AddRange(messages);
    }

    private static string LogOf(string id) => "session/" + id;

    private readonly record struct Staging(IReadOnlyList<ChatMessage>? Messages, StateBag? State, CompactedHead? Compacted);

    private sealed record Turn(IReadOnlyList<ChatMessage> Messages, Dictionary<string, JsonElement> State)
    {
        /// <summary>What takes the place of the first messages so far; absent where nothing does.</summary>
        public CompactedHead? Compacted { get; init; }

        /// <summary>The failed run that left this: the state of its last checkpoint. Absent for a run that is done.</summary>
        public string? RolledBack { get; init; }

        public static Turn Read(ReadOnlyMemory<byte> data, string session, long position)
        {
            try
            {
                return JsonSerializer.Deserialize<Turn>(data.Span, AgentJson.Options) is { Messages: not null, State: not null } turn
                    ? turn
                    : throw new JsonException("It is not whole.");
            }
            catch (JsonException e)
            {
                throw new StoreException($"Record {position} of session {session} is damaged: {e.Message}", e);
            }
        }
    }

    /// <summary>How a session stood.</summary>
    internal readonly record struct Point(IReadOnlyList<ChatMessage> Messages, int Count, StateBag? State);
}
