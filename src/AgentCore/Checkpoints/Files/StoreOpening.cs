namespace AgentCore.Checkpoints.Files;

/// <summary>Opens a store's folder: finds what is whole, cuts what was torn, and says what it did.</summary>
internal sealed class StoreOpening(FileStoreOptions options)
{
    private readonly IStoreFiles _files = options.Files;
    private readonly string _folder = options.Folder;
    private readonly List<StoreDamage> _damage = [];
    private long _tornBytes;
    private string? _tornFile;
    private int _scanned;

    public StoreIndex Index { get; private set; } = new();

    public SegmentSet Segments { get; private set; } = null!;

    public BlobFolder Blobs { get; private set; } = null!;

    public StoreReport Report { get; private set; } = new();

    /// <summary>Opens the folder.</summary>
    public static StoreOpening Run(FileStoreOptions options)
    {
        for (var attempt = 1; ; attempt++)
        {
            var opening = new StoreOpening(options);
            try
            {
                opening.Run();
                return opening;
            }
            catch (Exception e) when (options.ReadOnly && attempt < 5 && (StoreErrors.IsDisk(e) || e is StoreDamagedException))
            {
                // The writer may have compacted between two of our reads: what the new manifest names is there.
            }
        }
    }

    private void Run()
    {
        var manifest = LoadManifest();
        var key = OpenKey(manifest);
        Segments = new SegmentSet(_files, _folder, manifest, key);
        try
        {
            foreach (var entry in manifest.Segments)
                ReadSegment(entry);
            Index.Loaded();
            Blobs = new BlobFolder(_files, _folder, manifest.Store, key, options.Durability == StoreDurability.PowerLoss);
            Blobs.Load();
            var removed = 0;
            if (!options.ReadOnly)
            {
                SecureTail();
                removed = RemoveOrphans(manifest) + Blobs.RemoveOrphans(Index.LogNames);
            }
            Report = new StoreReport
            {
                TornBytes = _tornBytes,
                TornFile = _tornFile,
                ScannedSegments = _scanned,
                RemovedFiles = removed,
                Damage = [.. _damage, .. Index.Damage],
            };
        }
        catch
        {
            Segments.Dispose();
            throw;
        }
    }

    private StoreManifest LoadManifest()
    {
        var path = Path.Combine(_folder, StoreManifest.FileName);
        if (_files.FileExists(path))
            return StoreManifest.Load(_files, _folder);
        foreach (var name in _files.List(_folder).Where(IsSegment))
        {
            using var file = _files.Open(Path.Combine(_folder, name), write: false);
            // A crash within the creation leaves one segment without a batch, and nothing that anybody was promised.
            if (file.Length > Segment.HeaderBytes)
                throw new StoreDamagedException(path, 0, 0, $"The file is missing, though '{name}' holds data.");
        }
        return options.ReadOnly
            ? throw new StoreException($"There is no store in '{_folder}'. Check the folder, or run something that creates it.")
            : SegmentSet.CreateStore(_files, _folder, options.Key);
    }

    private byte[]? OpenKey(StoreManifest manifest) => (manifest.Key, options.Key) switch
    {
        (null, null) => null,
        (null, _) => throw new StoreException($"The store '{_folder}' is not encrypted, and a key was given. Open it without one, or create a new store."),
        (_, null) => throw new StoreException($"The store '{_folder}' is encrypted: give the key that it was created with (FileStoreOptions.Key)."),
        var (kept, given) => given.Open(kept, _folder),
    };

    private void ReadSegment(ManifestSegment entry)
    {
        var path = Segments.PathOf(entry.Id);
        if (!_files.FileExists(path))
            throw new StoreDamagedException(path, 0, entry.Durable, "The file is missing.");
        var segment = new Segment(entry.Id, entry.Salt, path, _files.Open(path, !options.ReadOnly && !entry.Complete), Segments.NewCipher(entry.Salt));
        Segments.Add(segment);
        var header = new byte[Segment.HeaderBytes];
        var read = segment.File.Read(0, header);
        if (Segment.CheckHeader(header.AsSpan(0, read), Segments.Store, entry.Id, entry.Salt) is { } problem)
        {
            var damage = new StoreDamage(path, 0, Segment.HeaderBytes, $"This is no segment of this store: {problem}.");
            if (!options.OpenDamaged)
                throw new StoreDamagedException(damage.File, damage.Offset, damage.Length, damage.What);
            _damage.Add(damage);
        }
        ReadFrames(entry, segment);
    }

