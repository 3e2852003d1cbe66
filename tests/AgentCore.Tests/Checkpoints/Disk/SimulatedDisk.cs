using AgentCore.Checkpoints.Files;

namespace AgentCore.Tests.Checkpoints.Disk;

/// <summary>A disk in memory that tells what was written from what was synced, and can lose power at any operation.</summary>
/// <remarks>A power loss keeps of each unsynced page the old content, the new one or a mix of their sectors; of a file's
/// unsynced growth any length; of unsynced directory entries any subset. A failed sync leaves pages that look clean and are
/// not on the disk, as Linux does.</remarks>
internal sealed class SimulatedDisk : IStoreFiles
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SimulatedContent> _entries;
    private readonly HashSet<string> _folders;
    private readonly Dictionary<string, SimulatedContent> _durableEntries;
    private readonly List<(string Folder, Action<Dictionary<string, SimulatedContent>> Apply)> _pendingEntries = [];
    private readonly HashSet<string> _locks = [];

    public SimulatedDisk() : this([], [])
    {
    }

    private SimulatedDisk(Dictionary<string, SimulatedContent> entries, HashSet<string> folders)
    {
        _entries = entries;
        _durableEntries = new Dictionary<string, SimulatedContent>(entries);
        _folders = folders;
    }

    /// <summary>How many writes, syncs and changes of directories there were.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation at which the power goes; every later one fails.</summary>
    public int? PowerFailsAt { get; set; }

    /// <summary>The operation that fails, if it is a sync.</summary>
    public int? SyncFailsFrom { get; set; }

    public bool SyncHasFailed { get; private set; }

    /// <summary>How many bytes the disk takes before it is full; null for any number.</summary>
    public long? Room { get; set; }

    /// <summary>Whether every change is refused, as on a disk that is mounted read-only.</summary>
    public bool IsReadOnly { get; set; }

    /// <summary>How many files were synced.</summary>
    public int Syncs { get; private set; }

    /// <summary>Runs before each sync of a file, outside the disk's lock.</summary>
    public Action? BeforeSync { get; set; }

    /// <summary>A disk that says it synced and did not: what any store must fail on.</summary>
    public bool Lies { get; init; }

    public bool IsOff => PowerFailsAt <= Operations;

    /// <summary>What is on the disk when the power is back.</summary>
    public SimulatedDisk LosePower(Random random)
    {
        lock (_lock)
        {
            foreach (var (_, apply) in _pendingEntries)
            {
                if (random.Next(2) == 0)
                    apply(_durableEntries);
            }
            var after = new Dictionary<SimulatedContent, SimulatedContent>();
            foreach (var content in _durableEntries.Values.Distinct())
                after[content] = new SimulatedContent(content.AfterPowerLoss(random));
            return new SimulatedDisk(_durableEntries.ToDictionary(entry => entry.Key, entry => after[entry.Value]), [.. _folders]) { Lies = Lies };
        }
    }

    /// <summary>The same disk after the process was killed: all that was written is still there, synced or not.</summary>
    public void EndProcess()
    {
        lock (_lock)
        {
            _locks.Clear();
            SyncHasFailed = false;
        }
    }

    /// <summary>A copy in which everything is synced, for damage and for looking at.</summary>
    public SimulatedDisk Copy()
    {
        lock (_lock)
            return new SimulatedDisk(_entries.ToDictionary(entry => entry.Key, entry => new SimulatedContent(entry.Value.Content())), [.. _folders]);
    }

    public IReadOnlyList<string> Files
    {
        get
        {
            lock (_lock)
                return [.. _entries.Keys.Order(StringComparer.Ordinal)];
        }
    }

    public byte[] Content(string path)
    {
        lock (_lock)
            return _entries[path].Content();
    }

    public void SetContent(string path, byte[] content)
    {
        lock (_lock)
            _entries[path] = _durableEntries[path] = new SimulatedContent(content);
    }

    public void CreateFolder(string path)
    {
        lock (_lock)
        {
            for (var folder = path; !string.IsNullOrEmpty(folder) && _folders.Add(folder); folder = Path.GetDirectoryName(folder))
                Operate();
        }
    }

    public bool FolderExists(string path)
    {
        lock (_lock)
            return _folders.Contains(path);
    }

    public bool FileExists(string path)
    {
        lock (_lock)
            return _entries.ContainsKey(path);
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock)
            return [.. _entries.Keys.Concat(_folders).Where(path => Path.GetDirectoryName(path) == folder).Select(path => Path.GetFileName(path))];
    }

    public IStoreFile Create(string path)
    {
        lock (_lock)
        {
            Operate();
            if (_entries.TryGetValue(path, out var known))
            {
                known.SetLength(0);
                return new SimulatedFile(this, known);
            }
            var node = new SimulatedContent([]);
            _entries[path] = node;
            Pend(path, entries => entries[path] = node);
            return new SimulatedFile(this, node);
        }
    }

    public IStoreFile Open(string path, bool write)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(path, out var node)
                ? new SimulatedFile(this, node)
                : throw new FileNotFoundException($"There is no '{path}'.", path);
        }
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            Operate();
            var node = _entries[from];
            _entries.Remove(from);
            _entries[to] = node;
            Pend(to, entries =>
            {
                entries.Remove(from);
                entries[to] = node;
            });
        }
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            Operate();
            _entries.Remove(path);
            Pend(path, entries => entries.Remove(path));
        }
    }

    public void DeleteFolder(string path)
    {
        lock (_lock)
        {
            Operate();
            _folders.Remove(path);
        }
    }

    public void SyncFolder(string path)
    {
        lock (_lock)
        {
            Operate(sync: true);
            if (Lies)
                return;
            foreach (var (folder, apply) in _pendingEntries)
            {
                if (folder == path)
                    apply(_durableEntries);
            }
            _pendingEntries.RemoveAll(pending => pending.Folder == path);
        }
    }

    public IDisposable? TryLock(string path)
    {
        lock (_lock)
            return _locks.Add(path) ? new SimulatedLock(this, path) : null;
    }

    private void Pend(string path, Action<Dictionary<string, SimulatedContent>> apply) => _pendingEntries.Add((Path.GetDirectoryName(path)!, apply));

    private void Operate(bool sync = false)
    {
        if (IsOff)
            throw new IOException("The power is off.");
        if (IsReadOnly)
            throw new IOException("Read-only file system", 30);
        Operations++;
        if (sync && SyncFailsFrom <= Operations)
        {
            SyncFailsFrom = null;
            SyncHasFailed = true;
            throw new IOException("Input/output error", 5);
        }
    }

    private sealed class SimulatedFile(SimulatedDisk disk, SimulatedContent node) : IStoreFile
    {
        public long Length
        {
            get
            {
                lock (disk._lock)
                    return node.Length;
            }
        }

        public int Read(long offset, Span<byte> buffer)
        {
            lock (disk._lock)
                return node.Read(offset, buffer);
        }

        public void Write(long offset, ReadOnlySpan<byte> data)
        {
            lock (disk._lock)
            {
                if (disk.Room < data.Length)
                {
                    node.Write(offset, data[..(int)disk.Room]);
                    disk.Room = 0;
                    throw new IOException("No space left on device", 28);
                }
                disk.Room -= data.Length;
                // Power may go within a write: a part of it is written, none of it synced.
                if (!disk.IsOff && disk.PowerFailsAt == disk.Operations + 1)
                    node.Write(offset, data[..(data.Length / 2)]);
                disk.Operate();
                node.Write(offset, data);
            }
        }

        public void SetLength(long length)
        {
            lock (disk._lock)
            {
                disk.Operate();
                node.SetLength(length);
            }
        }

        public void Sync()
        {
            disk.BeforeSync?.Invoke();
            lock (disk._lock)
            {
                disk.Syncs++;
                try
                {
                    disk.Operate(sync: true);
                }
                catch (IOException) when (!disk.IsOff)
                {
                    node.DropDirty();
                    throw;
                }
                if (!disk.Lies)
                    node.Sync();
            }
        }

        public void Dispose()
        {
        }
    }

    private sealed class SimulatedLock(SimulatedDisk disk, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (disk._lock)
                disk._locks.Remove(path);
        }
    }
}
