using AgentCore.Checkpoints;

namespace AgentCore.Memory;

/// <summary>What agents keep between runs, in scopes of an agent, a team or a session, on the same store as their runs. Many
/// agents and processes may write to one scope at once: each write is checked against the scope's version and tried again
/// where another was first.</summary>
/// <remarks>In an agent's code use <see cref="MemoryExtensions"/>, and for models the tools of <see cref="MemoryTools"/>: both
/// are steps, so that a resumed run sees what the run saw at first.</remarks>
public sealed class MemoryStore
{
    private const int MaxConflicts = 200;

    private readonly ICheckpointStore _store;
    private readonly MemoryOptions _options;
    private readonly MemoryVectors? _vectors;

    /// <summary>Creates a memory on a store.</summary>
    /// <param name="store">The store; it isn't disposed here.</param>
    /// <param name="options">How memories are kept and found; null for the defaults.</param>
    public MemoryStore(ICheckpointStore store, MemoryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _options = options ?? new MemoryOptions();
        _vectors = _options.Embeddings is { } embeddings ? new MemoryVectors(embeddings) : null;
    }

    /// <summary>Remembers a text. The same text by the same author is one memory: its tags are joined and it becomes the
    /// newest. A full scope forgets its oldest memory. Where no vector can be made now, the memory is kept without.</summary>
    /// <param name="scope">Whose memory it is.</param>
    /// <param name="text">What to remember.</param>
    /// <param name="author">Who says so.</param>
    /// <param name="tags">What it is about; null for nothing.</param>
    /// <param name="idempotencyKey">A write under the key of the memory's last write changes nothing; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The memory as it is kept.</returns>
    /// <exception cref="ArgumentException">The text or the author is empty, or the text or all of the memory's tags are longer
    /// than <see cref="MemoryOptions.MaxTextLength"/>.</exception>
    /// <exception cref="StoreException">It could not be kept.</exception>
    public async Task<MemoryEntry> RememberAsync(
        MemoryScope scope, string text, string author, IReadOnlyList<string>? tags = null, string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentException.ThrowIfNullOrWhiteSpace(author);
        if (text.Length > _options.MaxTextLength)
            throw new ArgumentException($"The text has {text.Length} characters; MemoryOptions.MaxTextLength is {_options.MaxTextLength}. Remember the gist, or several memories.", nameof(text));

        MemoryVector? vector = null;
        for (var conflicts = 0; ; conflicts++)
        {
            var (head, headVersion) = await HeadAsync(scope, cancellationToken).ConfigureAwait(false);
            var (id, known) = await FindAsync(scope, text, author, cancellationToken).ConfigureAwait(false);
            var before = known is null ? null : StoredMemory.Read(known, scope);
            if (before is not null && idempotencyKey is not null && before.Key == idempotencyKey)
                return before.Entry(id, known!.Version, scope);

            var joined = Join(before?.Tags, tags);
            if (_vectors is not null)
                vector ??= await _vectors.TryMakeAsync(text, cancellationToken).ConfigureAwait(false);
            var memory = new StoredMemory(text, author, joined, _options.Time.GetUtcNow(), head.Next)
            {
                Key = idempotencyKey,
                Model = vector?.Values is null ? before?.Model : _vectors!.Model,
                Vector = vector?.Values is { } values ? StoredMemory.Pack(values.Span) : before?.Vector,
            };
            var batch = new StoreBatch { Durable = true }.Put(scope.Collection, id, memory.Write(), known?.Version ?? 0);
            var count = head.Count;
            if (known is null)
            {
                foreach (var oldest in await OldestAsync(scope, count + 1 - _options.MaxEntries, cancellationToken).ConfigureAwait(false))
                {
                    batch.Delete(scope.Collection, oldest);
                    count--;
                }

                count++;
            }

            if (await TryCommitAsync(batch, scope, new MemoryHead(head.Next + 1, count), headVersion, conflicts, cancellationToken).ConfigureAwait(false))
                return memory.Entry(id, (known?.Version ?? 0) + 1, scope);
        }
    }

    /// <summary>Forgets a memory.</summary>
    /// <param name="scope">Whose memory it is.</param>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StoreException">It could not be removed.</exception>
    public async Task<bool> ForgetAsync(MemoryScope scope, string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentException.ThrowIfNullOrEmpty(id);
        for (var conflicts = 0; ; conflicts++)
        {
            var (head, headVersion) = await HeadAsync(scope, cancellationToken).ConfigureAwait(false);
            if (await _store.GetAsync(scope.Collection, id, cancellationToken).ConfigureAwait(false) is null)
                return false;

            var batch = new StoreBatch { Durable = true }.Delete(scope.Collection, id);
            if (await TryCommitAsync(batch, scope, head with { Count = Math.Max(0, head.Count - 1) }, headVersion, conflicts, cancellationToken).ConfigureAwait(false))
                return true;
        }
    }

    /// <summary>Recalls what fits a query; of memories that fit equally well the newer first.</summary>
    /// <param name="scope">Whose memories.</param>
    /// <param name="query">A question or some words.</param>
    /// <param name="count">How many at most: 1 to 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The query is empty, or the count out of range.</exception>
    /// <exception cref="StoreException">A memory can't be read.</exception>
    public Task<MemoryRecall> RecallAsync(MemoryScope scope, string query, int count = 5, CancellationToken cancellationToken = default) =>
        RecallAsync([scope], query, count, cancellationToken);

