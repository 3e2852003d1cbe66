using System.Globalization;
using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

// A session in a store: a log of what each run added.
public sealed partial class AgentSession
{
    // How many messages the store has, and how many of the session's first ones they are: none where a run without it compacted
    // them.
    private int _stored;
    private int _kept;
    private bool _isAhead;

    /// <summary>How many records of it the store has.</summary>
    internal long Position { get; private set; }

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
            var record = SessionTurn.Read(data, id, session.Position);
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
            session.Keep();
        }

        return session;
    }

    /// <summary>What runs without the store left, as the records that the store must have before the next run goes on from it:
    /// more than one where one is too small for them.</summary>
    /// <param name="resumed">The run, where it is resumed: it began before.</param>
    internal IReadOnlyList<byte[]> Lacking(string? resumed)
    {
        if (!_isAhead)
            return [];

        var turn = _kept == _stored
            ? new SessionTurn([.. Messages.Skip(_kept)], Json(State))
            : new SessionTurn([.. Messages.Skip(1)], Json(State)) { Compacted = new CompactedHead(_stored, Messages[0]) };
        return [.. (turn with { RolledBack = resumed }).InParts().Select(part => Write(part, "What runs without the store added to"))];
    }

    /// <summary>Adds what the store lacks to the batch of a run's beginning: the session has all of it then, or nothing.</summary>
    /// <exception cref="StoreException">A batch is too small for it.</exception>
    internal void AppendLacking(StoreBatch batch, IReadOnlyList<byte[]> records)
    {
        Append(batch, records);
        if (records.Count > 0 && batch.Operations.Sum(StoreLimits.SizeOf) > StoreLimits.MaxBatchBytes)
        {
            throw new StoreException(string.Create(CultureInfo.InvariantCulture,
                $"What runs without the store added to session '{Id}' has {records.Sum(r => (long)r.Length):#,0} bytes as JSON; with the beginning of a run, a store takes up to {StoreLimits.MaxBatchBytes:#,0} at once. Let a run without the store compact the session (ChatCompaction), or go on with a new one."));
        }
    }

    private void Append(StoreBatch batch, IReadOnlyList<byte[]> records)
    {
        for (var i = 0; i < records.Count; i++)
            batch.Append(LogOf(Id), Position + i, records[i]);
    }

    /// <summary>Takes note that the store has what it lacked.</summary>
    /// <param name="records">How many records that was.</param>
    internal void KeepLacking(int records)
    {
        if (records > 0)
            Keep(records);
    }

    /// <summary>Adds what is set ready to a batch, so that it takes effect with the end of the run.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="failed">The run, where it failed: only its checkpoint is kept.</param>
    internal void AppendTo(StoreBatch batch, string? failed)
    {
        if (_staged is not { } staged)
            return;

        var turn = new SessionTurn(staged.Messages ?? [], Json(staged.State ?? State)) { Compacted = staged.Compacted, RolledBack = failed };
        Append(batch, [Write(turn, "What the run adds to")]);
    }

    private void Keep(int records = 1)
    {
        Position += records;
        _stored = _kept = Messages.Count;
        _isAhead = false;
    }

    private byte[] Write(SessionTurn turn, string what)
    {
        var written = JsonSerializer.SerializeToUtf8Bytes(turn, AgentJson.Options);
        if (written.Length > StoreLimits.MaxRecordBytes)
        {
            throw new StoreException(string.Create(CultureInfo.InvariantCulture,
                $"{what} session '{Id}' has {written.Length:#,0} bytes as JSON; a store takes up to {StoreLimits.MaxRecordBytes:#,0} of a run. Let tools return less, as a file or in parts, or run without the session."));
        }

        return written;
    }

    private static Dictionary<string, JsonElement> Json(StateBag state) =>
        JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(state.Write(), AgentJson.Options)!;

    private static string LogOf(string id) => "session/" + id;
}
