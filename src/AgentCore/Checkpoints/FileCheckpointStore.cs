using System.Runtime.CompilerServices;
using AgentCore.Checkpoints.Files;

namespace AgentCore.Checkpoints;

/// <summary>Keeps runs in a folder of append-only files, with no database. Durable batches are on disk when they are
/// acknowledged; opening cuts what a crash tore and never takes a damaged store for a whole one.</summary>
/// <remarks>The format and its guarantees are described in docs/stores.md.</remarks>
public sealed class FileCheckpointStore : ICheckpointStore
{
    private const int ListPageSize = 256;

    private readonly FileStoreOptions _options;
    private readonly IDisposable? _lock;
    private readonly StoreIndex _index;
    private readonly SegmentSet _segments;
    private readonly BlobFolder _blobs;
    private readonly GroupWriter? _writer;
    private readonly SemaphoreSlim _compacting = new(1);
    private int _disposed;

    private FileCheckpointStore(FileStoreOptions options, StoreOpening opened, IDisposable? storeLock)
    {
        _options = options;
        _lock = storeLock;
        _index = opened.Index;
        _segments = opened.Segments;
        _blobs = opened.Blobs;
        Report = opened.Report;
        _writer = options.ReadOnly ? null : new GroupWriter(_index, _segments, _blobs, options);
    }

    /// <inheritdoc/>
    public string Kind => "file";

    /// <summary>What opening found and did.</summary>
    public StoreReport Report { get; }

