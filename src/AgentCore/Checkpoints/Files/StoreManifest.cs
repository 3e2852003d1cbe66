using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentCore.Checkpoints.Files;

/// <summary>The one file that says which segments make up a store, and in which order. It is replaced as a whole, by a rename,
/// so every change of the set (a new segment, a compaction) happens at one instant.</summary>
/// <param name="Store">The store's identity.</param>
/// <param name="NextSegment">The number that the next segment gets.</param>
/// <param name="Segments">The segments in order; the last one is appended to.</param>
/// <param name="Key">How the encryption key is derived and checked; null where the store is not encrypted.</param>
internal sealed record StoreManifest(Guid Store, long NextSegment, IReadOnlyList<ManifestSegment> Segments, ManifestKey? Key)
{
    public const string FileName = "store.manifest";
    public const int Format = 1;
    private const string Magic = "agentcore-store";

    /// <summary>Replaces the manifest on disk. When it returns, the change survives a power loss.</summary>
    public void Save(IStoreFiles files, string folder)
    {
        var path = Path.Combine(folder, FileName);
        var body = JsonSerializer.SerializeToUtf8Bytes(this);
        var content = (byte[])[.. Encoding.ASCII.GetBytes($"{Magic} {Format} {Crc.Of(body):x8}\n"), .. body];
        using (var file = files.Create(path + ".tmp"))
        {
            file.Write(0, content);
            file.Sync();
        }
        files.Rename(path + ".tmp", path);
        files.SyncFolder(folder);
    }

    public static StoreManifest Load(IStoreFiles files, string folder)
    {
        var path = Path.Combine(folder, FileName);
        byte[] content;
        using (var file = files.Open(path, write: false))
        {
            content = new byte[file.Length];
            file.Read(0, content);
        }
        var lineEnd = content.AsSpan().IndexOf((byte)'\n');
        var words = lineEnd < 0 ? [] : Encoding.ASCII.GetString(content, 0, lineEnd).Split(' ');
        if (words.Length != 3 || words[0] != Magic || !int.TryParse(words[1], CultureInfo.InvariantCulture, out var format))
            throw Damaged(path, content, "It is not a store's manifest.");
        if (format > Format)
            throw new StoreException($"'{path}' has format {format}; this version reads up to {Format}. Use a newer version of AgentCore.");
        var body = content.AsSpan(lineEnd + 1);
        if (words[2] != Crc.Of(body).ToString("x8", CultureInfo.InvariantCulture))
            throw Damaged(path, content, "Its checksum does not match.");
        try
        {
            return JsonSerializer.Deserialize<StoreManifest>(body) is { Segments.Count: > 0 } manifest
                ? manifest
                : throw Damaged(path, content, "It names no segment.");
        }
        catch (JsonException e)
        {
            throw Damaged(path, content, e.Message);
        }
    }

    private static StoreDamagedException Damaged(string path, byte[] content, string what) => new(path, 0, content.Length, what);
}

/// <summary>A segment as the manifest knows it.</summary>
/// <param name="Id">Its number, which is in its file name.</param>
/// <param name="Salt">The random number in all of its checksums.</param>
/// <param name="Durable">Its length where it is complete, or what was synced when the store was closed; at least this much must be there.</param>
/// <param name="Complete">Whether nothing is appended to it any more.</param>
internal sealed record ManifestSegment(long Id, ulong Salt, long Durable, bool Complete);

/// <summary>How a store's key comes from what the caller gives.</summary>
/// <param name="Derivation"><c>hkdf-sha256</c> for a key of 32 bytes, <c>pbkdf2-sha256</c> for a passphrase.</param>
/// <param name="Salt">The random salt.</param>
/// <param name="Iterations">PBKDF2's rounds; 0 for HKDF.</param>
/// <param name="Check">A value derived from the right key.</param>
internal sealed record ManifestKey(string Derivation, byte[] Salt, int Iterations, byte[] Check);
