using AgentCore.Checkpoints;

namespace AgentCore.LiteDb.Files;

/// <summary>Locks between processes, on files beside the store: one writer at a time, and no checkpoint while a reader of
/// another process reads. The locks end with the process, however it ends.</summary>
internal static class StoreLock
{
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>Becomes the only writer.</summary>
    /// <param name="dataPath">The store's file.</param>
    /// <param name="wait">Whether to wait for a writer that is there already.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static FileStream TakeWriter(string dataPath, bool wait, CancellationToken cancellationToken)
    {
        var path = dataPath + ".writer";
        while (true)
        {
            if (TryOpen(path, FileAccess.ReadWrite, FileShare.None) is { } stream)
            {
                if (!wait)
                    NoteOwner(dataPath);
                return stream;
            }

            if (!wait)
                throw new StoreInUseException(
                    $"'{dataPath}' is in use{Owner(dataPath)}. Wait for it to end, open the store for reading only, or let all that write to it share it (AGENTCORE_STORE_SHARED in a workspace).");
            Pause(cancellationToken);
        }
    }

    /// <summary>Keeps checkpoints away, for one reading; null where the store can only be read, as on a read-only file system:
    /// a writer makes the lock's file before it changes anything, so that there was none where the file can't be made.</summary>
    public static FileStream? TakeReader(string dataPath, CancellationToken cancellationToken)
    {
        var path = dataPath + ".readers";
        try
        {
            while (true)
            {
                if (TryOpen(path, FileAccess.Read, FileShare.Read) is { } stream)
                    return stream;
                Pause(cancellationToken);
            }
        }
        catch (Exception e) when (e is IOException || (e is UnauthorizedAccessException && !Path.Exists(path)))
        {
            return null;
        }
    }

    /// <summary>Keeps readers of other processes away, for one checkpoint; null while one reads, and where the lock can't be
    /// had for another reason: a checkpoint can wait.</summary>
    public static FileStream? TryTakeCheckpoint(string dataPath)
    {
        try
        {
            return TryOpenCheckpoint(dataPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps readers of other processes away, however long they take.</summary>
    public static FileStream TakeCheckpoint(string dataPath, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryOpenCheckpoint(dataPath) is { } stream)
                return stream;
            Pause(cancellationToken);
        }
    }

    private static FileStream? TryOpenCheckpoint(string dataPath) => TryOpen(dataPath + ".readers", FileAccess.ReadWrite, FileShare.None);

    /// <summary>Beside the lock, whose file nobody else can read while it is held.</summary>
    private static void NoteOwner(string dataPath)
    {
        try
        {
            using var file = Open(dataPath + ".owner", FileMode.Create, FileAccess.Write, FileShare.Read);
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The note only helps whoever finds the store in use.
        }
    }

    private static string Owner(string dataPath)
    {
        try
        {
            return int.TryParse(File.ReadAllText(dataPath + ".owner"), out var process) ? $" by process {process}" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Opens a lock's file; null where another has it. Any other failure stays one: waiting would not end it.</summary>
    private static FileStream? TryOpen(string path, FileAccess access, FileShare share)
    {
        try
        {
            return Open(path, FileMode.OpenOrCreate, access, share);
        }
        catch (IOException e) when (e.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
    }

    /// <summary>Opens a file that is for its owner alone, as the store is.</summary>
    private static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>A short wait between two tries: files tell nobody that their lock is free.</summary>
    private static void Pause(CancellationToken cancellationToken)
    {
        if (cancellationToken.WaitHandle.WaitOne(2))
            cancellationToken.ThrowIfCancellationRequested();
    }
}