    /// <summary>Opens a store, or creates it.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="cancellationToken">Gives up before the opening starts.</param>
    /// <exception cref="StoreInUseException">Another process, or this one, has it open for writing.</exception>
    /// <exception cref="StoreDamagedException">Something that was synced is not there any more; the message says where.</exception>
    /// <exception cref="StoreException">The folder can't be read or written, or the key is not the right one.</exception>
    public static async ValueTask<FileCheckpointStore> OpenAsync(FileStoreOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var full = options with { Folder = Path.GetFullPath(options.Folder) };
        // Reading a store is work for the disk and the processor: not on the caller's thread.
        return await Task.Run(() => Open(full), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            StoreLimits.Check(batch);
            var writer = Writer();
            IReadOnlyList<string> removals = [];
            foreach (var op in batch.Operations)
            {
                if (op.Kind == StoreOperationKind.DeleteLog)
                    removals = [.. removals, .. _blobs.FilesOf(op.Key)];
            }
            // Blobs are removed only once the deletion of their log can't be taken back.
            var sync = removals.Count > 0 || (batch.Durable && _options.Durability == StoreDurability.PowerLoss);
            var done = writer.Commit(batch, sync, removals);
            return new ValueTask(cancellationToken.CanBeCanceled && !done.IsCompleted ? done.WaitAsync(cancellationToken) : done);
        }
        catch (OperationCanceledException e) when (e.CancellationToken == cancellationToken)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException(StoreErrors.IsDisk(e) ? StoreErrors.Wrap("read", _options.Folder, e) : e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string log, long from = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(log);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfDisposed();
        if (!_index.TryGetLog(log, out var entry, out var generation, out var count))
            yield break;
        var frames = new FrameReader();
        for (var position = from; position < count; position++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ThrowIfDisposed();
            var location = _index.Locate(entry, generation, (int)position)
                ?? throw new StoreException($"The log '{log}' was deleted while it was read.");
            yield return frames.Read(location);
        }
        if (entry.Damage is { } damage)
            throw new StoreException($"The log '{log}' is damaged: {damage} The {count} records before are whole.");
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<StoredDocument?>(cancellationToken);
        try
        {
            ThrowIfDisposed();
            return ValueTask.FromResult(Get(new FrameReader(), collection, key));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<StoredDocument?>(e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredDocument> ListAsync(
        string collection, bool descending = false, string prefix = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(collection);
        ArgumentNullException.ThrowIfNull(prefix);
        cancellationToken.ThrowIfCancellationRequested();
        var frames = new FrameReader();
        var page = new List<string>();
        string? after = null;
        while (true)
        {
            ThrowIfDisposed();
            _index.ListKeys(collection, prefix, descending, after, page, ListPageSize);
            if (page.Count == 0)
                break;
            foreach (var key in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Get(frames, collection, key) is { } document)
                    yield return document;
            }
            after = page[^1];
        }
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        StoreLimits.CheckName(log);
        if (data.Length > StoreLimits.MaxBlobBytes)
            throw new StoreException($"The value for '{log}' has {data.Length} bytes; the limit is {StoreLimits.MaxBlobBytes}.");
        if (Writer().Failure is { } failure)
            throw new StoreException($"The store takes no more writes since one failed: {failure.Message}", failure);
        return await Task.Run(() => Guard("write a value in", () => _blobs.Put(log, data.Span)), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(log);
        ArgumentException.ThrowIfNullOrEmpty(reference);
        ThrowIfDisposed();
        return await Task.Run(() => Guard("read a value in", () => _blobs.Get(log, reference)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes finished logs by age or size, and rewrites the segments that are mostly garbage without it. Reading
    /// and writing go on meanwhile. A crash at any moment leaves either the old files or the new ones.</summary>
    /// <param name="options">What to remove; without, only what was deleted or replaced before.</param>
    /// <param name="cancellationToken">Stops between two segments; what is done stays done.</param>
    /// <exception cref="StoreException">A segment could not be read or written.</exception>
    public async ValueTask<CompactionResult> CompactAsync(CompactionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new CompactionOptions();
        options.Check();
        var writer = Writer();
        await _compacting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ThrowIfDisposed();
            var before = _segments.All.Sum(segment => segment.End);
            var removed = await RemoveFinishedAsync(options, cancellationToken).ConfigureAwait(false);
            var compactor = new Compactor(_index, _segments, writer, _options);
            var rewritten = await Task.Run(() => compactor.RunAsync(options.MinGarbage, cancellationToken), cancellationToken).ConfigureAwait(false);
            _blobs.RemoveOrphans(_index.LogNames);
            return new CompactionResult(removed, rewritten, before, _segments.All.Sum(segment => segment.End));
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
            throw StoreErrors.Wrap("compact", _options.Folder, e);
        }
        finally
        {
            _compacting.Release();
        }
    }

    /// <summary>Writes what is handed over, notes how far the store is synced, and lets it go.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        try
        {
            if (_writer is not null)
            {
                await _compacting.WaitAsync().ConfigureAwait(false);
                await _writer.CloseAsync().ConfigureAwait(false);
                if (_writer.Failure is null)
                    Guard("close", () => { _segments.Close(); return 0; });
            }
        }
        finally
        {
            _segments.Dispose();
            _compacting.Release();
            _lock?.Dispose();
        }
    }

    private static FileCheckpointStore Open(FileStoreOptions options)
    {
        IDisposable? storeLock = null;
        try
        {
            if (!options.ReadOnly)
            {
                options.Files.CreateFolder(options.Folder);
                storeLock = StoreLock.Take(options.Files, options.Folder);
            }
            return new FileCheckpointStore(options, StoreOpening.Run(options), storeLock);
        }
        catch (Exception e)
        {
            storeLock?.Dispose();
            if (StoreErrors.IsDisk(e))
                throw StoreErrors.Wrap("open the store", options.Folder, e);
            throw;
        }
    }

    private async Task<IReadOnlyList<string>> RemoveFinishedAsync(CompactionOptions options, CancellationToken cancellationToken)
    {
        if (options.MaxAge is null && options.MaxBytes is null)
            return [];
        const int logsPerBatch = 500;
        var removed = new List<string>();
        var kept = options.Finished.Sum(log => _index.LogBytes(log.Log));
        var oldest = options.MaxAge is { } age ? options.Time.GetUtcNow() - age : DateTimeOffset.MinValue;
        foreach (var part in options.Finished.OrderBy(log => log.FinishedAt).TakeWhile(log =>
        {
            if (log.FinishedAt >= oldest && !(kept > options.MaxBytes))
                return false;
            kept -= _index.LogBytes(log.Log);
            return true;
        }).Chunk(logsPerBatch))
        {
            var batch = new StoreBatch { Durable = true };
            foreach (var log in part)
            {
                batch.DeleteLog(log.Log);
                if (log is { Collection: { } collection, Key: { } key })
                    batch.Delete(collection, key);
            }
            await CommitAsync(batch, cancellationToken).ConfigureAwait(false);
            removed.AddRange(part.Select(log => log.Log));
        }
        return removed;
    }

    private StoredDocument? Get(FrameReader frames, string collection, string key) =>
        _index.Locate(collection, key) is var (location, version) ? new StoredDocument(key, frames.Read(location), version) : null;

    private GroupWriter Writer()
    {
        ThrowIfDisposed();
        return _writer ?? throw new InvalidOperationException($"The store '{_options.Folder}' is open with ReadOnly; open it without to write.");
    }

    private T Guard<T>(string action, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
            throw StoreErrors.Wrap(action, _options.Folder, e);
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
}
