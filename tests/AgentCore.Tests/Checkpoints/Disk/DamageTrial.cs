using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AgentCore.Checkpoints;
using AgentCore.Checkpoints.Files;

namespace AgentCore.Tests.Checkpoints.Disk;

/// <summary>A store whose files are damaged anywhere: flipped, cut, duplicated, moved, zeroed and deleted bytes. Opening and
/// reading must give what was written before the damage, or say what is damaged; never anything else.</summary>
internal sealed class DamageTrial
{
    private const string Folder = "/store";
    private static readonly EncryptionKey Key = EncryptionKey.FromBytes(new byte[32]);

    private readonly Random _random;
    private readonly StoreModel _model;
    private readonly SimulatedDisk _disk = new();
    private readonly bool _closed;
    private readonly EncryptionKey? _key;
    private readonly Dictionary<string, string> _blobs = [];
    private string _lastSegment = "";

    private DamageTrial(int seed)
    {
        _random = new Random(seed);
        _model = new StoreModel(_random);
        _closed = _random.Next(2) == 0;
        _key = _random.Next(4) == 0 ? Key : null;
    }

    /// <summary>How often opening or reading said that something is damaged.</summary>
    public int Refused { get; private set; }

    /// <summary>How often all was there all the same: the damage hit what is not needed.</summary>
    public int Unharmed { get; private set; }

    /// <summary>How often a store opened with all that was whole before the damage.</summary>
    public int Recovered { get; private set; }

    /// <summary>Makes a store to damage.</summary>
    public static async Task<DamageTrial> CreateAsync(int seed)
    {
        var trial = new DamageTrial(seed);
        var store = await trial.Open(trial._disk, readOnly: false, openDamaged: false);
        for (var i = trial._random.Next(20, 80); i > 0; i--)
        {
            if (trial._random.Next(20) == 0)
            {
                var log = $"log-{trial._random.Next(8)}";
                trial._blobs[await store.PutBlobAsync(log, Encoding.UTF8.GetBytes("blob of " + log))] = log;
            }
            await store.CommitAsync(trial._model.Next(durable: trial._random.Next(2) == 0));
            if (trial._random.Next(30) == 0)
                await store.CompactAsync(new CompactionOptions { MinGarbage = 0.2 });
        }
        if (trial._closed)
            await store.DisposeAsync();
        trial._disk.EndProcess();
        // Not the one with the largest number: a compaction's copies are younger and lie before it.
        trial._lastSegment = $"{Folder}/{StoreManifest.Load(trial._disk, Folder).Segments[^1].Id:d8}.seg";
        return trial;
    }

