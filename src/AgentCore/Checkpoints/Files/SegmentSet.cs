using System.Globalization;
using System.Security.Cryptography;

namespace AgentCore.Checkpoints.Files;

/// <summary>The segments of an open store and the manifest that names them.</summary>
internal sealed class SegmentSet(IStoreFiles files, string folder, StoreManifest manifest, byte[]? key) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Segment> _segments = [];
    private StoreManifest _manifest = manifest;
    private long _nextId = manifest.NextSegment;

    /// <summary>The segment that is appended to.</summary>
    public Segment Active { get; private set; } = null!;

    /// <summary>The index of the active segment, as it will be saved.</summary>
    public SegmentIndexFile ActiveIndex { get; set; } = new();

    /// <summary>The length of the active segment that the index and the manifest on disk cover; 0 for none.</summary>
    public long ActiveIndexSavedTo { get; set; }

    public Guid Store => _manifest.Store;

    public IReadOnlyList<Segment> All
    {
        get
        {
            lock (_lock)
                return [.. _segments];
        }
    }

    public string PathOf(long id) => Path.Combine(folder, id.ToString("d8", CultureInfo.InvariantCulture) + ".seg");

    public SegmentCipher? NewCipher(ulong salt) => key is null ? null : new SegmentCipher(key, salt, "segment");

    /// <summary>Adds a segment that opening has read; the last one added is the active one.</summary>
    public void Add(Segment segment)
    {
        _segments.Add(segment);
        Active = segment;
    }

    /// <summary>Creates the next segment's file, with its header and directory entry durable. No manifest names it yet.</summary>
    public Segment Create()
    {
        var id = Interlocked.Increment(ref _nextId) - 1;
        var salt = NewSalt();
        var path = PathOf(id);
        var file = CreateFile(files, folder, path, Segment.Header(Store, id, salt, key is not null));
        return new Segment(id, salt, path, file, NewCipher(salt));
    }

    /// <summary>Completes the active segment and begins the next one.</summary>
    public void Roll()
    {
        var full = Active;
        full.File.Sync();
        full.Synced = full.End;
        SaveIndex(full, ActiveIndex);
        var next = Create();
        lock (_lock)
        {
            _segments.Add(next);
            SaveManifest(complete: full);
            Active = next;
            ActiveIndex = new SegmentIndexFile();
            ActiveIndexSavedTo = 0;
        }
    }

    /// <summary>Puts compacted segments in the place of others, at one instant, and removes those.</summary>
    public void Replace(IReadOnlyList<Segment> old, IReadOnlyList<Segment> replacement)
    {
        lock (_lock)
        {
            var before = _segments.ToArray();
            var place = _segments.IndexOf(old[0]);
            _segments.RemoveRange(place, old.Count);
            _segments.InsertRange(place, replacement);
            try
            {
                SaveManifest(complete: null);
            }
            catch
            {
                _segments.Clear();
                _segments.AddRange(before);
                throw;
            }
        }
    }

    /// <summary>Syncs everything and writes down how far, so that the next opening reads no frames.</summary>
    public void Close()
    {
        if (Active.Synced < Active.End)
            Active.File.Sync();
        Active.Synced = Active.End;
        if (Active.End == ActiveIndexSavedTo)
            return;
        SaveIndex(Active, ActiveIndex);
        try
        {
            lock (_lock)
                SaveManifest(complete: null);
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
            // All is synced; without this note, the next opening reads the last segment. Either manifest serves.
        }
    }

    /// <summary>Saves an index beside a segment. It is a convenience: a full disk must not fail a store for it.</summary>
    public void SaveIndex(Segment segment, SegmentIndexFile index)
    {
        try
        {
            index.Save(files, folder, segment);
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
            // The segment is read instead, the next time.
        }
    }

    public void Dispose()
    {
        foreach (var segment in _segments)
            segment.Dispose();
    }

    /// <summary>Creates a store: its first segment, then the manifest that makes it one.</summary>
    public static StoreManifest CreateStore(IStoreFiles files, string folder, EncryptionKey? key)
    {
        var store = Guid.NewGuid();
        var salt = NewSalt();
        var path = Path.Combine(folder, "00000001.seg");
        CreateFile(files, folder, path, Segment.Header(store, 1, salt, key is not null)).Dispose();
        var manifest = new StoreManifest(store, 2, [new ManifestSegment(1, salt, Segment.HeaderBytes, false)], key?.NewManifestKey());
        manifest.Save(files, folder);
        return manifest;
    }

    private static IStoreFile CreateFile(IStoreFiles files, string folder, string path, byte[] header)
    {
        var file = files.Create(path);
        try
        {
            file.Write(0, header);
            file.Sync();
            files.SyncFolder(folder);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void SaveManifest(Segment? complete)
    {
        var known = _manifest.Segments.ToDictionary(segment => segment.Id);
        var last = _segments[^1];
        var saved = _manifest with
        {
            NextSegment = Interlocked.Read(ref _nextId),
            Segments = [.. _segments.Select(segment => segment == last
                ? new ManifestSegment(segment.Id, segment.Salt, segment.Synced, false)
                : known.TryGetValue(segment.Id, out var entry) && entry.Complete && segment != complete
                    ? entry
                    : new ManifestSegment(segment.Id, segment.Salt, segment.End, true))],
        };
        saved.Save(files, folder);
        _manifest = saved;
    }

    private static ulong NewSalt() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
