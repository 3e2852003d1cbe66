using AgentCore.Checkpoints;
using LiteDB;
using LiteDB.Engine;

namespace AgentCore.LiteDb.Files;

/// <summary>The open file: LiteDB's engine over our streams.</summary>
internal sealed class StoreSession : IDisposable
{
    private const int FormatVersion = 1;
    private const int NoSpace = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int MacQuotaExceeded = 69;
    private const int ReadOnlyFileSystem = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private static readonly string[] Collections = ["collections", "documents", "logs", "pieces", "records"];
    private readonly string _path;
    private readonly WriteAheadLog _log;
    private readonly DataFile _data;
    private readonly FileStream? _readerLock;

    private StoreSession(string path, WriteAheadLog log, DataFile data, LiteEngine engine, FileStream? readerLock)
    {
        _path = path;
        _log = log;
        _data = data;
        Engine = engine;
        _readerLock = readerLock;
    }

    public LiteEngine Engine { get; }

    /// <summary>How long the write-ahead log is, in bytes.</summary>
    public long LogLength => _log.Length;

    /// <summary>Opens or creates the file for writing. The caller holds the writer's lock.</summary>
    public static StoreSession OpenWriter(string path, LiteDbStoreOptions options, CancellationToken cancellationToken)
    {
        // Opening cuts a torn log and may create the file: no reader of another process may be in the middle of it.
        using var alone = StoreLock.TakeCheckpoint(path, cancellationToken);
        var isNew = !File.Exists(path);
        var session = Open(path, options.Password, readOnly: false, readerLock: null);
        try
        {
            session.Prepare();
            if (isNew)
            {
                KeepPrivate(path);
                FolderSync.Sync(Path.GetDirectoryName(path)!);
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file for one reading, as of its last commit.</summary>
    public static StoreSession OpenReader(string path, LiteDbStoreOptions options, CancellationToken cancellationToken)
    {
        var readerLock = StoreLock.TakeReader(path, cancellationToken);
        try
        {
            var session = Open(path, options.Password, readOnly: true, readerLock);
            session.CheckFormat();
            return session;
        }
        catch
        {
            readerLock?.Dispose();
            throw;
        }
    }

    /// <summary>Forces all commits so far to disk.</summary>
    public void Sync() => _log.Sync();

    /// <summary>Says that a write of the last transaction failed.</summary>
    /// <exception cref="StoreException">It did.</exception>
    public void ThrowIfFailed() => _log.ThrowIfFailed();

    /// <summary>Copies the log into the file and empties it, unless another process is reading.</summary>
    public void TryCheckpoint()
    {
        using var alone = StoreLock.TryTakeCheckpoint(_path);
        if (alone is not null)
            Engine.Checkpoint();
    }

    public void Dispose()
    {
        Engine.Dispose();
        _data.Dispose();
        _log.Dispose();
        _readerLock?.Dispose();
    }

    private static StoreSession Open(string path, string? password, bool readOnly, FileStream? readerLock)
    {
        CheckEncryption(path, password);
        WriteAheadLog? log = null;
        DataFile? data = null;
        try
        {
            log = new WriteAheadLog(path + "-wal", readOnly);
            data = new DataFile(path, log, headerPage: password is null ? 0 : 1, readOnly);
            var engine = new LiteEngine(new EngineSettings
            {
                DataStream = data,
                LogStream = log,
                Password = password,
                ReadOnly = readOnly,
                Collation = Collation.Binary,
            });
            return new StoreSession(path, log, data, engine, readerLock);
        }
        catch (Exception e)
        {
            data?.Dispose();
            log?.Dispose();
            throw e is StoreException ? e : Explain(path, e);
        }
    }

    /// <summary>What went wrong, in words that say what to do.</summary>
    public static StoreException Explain(string path, Exception e) => e switch
    {
        LiteException { ErrorCode: LiteException.INVALID_PASSWORD } =>
            new StoreException($"'{path}' does not open with this password. Give the one that it was created with (in a workspace AGENTCORE_STORE_KEY).", e),
        UnauthorizedAccessException =>
            new StoreException($"'{path}' could not be opened: {e.Message} Give this account the right to read and write there.", e),
        IOException =>
            new StoreException($"'{path}' could not be read or written: {e.Message} {Remedy(e.HResult)}, then open the store again.", e),
        _ => new StoreException($"'{path}' is damaged or is not a LiteDB file: {e.Message} Restore it from a backup.", e),
    };

    private static string Remedy(int error) => error switch
    {
        NoSpace or LinuxQuotaExceeded or MacQuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull => "Make room on its disk",
        ReadOnlyFileSystem => "Make it writable",
        _ => "Mend that",
    };

    private static void CheckEncryption(string path, string? password)
    {
        if (!File.Exists(path))
            return;

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> first = stackalloc byte[1];
        if (RandomAccess.Read(file, first, 0) == 0)
            return;

        var isEncrypted = first[0] == 1;
        if (isEncrypted && password is null)
            throw new StoreException($"'{path}' is encrypted, or its first byte is damaged. Give the password that it was created with (in a workspace AGENTCORE_STORE_KEY).");
        if (!isEncrypted && password is not null)
            throw new StoreException($"'{path}' is not encrypted, or its first byte is damaged. Open it without a password (in a workspace AGENTCORE_STORE_KEY); to encrypt a store, create a new one.");
    }

    private void Prepare()
    {
        // Checkpoints are ours to time: a reader of another process may be reading the file.
        if (Engine.Pragma("CHECKPOINT").AsInt32 != 0)
            Engine.Pragma("CHECKPOINT", 0);
        if (Format() is null)
        {
            Engine.Insert("meta", [new BsonDocument { ["_id"] = "format", ["v"] = FormatVersion }], BsonAutoId.ObjectId);
            Sync();
        }

        CheckFormat();
        MakeCollections();
    }

    /// <summary>Makes all collections before anyone reads: LiteDB names a new collection to readers before it is committed, and
    /// a reader that looks then finds some other page in its place.</summary>
    private void MakeCollections()
    {
        var there = Engine.GetCollectionNames().ToHashSet(StringComparer.Ordinal);
        if (there.IsSupersetOf(Collections))
            return;

        Engine.BeginTrans();
        foreach (var name in Collections.Where(c => !there.Contains(c)))
        {
            Engine.Insert(name, [new BsonDocument { ["_id"] = "new" }], BsonAutoId.ObjectId);
            Engine.Delete(name, [new BsonValue("new")]);
        }

        Engine.Commit();
    }

    private void CheckFormat()
    {
        var format = Format();
        if (format is null)
            throw new StoreException($"'{_path}' is a LiteDB file, but not one of AgentCore's stores. Choose another file.");
        if (format > FormatVersion)
            throw new StoreException($"'{_path}' has format {format}; this version of AgentCore.LiteDb reads up to {FormatVersion}. Update AgentCore.LiteDb.");
    }

    /// <summary>The store's files are for their owner alone.</summary>
    private static void KeepPrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            return;

        foreach (var file in (string[])[path, path + "-wal", path + "-sum"])
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private int? Format() => Engine.FindById("meta", "format") is { } document ? document["v"].AsInt32 : null;
}