    /// <summary>Damages a copy of the store once and looks at it; returns what was wrong, or null.</summary>
    public async Task<string?> RunAsync(int seed)
    {
        var random = new Random(seed);
        var disk = _disk.Copy();
        var files = disk.Files.Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.EndsWith(".owner", StringComparison.Ordinal)).ToArray();
        var file = files[random.Next(files.Length)];
        var (what, from) = Damage(disk, file, random);
        var openDamaged = random.Next(4) == 0;
        try
        {
            return await Look(disk, file, from, random.Next(4) == 0, openDamaged) is { } wrong ? $"{file}: {what}: {wrong}" : null;
        }
        catch (StoreException e)
        {
            Refused++;
            return e.Message.Contains(Folder, StringComparison.Ordinal) ? null : $"{file}: {what}: the error names no file: {e.Message}";
        }
        catch (Exception e)
        {
            return $"{file}: {what}: {e}";
        }
    }

    private static (string What, long From) Damage(SimulatedDisk disk, string file, Random random)
    {
        var content = disk.Content(file);
        if (content.Length == 0)
            return ("nothing", 0);
        var at = random.Next(content.Length);
        var length = Math.Min(random.Next(3) == 0 ? random.Next(1, 5000) : random.Next(1, 40), content.Length - at);
        switch (random.Next(9))
        {
            case 0:
                content[at] ^= (byte)(1 << random.Next(8));
                disk.SetContent(file, content);
                return ($"a bit flipped at {at}", at);
            case 1:
                random.NextBytes(content.AsSpan(at, length));
                disk.SetContent(file, content);
                return ($"{length} bytes overwritten at {at}", at);
            case 2:
                content.AsSpan(at, length).Clear();
                disk.SetContent(file, content);
                return ($"{length} bytes zeroed at {at}", at);
            case 3:
                disk.SetContent(file, [.. content[..at], .. content[(at + length)..]]);
                return ($"{length} bytes cut out at {at}", at);
            case 4:
                disk.SetContent(file, content[..at]);
                return ($"cut at {at}", at);
            case 5:
                disk.SetContent(file, [.. content[..(at + length)], .. content[at..]]);
                return ($"{length} bytes doubled at {at}", at + length);
            case 6:
                disk.SetContent(file, [.. content, .. content[at..]]);
                return ($"all from {at} appended again", content.Length);
            case 7:
                var other = disk.Files.Where(path => Path.GetExtension(path) == Path.GetExtension(file)).OrderBy(_ => random.Next()).First();
                var others = disk.Content(other);
                disk.SetContent(other, content);
                disk.SetContent(file, others);
                return ($"swapped with {other}", other == file ? content.Length : 0);
            default:
                disk.Delete(file);
                return ("deleted", 0);
        }
    }

    private async Task<string?> Look(SimulatedDisk disk, string file, long from, bool readOnly, bool openDamaged)
    {
        await using var store = await Open(disk, readOnly, openDamaged);
        var (content, errors) = await ReadWhatCanBeRead(store);
        if (await WrongBlob(store) is { } blob)
            return blob;
        if (openDamaged && !store.Report.IsWhole)
        {
            Recovered++;
            return content.Logs.SelectMany(log => log.Value).FirstOrDefault(record => !_model.Written.Contains(record)) is { } alien
                ? $"a record that was never written: {alien}"
                : null;
        }
        var mayLoseTail = !_closed && file == _lastSegment;
        if (errors == 0)
        {
            var atLeast = mayLoseTail ? _model.Count - FramesFrom(from) : _model.Count;
            if (content.Batches < atLeast)
                return $"{atLeast} batches are whole before the damage, {content.Batches} were recovered, and nothing was said.";
            if (content.Batches > _model.Count || StoreModel.Describe(content) != _model.StateAfter(content.Batches))
                return $"the store does not hold what it held after {content.Batches} batches";
            _ = content.Batches < _model.Count ? Recovered++ : Unharmed++;
            return null;
        }
        Refused++;
        if (mayLoseTail)
            return "what opening took for whole can't be read";
        var wrong = content.Logs.FirstOrDefault(log => !log.Value.SequenceEqual(_model.Logs.GetValueOrDefault(log.Key, []).Take(log.Value.Count)));
        if (wrong.Key is not null)
            return $"{wrong.Key} holds other records";
        var document = content.Documents.FirstOrDefault(document => _model.Documents.GetValueOrDefault(document.Key) != document.Value);
        return document.Key is null ? null : $"{document.Key} holds another value";
    }

    // The frames of the last segment that end behind an offset: they may be lost with the damage.
    private int FramesFrom(long damage)
    {
        var content = _disk.Content(_lastSegment);
        var salt = BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(24));
        var behind = 0;
        long position = Segment.HeaderBytes;
        while (position < content.Length && Frame.TryRead(content.AsSpan((int)position), salt, position, out var frame))
        {
            position += frame.TotalLength;
            if (position > damage)
                behind++;
        }
        return behind;
    }

    private static async Task<(StoreContent Content, int Errors)> ReadWhatCanBeRead(FileCheckpointStore store)
    {
        var errors = 0;
        var logs = new Dictionary<string, List<string>>();
        foreach (var log in StoreModel.LogNames())
        {
            var records = new List<string>();
            try
            {
                await foreach (var record in store.ReadAsync(log))
                    records.Add(Encoding.UTF8.GetString(record.Span));
            }
            catch (StoreException)
            {
                errors++;
            }
            if (records.Count > 0)
                logs[log] = records;
        }
        var documents = new Dictionary<string, (string Value, long Version)>();
        foreach (var key in StoreModel.DocumentKeys())
        {
            try
            {
                if (await store.GetAsync("d", key) is { } document)
                    documents[key] = (Encoding.UTF8.GetString(document.Value.Span), document.Version);
            }
            catch (StoreException)
            {
                errors++;
            }
        }
        var batches = documents.TryGetValue("number", out var number) ? int.Parse(number.Value, CultureInfo.InvariantCulture) : 0;
        return (new StoreContent(batches, logs, documents), errors);
    }

    private async Task<string?> WrongBlob(FileCheckpointStore store)
    {
        foreach (var (reference, log) in _blobs)
        {
            try
            {
                if (Encoding.UTF8.GetString((await store.GetBlobAsync(log, reference)).Span) != "blob of " + log)
                    return "a blob holds something else";
            }
            catch (StoreException)
            {
                // It is damaged, or went with its log.
            }
        }
        return null;
    }

    private ValueTask<FileCheckpointStore> Open(SimulatedDisk disk, bool readOnly, bool openDamaged) => FileCheckpointStore.OpenAsync(new FileStoreOptions
    {
        Folder = Folder,
        Files = disk,
        SegmentBytes = 64 * 1024,
        Key = _key,
        ReadOnly = readOnly,
        OpenDamaged = openDamaged,
    });
}