    /// <summary>Recalls what fits a query from several scopes, ranked together.</summary>
    /// <param name="scopes">Whose memories.</param>
    /// <param name="query">A question or some words.</param>
    /// <param name="count">How many at most: 1 to 100.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The query is empty, or the count out of range.</exception>
    /// <exception cref="StoreException">A memory can't be read.</exception>
    public async Task<MemoryRecall> RecallAsync(
        IReadOnlyList<MemoryScope> scopes, string query, int count = 5, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        if (count is < 1 or > 100)
            throw new ArgumentException($"The count is {count}; choose 1 to 100.", nameof(count));

        var memories = new List<(MemoryEntry Entry, StoredMemory Stored)>();
        foreach (var scope in scopes.Distinct())
            memories.AddRange(await ReadAsync(scope, cancellationToken).ConfigureAwait(false));
        if (memories.Count == 0)
            return new MemoryRecall([]);
        if (_vectors is null)
            return new MemoryRecall(MemoryRanking.Best(memories, query, null, "", count));

        var vector = await _vectors.TryMakeAsync(query, cancellationToken).ConfigureAwait(false);
        var hits = MemoryRanking.Best(memories, query, vector.Values, _vectors.Model, count);
        return new MemoryRecall(hits, vector.Problem ?? _vectors.Missing(memories.Select(m => m.Stored)));
    }

    /// <summary>Lists a scope's memories, the newest first.</summary>
    /// <param name="scope">Whose memories.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="StoreException">A memory can't be read.</exception>
    public async Task<IReadOnlyList<MemoryEntry>> ListAsync(MemoryScope scope, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var memories = await ReadAsync(scope, cancellationToken).ConfigureAwait(false);
        return [.. memories.Select(m => m.Entry).OrderByDescending(e => e.Number)];
    }

    private async Task<List<(MemoryEntry Entry, StoredMemory Stored)>> ReadAsync(MemoryScope scope, CancellationToken cancellationToken)
    {
        var memories = new List<(MemoryEntry, StoredMemory)>();
        await foreach (var document in _store.ListAsync(scope.Collection, cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            var stored = StoredMemory.Read(document, scope);
            memories.Add((stored.Entry(document.Key, document.Version, scope), stored));
        }

        return memories;
    }

    /// <summary>The id of a text by an author, and the memory where there is one.</summary>
    private async Task<(string Id, StoredDocument? Known)> FindAsync(MemoryScope scope, string text, string author, CancellationToken cancellationToken)
    {
        var id = StoredMemory.IdOf(author, text);
        var known = await _store.GetAsync(scope.Collection, id, cancellationToken).ConfigureAwait(false);
        var joined = StoredMemory.JoinedIdOf(author, text);
        if (known is not null || id == joined)
            return (id, known);

        // An earlier build may have kept it, or another author's memory, under the joined id.
        var old = await _store.GetAsync(scope.Collection, joined, cancellationToken).ConfigureAwait(false);
        return old is not null && StoredMemory.Read(old, scope) is { } memory && memory.Author == author && memory.Text == text ? (joined, old) : (id, null);
    }

    private async Task<IEnumerable<string>> OldestAsync(MemoryScope scope, int count, CancellationToken cancellationToken) => count <= 0
        ? []
        : (await ReadAsync(scope, cancellationToken).ConfigureAwait(false)).OrderBy(m => m.Entry.Number).Take(count).Select(m => m.Entry.Id);

    // Every write to a scope checks the version of its counters. Where there are none, there are no memories, or the counters
    // were deleted.
    private async Task<(MemoryHead Head, long Version)> HeadAsync(MemoryScope scope, CancellationToken cancellationToken)
    {
        var document = await _store.GetAsync(MemoryHead.Collection, scope.Name, cancellationToken).ConfigureAwait(false);
        if (document is not null)
            return (MemoryHead.Read(document, scope), document.Version);

        var numbers = new List<long>();
        await foreach (var memory in _store.ListAsync(scope.Collection, cancellationToken: cancellationToken).ConfigureAwait(false))
            numbers.Add(StoredMemory.NumberOf(memory, scope));
        return (MemoryHead.Of(numbers), 0);
    }

    private async Task<bool> TryCommitAsync(
        StoreBatch batch, MemoryScope scope, MemoryHead head, long headVersion, int conflicts, CancellationToken cancellationToken)
    {
        batch.Put(MemoryHead.Collection, scope.Name, head.Write(), headVersion);
        try
        {
            await _store.CommitAsync(batch, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (StoreConflictException) when (conflicts < MaxConflicts)
        {
            // Another writer was first, so somebody got on: read again.
            return false;
        }
    }

    private string[] Join(IReadOnlyList<string>? before, IReadOnlyList<string>? tags)
    {
        string[] joined = [.. (before ?? []).Concat(tags ?? []).Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => t.Trim()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var length = joined.Sum(t => t.Length);
        return length <= _options.MaxTextLength || joined.Length == before?.Count
            ? joined
            : throw new ArgumentException($"The memory's tags have {length} characters in all; MemoryOptions.MaxTextLength is {_options.MaxTextLength}. Give fewer or shorter ones.", nameof(tags));
    }
}
