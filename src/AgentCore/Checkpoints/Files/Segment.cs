using System.Buffers.Binary;

namespace AgentCore.Checkpoints.Files;

/// <summary>Where a record or document lies.</summary>
internal readonly record struct Location(Segment Segment, int FrameOffset, int FrameLength, int DataOffset, int DataLength, int Weight);

/// <summary>A file of frames. The last segment of a store is appended to; the others never change.</summary>
internal sealed class Segment : IDisposable
{
    public const int Format = 1;
    public const int HeaderBytes = 56;
    private static readonly byte[] Magic = "ACSTORE\n"u8.ToArray();

    private int _references = 1;

    public Segment(long id, ulong salt, string path, IStoreFile file, SegmentCipher? cipher)
    {
        Id = id;
        Salt = salt;
        Path = path;
        File = file;
        Cipher = cipher;
    }

    public long Id { get; }

    /// <summary>Random, in every checksum of this file.</summary>
    public ulong Salt { get; }

    public string Path { get; }

    public IStoreFile File { get; }

    public SegmentCipher? Cipher { get; }

    /// <summary>The end of the last whole frame.</summary>
    public long End { get; set; } = HeaderBytes;

    /// <summary>Up to where the file was synced.</summary>
    public long Synced { get; set; } = HeaderBytes;

    // What the segment holds, kept by StoreIndex under its lock.
    public int DataOps { get; set; }

    public int LiveOps { get; set; }

    public long DataBytes { get; set; }

    public long LiveBytes { get; set; }

    public int Tombstones { get; set; }

    public static byte[] Header(Guid store, long id, ulong salt, bool encrypted)
    {
        var header = new byte[HeaderBytes];
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Format);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), encrypted ? 1 : 0);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), id);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), salt);
        store.TryWriteBytes(header.AsSpan(32));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(52), Crc.Of(header.AsSpan(0, 52)));
        return header;
    }

    /// <summary>Says what is wrong with a segment's header, or null.</summary>
    public static string? CheckHeader(ReadOnlySpan<byte> header, Guid store, long id, ulong salt)
    {
        if (header.Length < HeaderBytes)
            return "the file ends within its header";
        if (!header[..8].SequenceEqual(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(header[52..]) != Crc.Of(header[..52]))
            return "its header is damaged";
        var format = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
        if (format != Format)
            return $"it has format {format}, and this version reads format {Format}: use a newer version";
        return BinaryPrimitives.ReadInt64LittleEndian(header[16..]) != id || new Guid(header[32..48]) != store
            || BinaryPrimitives.ReadUInt64LittleEndian(header[24..]) != salt
            ? "it belongs to another store or another place in this one"
            : null;
    }

    /// <summary>Reads a frame's plain payload.</summary>
    /// <exception cref="StoreDamagedException">The frame is not what was written.</exception>
    public ReadOnlyMemory<byte> ReadPayload(int frameOffset, int frameLength)
    {
        var buffer = new byte[frameLength];
        int read;
        try
        {
            read = File.Read(frameOffset, buffer);
        }
        catch (Exception e) when (StoreErrors.IsDisk(e))
        {
            throw StoreErrors.Wrap("read", Path, e);
        }
        if (read == frameLength
            && Frame.TryRead(buffer, Salt, frameOffset, out var frame) && frame.TotalLength == frameLength
            && Plain(frame, buffer.AsMemory(Frame.HeaderBytes), frameOffset) is { } payload)
            return payload;
        throw new StoreDamagedException(Path, frameOffset, frameLength, "The record there is not what was written.");
    }

    /// <summary>Checks a payload, and decrypts it in place; null where it is not what was written.</summary>
    public ReadOnlyMemory<byte>? Plain(Frame frame, Memory<byte> payload, long offset)
    {
        if (!frame.Holds(payload.Span, Salt, offset))
            return null;
        return Cipher is null ? payload : Cipher.Open(payload, offset);
    }

    /// <summary>Keeps the file open for one more reader. Called under the index's lock, where the segment is still in use.</summary>
    public void Acquire() => Interlocked.Increment(ref _references);

    /// <summary>Lets go; the file closes with the last one, which may be a reader after a compaction.</summary>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) > 0)
            return;
        File.Dispose();
        Cipher?.Dispose();
    }
}
