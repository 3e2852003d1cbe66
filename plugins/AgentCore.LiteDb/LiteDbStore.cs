using System.Runtime.CompilerServices;
using AgentCore.Checkpoints;
using AgentCore.LiteDb.Files;
using LiteDB.Engine;

namespace AgentCore.LiteDb;

/// <summary>Keeps runs, sessions and documents in one LiteDB file.</summary>
/// <remarks>
/// <para>LiteDB by itself does not force a commit to disk. This store does, once for all commits that wait together, and
/// keeps LiteDB's log in frames with checksums, so that a power loss takes back no acknowledged durable commit and leaves
/// the file whole. Values carry checksums too, since LiteDB's pages have none.</para>
/// <para>The file is an ordinary LiteDB 5 file once the store is closed; while it is open, the last commits are in the log
/// beside it (<c>-wal</c>), which other LiteDB programs don't read.</para>
/// </remarks>
public sealed class LiteDbStore : ICheckpointStore
{
    /// <summary>The kind of store: <c>litedb</c>.</summary>
    public const string KindName = "litedb";

    private const int PiecesInWork = 8;
    private readonly string _path;
    private readonly LiteDbStoreOptions _options;
    private readonly StoreSession? _session;
    private readonly CommitQueue? _queue;
    private bool _isClosed;

    private LiteDbStore(string path, LiteDbStoreOptions options, StoreSession? session, FileStream? writerLock)
    {
        _path = path;
        _options = options;
        _session = session;
        _queue = options.ReadOnly ? null : new CommitQueue(path, options, session, writerLock);
    }

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <summary>Opens the store in a folder, or creates it there.</summary>
    /// <param name="folder">The folder; created where it is missing, unless the store is opened for reading only.</param>
    /// <param name="options">How to keep the file; null for the defaults.</param>
    /// <param name="cancellationToken">Stops waiting for another process.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="StoreInUseException">Another process writes to it, and it was not opened as shared.</exception>
    /// <exception cref="StoreException">The file is missing (reading only), damaged, or needs another password.</exception>
    public static Task<LiteDbStore> OpenAsync(
        string folder, LiteDbStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new LiteDbStoreOptions();
        options.Validate();
        return Task.Run(() => Open(Path.GetFullPath(folder), options, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        StoreLimits.Check(batch);
        await Writer().Enqueue(writer => writer.Apply(batch), batch.Durable, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        string log, long from = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StoreLimits.CheckName(log);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        while (true)
        {
            var page = await ReadAsync(engine => StoreReader.Records(engine, log, from), cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
                yield break;

            foreach (var record in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return record;
            }

            from += page.Count;
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default)
    {
        StoreLimits.CheckName(collection);
        StoreLimits.CheckName(key);
        return ReadAsync(engine => StoreReader.Document(engine, collection, key), cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredDocument> ListAsync(
        string collection,
        bool descending = false,
        string prefix = "",
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StoreLimits.CheckName(collection);
        ArgumentNullException.ThrowIfNull(prefix);
        string? behind = null;
        while (true)
        {
            var page = await ReadAsync(
                engine => StoreReader.Documents(engine, collection, descending, prefix, behind), cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
                yield break;

            foreach (var document in page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return document;
            }

            behind = page[^1].Key;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        StoreLimits.CheckName(log);
        if (data.Length > StoreLimits.MaxBlobBytes)
            throw new StoreException($"The blob for '{log}' has {data.Length} bytes; the limit is {StoreLimits.MaxBlobBytes}. Keep it in parts.");
        cancellationToken.ThrowIfCancellationRequested();
        var queue = Writer();
        byte[] key = [];
        await queue.Enqueue(writer => key = writer.NewBlob(log), durable: false, cancellationToken).ConfigureAwait(false);
        var number = 0;
        for (var rest = data; ; number += PiecesInWork)
        {
            // In parts, so that other writers get their turn; the last one's sync covers them all.
            var part = rest[..Math.Min(PiecesInWork * StoreValues.PieceBytes, rest.Length)];
            rest = rest[part.Length..];
            var first = number;
            await queue.Enqueue(writer => writer.AddPieces(key, part, first), durable: rest.IsEmpty, cancellationToken).ConfigureAwait(false);
            if (rest.IsEmpty)
                return BlobReference.Format(StoreKeys.Place(key), data.Length, StoreKeys.Checksum([], data.Span));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default)
    {
        StoreLimits.CheckName(log);
        ArgumentException.ThrowIfNullOrEmpty(reference);
        return ReadAsync(engine => StoreReader.Blob(engine, log, reference), cancellationToken);
    }

    /// <summary>Writes what waits and closes the file.</summary>
    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return _queue is null ? ValueTask.CompletedTask : new ValueTask(Task.Run(_queue.Dispose));
    }

    private static LiteDbStore Open(string folder, LiteDbStoreOptions options, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, options.FileName);
        FileStream? writerLock = null;
        try
        {
            if (options.ReadOnly)
            {
                if (!File.Exists(path))
                    throw new StoreException($"There is no store at '{path}' to read. Name the folder of an existing one.");
                using var trial = StoreSession.OpenReader(path, options, cancellationToken);
                return new LiteDbStore(path, options, session: null, writerLock: null);
            }

            var isNew = !Directory.Exists(folder);
            if (isNew && !OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            else
                Directory.CreateDirectory(folder);
            if (isNew && Path.GetDirectoryName(folder) is { } parent)
                FolderSync.Sync(parent);
            writerLock = StoreLock.TakeWriter(path, options.Shared, cancellationToken);
            var session = StoreSession.OpenWriter(path, options, cancellationToken);
            if (!options.Shared)
                return new LiteDbStore(path, options, session, writerLock);

            session.Dispose();
            writerLock.Dispose();
            return new LiteDbStore(path, options, session: null, writerLock: null);
        }
        catch (Exception e)
        {
            writerLock?.Dispose();
            throw e is StoreException or OperationCanceledException ? e : StoreSession.Explain(path, e);
        }
    }

    private CommitQueue Writer()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        return _queue ?? throw new StoreException($"'{_path}' was opened for reading only. Open it for writing to change it.");
    }

    private async ValueTask<T> ReadAsync<T>(Func<LiteEngine, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (_session is not null)
                return read(_session.Engine);

            return await Task.Run(
                () =>
                {
                    using var session = StoreSession.OpenReader(_path, _options, cancellationToken);
                    return read(session.Engine);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (StoreException or OperationCanceledException or ObjectDisposedException))
        {
            throw StoreSession.Explain(_path, e);
        }
    }
}