    private void ReadFrames(ManifestSegment entry, Segment segment)
    {
        var index = new SegmentIndexFile();
        FrameHandler load = (offset, length, ops, _) =>
        {
            Index.Apply(segment, offset, length, ops, loading: true);
            if (!entry.Complete)
                index.Add(offset, length, ops);
        };
        var covered = LoadIndex(entry, segment, load);
        segment.End = segment.Synced = Math.Max(covered, Segment.HeaderBytes);
        if (!entry.Complete)
            (Segments.ActiveIndex, Segments.ActiveIndexSavedTo) = (index, covered);
        if (covered > 0 && entry.Complete)
            return;

        if (covered == 0)
            _scanned++;
        var full = entry.Complete ? new SegmentIndexFile() : null;
        var scan = new SegmentScan(segment, entry.Durable, options.OpenDamaged);
        scan.Run(segment.End, (offset, length, ops, payload) =>
        {
            load(offset, length, ops, payload);
            full?.Add(offset, length, ops);
        });
        _damage.AddRange(scan.Damage);
        segment.Synced = Math.Max(segment.Synced, Math.Min(entry.Durable, segment.End));
        if (!entry.Complete && scan.TornBytes > 0)
        {
            _tornBytes = scan.TornBytes;
            _tornFile = segment.Path;
        }
        if (full is not null && !options.ReadOnly)
            Segments.SaveIndex(segment, full);
    }

    private long LoadIndex(ManifestSegment entry, Segment segment, FrameHandler load)
    {
        try
        {
            return SegmentIndexFile.Load(_files, segment, entry.Durable, load);
        }
        catch (FormatException e)
        {
            throw new StoreDamagedException(SegmentIndexFile.PathOf(segment.Path), 0, 0, $"{e.Message} Delete this file: it is rebuilt from the segment.");
        }
    }

    // Makes durable what a killed process left written but not synced. It is written once more: after a failed sync the
    // system may hold pages that it takes for clean and that are not on the disk.
    private void SecureTail()
    {
        // The names too: a manifest that was renamed but not synced is read here, and could still be lost.
        _files.SyncFolder(_folder);
        var active = Segments.Active;
        if (active.Synced < active.End || _tornBytes > 0)
        {
            if (_tornBytes > 0)
                active.File.SetLength(active.End);
            var buffer = new byte[1024 * 1024];
            for (var offset = active.Synced; offset < active.End; offset += buffer.Length)
            {
                var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, active.End - offset));
                active.File.Read(offset, part);
                active.File.Write(offset, part);
            }
            active.File.Sync();
            active.Synced = active.End;
        }
        // A damaged segment is closed, with an index of what is whole in it: the damage was accepted, once and knowingly.
        if (_damage.Any(damage => damage.File == active.Path))
            Segments.Roll();
    }

    private int RemoveOrphans(StoreManifest manifest)
    {
        var known = manifest.Segments.Select(entry => Path.GetFileNameWithoutExtension(Segments.PathOf(entry.Id))).ToHashSet();
        known.Add(Path.GetFileNameWithoutExtension(Segments.Active.Path));
        var removed = 0;
        foreach (var name in _files.List(_folder))
        {
            var stem = name.Split('.')[0];
            var ours = IsSegment(name) || (name.EndsWith(".idx", StringComparison.Ordinal) && IsNumber(stem));
            var temporary = name.EndsWith(".idx.tmp", StringComparison.Ordinal) || name == StoreManifest.FileName + ".tmp";
            if (!temporary && (!ours || known.Contains(stem)))
                continue;
            _files.Delete(Path.Combine(_folder, name));
            removed++;
        }
        return removed;
    }

    private static bool IsSegment(string name) => name.EndsWith(".seg", StringComparison.Ordinal) && IsNumber(name[..^4]);

    private static bool IsNumber(string text) => text.Length >= 8 && text.All(char.IsAsciiDigit);
}
