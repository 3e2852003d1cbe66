using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentCore.Checkpoints;

namespace AgentCore.Learning;

/// <summary>The errors that a store keeps, with what was tried against them.</summary>
public sealed class ErrorPatterns
{
    private const string Collection = "errors";
    private const int MostConflicts = 100;

    // An error whose message has a word of its own each time would fill the store. Room is made for many at once: it takes a look
    // at all that are kept.
    private const int Most = 1000;
    private const int Room = 50;

    // Writers of this process wait for each other: were there many, the last would lose every time. One that hangs is not waited
    // for long; it is the versions of documents that keep the counts right.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Func<CancellationToken, ValueTask<ICheckpointStore>> _store;
    private Task _lastTurn = Task.CompletedTask;
    private int _room;

    /// <summary>Reads and forgets errors.</summary>
    /// <param name="store">The store; it is not disposed.</param>
    public ErrorPatterns(ICheckpointStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = _ => new ValueTask<ICheckpointStore>(store);
    }

    internal ErrorPatterns(Func<CancellationToken, ValueTask<ICheckpointStore>> store) => _store = store;

    /// <summary>The errors, in the order of their keys.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="StoreException">What is kept of one is damaged.</exception>
    public async IAsyncEnumerable<ErrorPattern> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var store = await _store(cancellationToken).ConfigureAwait(false);
        await foreach (var document in store.ListAsync(Collection, cancellationToken: cancellationToken).ConfigureAwait(false))
            yield return Read(document);
    }

    /// <summary>Finds an error.</summary>
    /// <param name="key">Its key, or the beginning of it.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">No error's key begins so, or several do.</exception>
    /// <exception cref="StoreException">What is kept of it is damaged.</exception>
    public async Task<ErrorPattern> GetAsync(string key, CancellationToken cancellationToken = default) =>
        Read(await FindAsync(key, cancellationToken).ConfigureAwait(false));

    /// <summary>Forgets an error and what was tried against it, damaged or not.</summary>
    /// <param name="key">Its key, or the beginning of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The key of what was forgotten.</returns>
    /// <exception cref="ArgumentException">No error's key begins so, or several do.</exception>
    public async Task<string> ForgetAsync(string key, CancellationToken cancellationToken = default)
    {
        var document = await FindAsync(key, cancellationToken).ConfigureAwait(false);
        var store = await _store(cancellationToken).ConfigureAwait(false);
        await store.CommitAsync(new StoreBatch { Durable = true }.Delete(Collection, document.Key), cancellationToken).ConfigureAwait(false);
        return document.Key;
    }

    /// <summary>Changes an error's document; where another writer was there first, it is read and changed again.</summary>
    internal async ValueTask<ErrorPattern?> UpdateAsync(string key, Func<ErrorPattern?, ErrorPattern?> change, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var before = Interlocked.Exchange(ref _lastTurn, turn.Task);
        try
        {
            if (!before.IsCompleted)
                await before.WaitAsync(Patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await ChangeAsync(key, change, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            turn.SetResult();
        }
    }

    private async ValueTask<ErrorPattern?> ChangeAsync(string key, Func<ErrorPattern?, ErrorPattern?> change, CancellationToken cancellationToken)
    {
        var store = await _store(cancellationToken).ConfigureAwait(false);
        for (var conflicts = 0; ; conflicts++)
        {
            var document = await store.GetAsync(Collection, key, cancellationToken).ConfigureAwait(false);
            if (change(document is null ? null : Read(document)) is not { } pattern)
                return null;

            if (document is null)
                await MakeRoomAsync(store, cancellationToken).ConfigureAwait(false);
            try
            {
                var batch = new StoreBatch().Put(Collection, key, JsonSerializer.SerializeToUtf8Bytes(pattern, AgentJson.Options), document?.Version ?? 0);
                await store.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
                return pattern;
            }
            catch (StoreConflictException) when (conflicts < MostConflicts)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Drops the errors that weren't seen for longest where a new one is too much.</summary>
    private async ValueTask MakeRoomAsync(ICheckpointStore store, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _room) >= 0)
            return;

        var kept = new List<(string Key, DateTimeOffset LastSeen)>();
        await foreach (var document in store.ListAsync(Collection, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            try
            {
                kept.Add((document.Key, Read(document).LastSeen));
            }
            catch (StoreException)
            {
                // A damaged one is a person's to forget.
            }
        }

        var batch = new StoreBatch();
        foreach (var (key, _) in kept.OrderBy(k => k.LastSeen).Take(kept.Count - (Most - Room)))
            batch.Delete(Collection, key);
        if (batch.Operations.Count > 0)
            await store.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _room, Room - 1);
    }

    private async Task<StoredDocument> FindAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        var found = new List<StoredDocument>();
        var store = await _store(cancellationToken).ConfigureAwait(false);
        await foreach (var document in store.ListAsync(Collection, prefix: key, cancellationToken: cancellationToken).ConfigureAwait(false))
            found.Add(document);
        return found.Count switch
        {
            1 => found[0],
            0 => throw new ArgumentException($"No kept error has a key that begins with '{key}'. 'errors list' shows which there are.", nameof(key)),
            _ => throw new ArgumentException($"{found.Count} errors have keys that begin with '{key}': {string.Join(", ", found.Take(5).Select(f => f.Key))}. Give more of it.", nameof(key)),
        };
    }

    private static ErrorPattern Read(StoredDocument document)
    {
        try
        {
            // Scores that are no counts would make the draws endless.
            if (JsonSerializer.Deserialize<ErrorPattern>(document.Value.Span, AgentJson.Options) is
                { Signature: { Type: not null, Place: not null, Message: not null }, Remedies: { } remedies } pattern
                && remedies.Values.All(r => r is { Successes: >= 0 and <= double.MaxValue, Failures: >= 0 and <= double.MaxValue }))
                return pattern;
        }
        catch (JsonException e)
        {
            throw new StoreException($"The kept error {document.Key} is damaged: {e.Message} Forget it to go on without it.", e);
        }

        throw new StoreException($"The kept error {document.Key} is damaged: it has no signature or counts. Forget it to go on without it.");
    }
}
