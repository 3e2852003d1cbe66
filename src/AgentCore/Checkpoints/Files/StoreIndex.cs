using System.Diagnostics.CodeAnalysis;

namespace AgentCore.Checkpoints.Files;

/// <summary>Where everything lies: in memory, rebuilt at opening. Records and documents themselves stay on disk.</summary>
/// <remarks>The one writer first <em>assigns</em> positions and versions (what the next batch must expect), writes, and then
/// <em>applies</em> what it wrote, which readers see. All members take the lock.</remarks>
internal sealed class StoreIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LogEntry> _logs = [];
    private readonly Dictionary<string, DocumentTable> _collections = [];

    public List<StoreDamage> Damage { get; } = [];

    public int LogCount
    {
        get
        {
            lock (_lock)
                return _logs.Count;
        }
    }

    /// <summary>Checks a batch against all that was assigned before it and assigns its positions and versions.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="numbers">Receives each operation's position or version.</param>
    /// <exception cref="StoreConflictException">Another writer was there first; nothing was assigned.</exception>
    /// <exception cref="StoreException">A log to append to is damaged.</exception>
    public void Assign(IReadOnlyList<StoreOperation> batch, List<long> numbers)
    {
        numbers.Clear();
        lock (_lock)
        {
            var undo = new Undo(this);
            foreach (var op in batch)
            {
                try
                {
                    numbers.Add(AssignOne(op, ref undo));
                }
                catch
                {
                    undo.Run();
                    throw;
                }
            }
        }
    }

    /// <summary>Makes a written or loaded frame's operations visible.</summary>
    public void Apply(Segment segment, int frameOffset, int frameLength, ReadOnlySpan<StoredOp> ops, bool loading = false)
    {
        lock (_lock)
        {
            foreach (var op in ops)
                ApplyOne(op, new Location(segment, frameOffset, frameLength, op.DataOffset, op.DataLength, op.Weight), loading);
        }
    }

    /// <summary>Ends the loading: puts the collections' keys in order.</summary>
    public void Loaded()
    {
        lock (_lock)
        {
            foreach (var table in _collections.Values)
                table.SortKeys();
            foreach (var log in _logs.Values.Where(log => log.Damage is not null))
                Damage.Add(new StoreDamage(log.DamageFile!, 0, 0, $"Log '{log.Name}': {log.Damage}"));
        }
    }

    /// <summary>A log's state for a reader: the entry with its generation and length. False where there is none.</summary>
    public bool TryGetLog(string name, [MaybeNullWhen(false)] out LogEntry log, out int generation, out int count)
    {
        lock (_lock)
        {
            if (_logs.TryGetValue(name, out log) && (log.Count > 0 || log.Damage is not null))
            {
                generation = log.Generation;
                count = log.Count;
                return true;
            }
        }
        (log, generation, count) = (null, 0, 0);
        return false;
    }

    /// <summary>Where a record lies now, with its segment held open for the caller; null when the log was deleted since.</summary>
    public Location? Locate(LogEntry log, int generation, int position)
    {
        lock (_lock)
        {
            if (log.Generation != generation)
                return null;
            var location = log.Records[position];
            location.Segment.Acquire();
            return location;
        }
    }

    /// <summary>Where a document lies, with its segment held open for the caller; null where there is none.</summary>
    public (Location Location, long Version)? Locate(string collection, string key)
    {
        lock (_lock)
        {
            if (!_collections.TryGetValue(collection, out var table) || !table.Entries.TryGetValue(key, out var entry) || entry.Version == 0)
                return null;
            entry.Location.Segment.Acquire();
            return (entry.Location, entry.Version);
        }
    }

    /// <summary>Fills a page of a collection's keys behind <paramref name="after"/>; an empty page is the end.</summary>
    public void ListKeys(string collection, string prefix, bool descending, string? after, List<string> page, int pageSize)
    {
        page.Clear();
        lock (_lock)
        {
            if (_collections.TryGetValue(collection, out var table))
                table.ListKeys(prefix, descending, after, page, pageSize);
        }
    }

    public IReadOnlyList<string> LogNames()
    {
        lock (_lock)
            return [.. _logs.Values.Where(log => log.Count > 0).Select(log => log.Name)];
    }

    /// <summary>What a log takes in the segments, in bytes.</summary>
    public long LogBytes(string name)
    {
        lock (_lock)
            return _logs.TryGetValue(name, out var log) ? log.Records.Take(log.Count).Sum(record => (long)record.Weight) : 0;
    }

    /// <summary>Whether an operation that lies here is still what readers see.</summary>
    public bool IsLive(StoredOp op, Segment segment, int frameOffset)
    {
        lock (_lock)
            return Find(op, segment, frameOffset) is not null;
    }

    /// <summary>Points what is still live to its copy.</summary>
    public void Move(StoredOp op, Segment from, int fromFrame, Location to)
    {
        lock (_lock)
        {
            to.Segment.DataOps++;
            to.Segment.DataBytes += to.Weight;
            switch (Find(op, from, fromFrame))
            {
                case LogEntry log:
                    log.Records[(int)op.Number] = to;
                    break;
                case DocumentEntry document:
                    document.Location = to;
                    break;
                default:
                    return; // it was deleted or replaced meanwhile: the copy is garbage
            }
            Live(to, 1);
        }
    }

    /// <summary>The share of a segment's data that is deleted or replaced.</summary>
    public double Garbage(Segment segment)
    {
        lock (_lock)
            return segment.DataOps == segment.LiveOps ? 0 : 1 - ((double)segment.LiveBytes / segment.DataBytes);
    }

    public bool HasNoGarbage(Segment segment)
    {
        lock (_lock)
            return segment.DataOps == segment.LiveOps;
    }

    public bool IsOnlyDeletions(Segment segment)
    {
        lock (_lock)
            return segment.DataOps == 0 && segment.Tombstones > 0;
    }

    public int LiveOps(Segment segment)
    {
        lock (_lock)
            return segment.LiveOps;
    }

    private object? Find(StoredOp op, Segment segment, int frameOffset)
    {
        if (op.Kind == StoreOperationKind.Append)
            return _logs.TryGetValue(op.Key, out var log) && op.Number < log.Count && Is(log.Records[(int)op.Number]) ? log : null;
        return op.Kind == StoreOperationKind.Put && _collections.TryGetValue(op.Collection, out var table)
            && table.Entries.TryGetValue(op.Key, out var entry) && entry.Version == op.Number && Is(entry.Location) ? entry : null;

        bool Is(Location location) =>
            ReferenceEquals(location.Segment, segment) && location.FrameOffset == frameOffset && location.DataOffset == op.DataOffset;
    }

    private long AssignOne(StoreOperation op, ref Undo undo)
    {
        switch (op.Kind)
        {
            case StoreOperationKind.Append:
                var log = _logs.TryGetValue(op.Key, out var known) ? known : _logs[op.Key] = new LogEntry(op.Key);
                undo.Add(log, log.Assigned);
                if (log.Damage is not null)
                    throw new StoreException($"The log '{op.Key}' is damaged and takes no more records: {log.Damage}");
                if (op.Expected != log.Assigned)
                    throw new StoreConflictException(op.Key, op.Expected ?? -1, log.Assigned);
                return log.Assigned++;

            case StoreOperationKind.DeleteLog:
                if (_logs.TryGetValue(op.Key, out var deleted))
                {
                    undo.Add(deleted, deleted.Assigned);
                    deleted.Assigned = 0;
                }
                return 0;

            case StoreOperationKind.Put:
                if (!_collections.TryGetValue(op.Collection, out var table))
                    _collections[op.Collection] = table = new DocumentTable();
                if (!table.Entries.TryGetValue(op.Key, out var document))
                    table.Entries[op.Key] = document = new DocumentEntry(table, op.Key);
                undo.Add(document, document.Assigned);
                if (op.Expected is { } expected && expected != document.Assigned)
                    throw new StoreConflictException($"{op.Collection}/{op.Key}", expected, document.Assigned);
                return ++document.Assigned;

            default:
                if (_collections.TryGetValue(op.Collection, out var holder) && holder.Entries.TryGetValue(op.Key, out var gone))
                {
                    undo.Add(gone, gone.Assigned);
                    gone.Assigned = 0;
                }
                return 0;
        }
    }

    private void ApplyOne(StoredOp op, Location location, bool loading)
    {
        switch (op.Kind)
        {
            case StoreOperationKind.Append:
                if (!_logs.TryGetValue(op.Key, out var log))
                    _logs[op.Key] = log = new LogEntry(op.Key);
                location.Segment.DataOps++;
                location.Segment.DataBytes += location.Weight;
                if (log.Damage is not null || op.Number != log.Count)
                {
                    NoteGap(log, op, location);
                    return;
                }
                log.Add(location);
                if (loading)
                    log.Assigned = log.Count;
                Live(location, 1);
                break;

            case StoreOperationKind.DeleteLog:
                location.Segment.Tombstones++;
                if (!_logs.TryGetValue(op.Key, out var deleted))
                    return;
                for (var i = 0; i < deleted.Count; i++)
                    Live(deleted.Records[i], -1);
                deleted.Reset();
                if (loading || deleted.Assigned == 0)
                    _logs.Remove(op.Key);
                break;

            case StoreOperationKind.Put:
                if (!_collections.TryGetValue(op.Collection, out var table))
                    _collections[op.Collection] = table = new DocumentTable();
                if (!table.Entries.TryGetValue(op.Key, out var document))
                    table.Entries[op.Key] = document = new DocumentEntry(table, op.Key);
                if (document.Version > 0)
                    Live(document.Location, -1);
                else if (!loading)
                    table.AddKey(op.Key);
                document.Location = location;
                document.Version = op.Number;
                if (loading)
                    document.Assigned = op.Number;
                location.Segment.DataOps++;
                location.Segment.DataBytes += location.Weight;
                Live(location, 1);
                break;

            default:
                location.Segment.Tombstones++;
                if (!_collections.TryGetValue(op.Collection, out var holder) || !holder.Entries.TryGetValue(op.Key, out var gone))
                    return;
                if (gone.Version > 0)
                {
                    Live(gone.Location, -1);
                    if (!loading)
                        holder.RemoveKey(op.Key);
                    gone.Version = 0;
                }
                if (loading || gone.Assigned == 0)
                    holder.Entries.Remove(op.Key);
                break;
        }
    }

    // A store that was opened damaged has gaps; so has, until its deletion is read, a log that a compaction has removed in part.
    private static void NoteGap(LogEntry log, StoredOp op, Location location)
    {
        if (log.Damage is not null)
            return;
        log.Damage = $"records from {log.Count} on are missing; the next one found is {op.Number}.";
        log.DamageFile = location.Segment.Path;
    }

    private static void Live(Location location, int sign)
    {
        location.Segment.LiveOps += sign;
        location.Segment.LiveBytes += sign * location.Weight;
    }

    private struct Undo(StoreIndex index)
    {
        private List<(object Entry, long Assigned)>? _entries;

        public void Add(object entry, long assigned) => (_entries ??= []).Add((entry, assigned));

        public readonly void Run()
        {
            for (var i = (_entries?.Count ?? 0) - 1; i >= 0; i--)
            {
                var (entry, assigned) = _entries![i];
                switch (entry)
                {
                    case LogEntry log:
                        log.Assigned = (int)assigned;
                        if (assigned == 0 && log.Count == 0 && log.Damage is null)
                            index._logs.Remove(log.Name);
                        break;
                    case DocumentEntry document:
                        document.Assigned = assigned;
                        if (assigned == 0 && document.Version == 0)
                            document.Table.Entries.Remove(document.Key);
                        break;
                }
            }
        }
    }
}
