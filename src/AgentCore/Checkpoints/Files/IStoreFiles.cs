namespace AgentCore.Checkpoints.Files;

/// <summary>All that the file store asks of a disk. One thin layer, so that tests can put a disk behind it that loses power,
/// fails a sync or forgets a directory entry.</summary>
internal interface IStoreFiles
{
    /// <summary>Creates a folder and its missing parents, for the owner alone, and makes their entries durable.</summary>
    void CreateFolder(string path);

    bool FolderExists(string path);

    bool FileExists(string path);

    /// <summary>The names (not paths) of what a folder holds directly; empty where there is no folder.</summary>
    IReadOnlyList<string> List(string folder);

    /// <summary>Creates an empty file for the owner alone; what had the name before is emptied.</summary>
    IStoreFile Create(string path);

    IStoreFile Open(string path, bool write);

    /// <summary>Renames a file over whatever has the new name.</summary>
    void Rename(string from, string to);

    void Delete(string path);

    /// <summary>Deletes an empty folder.</summary>
    void DeleteFolder(string path);

    /// <summary>Makes the folder's entries (new, renamed and deleted names) durable.</summary>
    void SyncFolder(string path);

    /// <summary>Takes an exclusive lock that ends with the process; null when another holds it.</summary>
    IDisposable? TryLock(string path);
}

/// <summary>An open file. Reads may run on many threads; writes come from one.</summary>
internal interface IStoreFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    int Read(long offset, Span<byte> buffer);

    void Write(long offset, ReadOnlySpan<byte> data);

    void SetLength(long length);

    /// <summary>Makes everything written so far durable. When it throws, what was written is in an unknown state and a
    /// second call proves nothing.</summary>
    void Sync();
}
