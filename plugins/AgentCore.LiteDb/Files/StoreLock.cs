using AgentCore.Checkpoints;

namespace AgentCore.LiteDb.Files;

/// <summary>Locks between processes, on files beside the store: one writer at a time, and no checkpoint while a reader of
/// another process reads. The locks end with the process, however it ends.</summary>
internal static class StoreLock
{
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
                return stream;
            if (!wait)
                throw new StoreInUseException(
                    $"'{dataPath}' is in use: another process writes to it. Wait for it to end, use another folder, or open the store for reading only.");
            Pause(cancellationToken);
        }
    }

    /// <summary>Keeps checkpoints away, for one reading.</summary>
    public static FileStream TakeReader(string dataPath, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryOpen(dataPath + ".readers", FileAccess.Read, FileShare.Read) is { } stream)
                return stream;
            Pause(cancellationToken);
        }
    }

    /// <summary>Keeps readers of other processes away, for one checkpoint; null while one reads.</summary>
    public static FileStream? TryTakeCheckpoint(string dataPath) => TryOpen(dataPath + ".readers", FileAccess.ReadWrite, FileShare.None);

    /// <summary>Keeps readers of other processes away, however long they take.</summary>
    public static FileStream TakeCheckpoint(string dataPath, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTakeCheckpoint(dataPath) is { } stream)
                return stream;
            Pause(cancellationToken);
        }
    }

    private static FileStream? TryOpen(string path, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, access == FileAccess.Read ? FileAccess.Read : access, share, 1);
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    /// <summary>A short wait between two tries: files tell nobody that their lock is free.</summary>
    private static void Pause(CancellationToken cancellationToken)
    {
        if (cancellationToken.WaitHandle.WaitOne(2))
            cancellationToken.ThrowIfCancellationRequested();
    }
}
