using System.Security.Cryptography;
using System.Text;

namespace AgentCore.Checkpoints.Files;

/// <summary>Large values, one file each, in one folder per log. The folder's name is a hash of the log's, so any name will do.</summary>
/// <remarks>File: magic (8), salt (8), CRC-32C of the body (4), body; the body is sealed where the store is encrypted. Both are
/// tied to the reference, so that no value passes for another.</remarks>
internal sealed class BlobFolder(IStoreFiles files, string storeFolder, Guid store, byte[]? key, bool sync)
{
    private const int HeaderBytes = 20;
    private const string Extension = ".blob";
    private static readonly byte[] Magic = "ACBLOB1\n"u8.ToArray();

    private readonly string _root = Path.Combine(storeFolder, "blobs");
    private readonly byte[] _nameKey = key ?? store.ToByteArray();
    private readonly HashSet<string> _folders = [];
    private readonly HashSet<string> _putHere = [];
    private readonly Lock _lock = new();

    /// <summary>Finds which logs have blobs.</summary>
    public void Load()
    {
        foreach (var name in files.List(_root))
            _folders.Add(name);
    }

    public string Put(string log, ReadOnlySpan<byte> data)
    {
        var name = FolderOf(log);
        var folder = Path.Combine(_root, name);
        var reference = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var salt = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        var content = new ByteWriter(data.Length + 64);
        content.Bytes(Magic);
        content.UInt64(salt);
        content.Reserve(4);
        if (key is not null)
            content.Reserve(SegmentCipher.NonceBytes);
        content.Bytes(data);
        if (key is not null)
        {
            content.Reserve(SegmentCipher.TagBytes);
            using var cipher = new SegmentCipher(key, salt, "blob");
            cipher.Seal(content.WrittenSpan(HeaderBytes, content.Length - HeaderBytes), PlaceOf(reference));
        }
        var crc = Crc.Of(content.Written[HeaderBytes..], Crc.Seed(salt, PlaceOf(reference)));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(content.WrittenSpan(16, 4), crc);

        var path = Path.Combine(folder, reference + Extension);
        using (var file = CreateFile(name, folder, path + ".tmp"))
        {
            file.Write(0, content.Written);
            if (sync)
                file.Sync();
        }
        files.Rename(path + ".tmp", path);
        if (sync)
            files.SyncFolder(folder);
        return reference;
    }

    public ReadOnlyMemory<byte> Get(string log, string reference)
    {
        if (reference.Length != 32 || !reference.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException($"'{reference}' is no reference that PutBlobAsync returned.", nameof(reference));
        var path = Path.Combine(_root, FolderOf(log), reference + Extension);
        if (!files.FileExists(path))
            throw new StoreException($"The value '{reference}' of '{log}' is missing: there is no file '{path}'. It goes with its log.");
        byte[] content;
        using (var file = files.Open(path, write: false))
        {
            content = new byte[file.Length];
            file.Read(0, content);
        }
        if (content.Length < HeaderBytes || !content.AsSpan(0, 8).SequenceEqual(Magic))
            throw Damaged(path, content);
        var reader = new ByteReader(content.AsSpan(8));
        var salt = reader.UInt64();
        var body = content.AsMemory(HeaderBytes);
        if (reader.UInt32() != Crc.Of(body.Span, Crc.Seed(salt, PlaceOf(reference))))
            throw Damaged(path, content);
        if (key is null)
            return body;
        using var cipher = new SegmentCipher(key, salt, "blob");
        return cipher.Open(body, PlaceOf(reference)) ?? throw Damaged(path, content);
    }

    /// <summary>The files that go when a log is deleted now; what is put for the same name later stays.</summary>
    public IReadOnlyList<string> FilesOf(string log)
    {
        var name = FolderOf(log);
        lock (_lock)
        {
            if (!_folders.Contains(name))
                return [];
        }
        var folder = Path.Combine(_root, name);
        return [.. files.List(folder).Select(file => Path.Combine(folder, file))];
    }

    /// <summary>Removes files, and their folders where nothing else is in them. A file that cannot be removed is left for the
    /// next opening: its log is gone already.</summary>
    public int Remove(IReadOnlyList<string> paths)
    {
        var removed = 0;
        try
        {
            foreach (var path in paths)
            {
                if (!files.FileExists(path))
                    continue;
                files.Delete(path);
                removed++;
            }
            foreach (var folder in paths.Select(path => Path.GetDirectoryName(path)!).Distinct())
                RemoveFolder(folder);
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
            // Collected at the next opening.
        }
        return removed;
    }

    /// <summary>Removes the blobs of logs that are not there. Those put since the store was opened stay: their log may be about
    /// to be written.</summary>
    public int RemoveOrphans(Func<IReadOnlyList<string>> logNames)
    {
        List<string> candidates;
        lock (_lock)
            candidates = [.. _folders.Except(_putHere)];
        if (candidates.Count == 0)
            return 0;
        var live = logNames().Select(FolderOf).ToHashSet();
        var removed = 0;
        foreach (var name in candidates.Where(name => !live.Contains(name)))
        {
            var folder = Path.Combine(_root, name);
            removed += Remove([.. files.List(folder).Select(file => Path.Combine(folder, file))]);
            RemoveFolder(folder);
        }
        return removed;
    }

    // Under the lock, so that the folder isn't removed as empty between the two.
    private IStoreFile CreateFile(string name, string folder, string path)
    {
        lock (_lock)
        {
            files.CreateFolder(folder);
            _folders.Add(name);
            _putHere.Add(name);
            return files.Create(path);
        }
    }

    private void RemoveFolder(string folder)
    {
        lock (_lock)
        {
            if (!files.FolderExists(folder) || files.List(folder).Count > 0)
                return;
            files.DeleteFolder(folder);
            _folders.Remove(Path.GetFileName(folder));
        }
    }

    private static long PlaceOf(string reference) => BitConverter.ToInt64(Convert.FromHexString(reference));

    private string FolderOf(string log) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_nameKey, Encoding.UTF8.GetBytes(log)).AsSpan(0, 16));

    private static StoreDamagedException Damaged(string path, byte[] content) =>
        new(path, 0, content.Length, "The value is not what was written.");
}
