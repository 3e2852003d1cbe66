using System.Buffers.Binary;

namespace AgentCore.Checkpoints.Files;

/// <summary>One atomic batch as it lies in a segment: a header and a payload.</summary>
/// <remarks>
/// <para>Header, 20 bytes, little-endian: payload length (4), CRC-32C of the payload (4), how many bytes of this segment were
/// synced when the frame was written (8), CRC-32C of these 16 bytes (4). Both checksums are seeded with the segment's random
/// salt and the frame's offset: bytes that were copied or moved, within a file or from another one, do not pass.</para>
/// <para>The synced length tells a torn tail from damage: whatever a later frame calls synced was acknowledged, so it may
/// not be cut.</para>
/// </remarks>
internal readonly record struct Frame(int PayloadLength, uint PayloadCrc, long SyncedTo)
{
    public const int HeaderBytes = 20;

    /// <summary>The largest frame; a batch is kept below it by <see cref="StoreLimits.MaxBatchBytes"/>.</summary>
    public const int MaxBytes = StoreLimits.MaxBatchBytes + 1024 * 1024;

    public int TotalLength => HeaderBytes + PayloadLength;

    /// <summary>Reserves the header, and the nonce where frames are encrypted; the caller then writes the plain payload.</summary>
    public static int Begin(ByteWriter buffer, SegmentCipher? cipher)
    {
        var start = buffer.Length;
        buffer.Reserve(HeaderBytes + (cipher is null ? 0 : SegmentCipher.NonceBytes));
        return start;
    }

    /// <summary>Seals what was written since <see cref="Begin"/> and returns the frame's total length.</summary>
    public static int End(ByteWriter buffer, int start, ulong salt, SegmentCipher? cipher, long offset, long syncedTo)
    {
        if (cipher is not null)
        {
            buffer.Reserve(SegmentCipher.TagBytes);
            cipher.Seal(buffer.WrittenSpan(start + HeaderBytes, buffer.Length - start - HeaderBytes), offset);
        }
        var payload = buffer.WrittenSpan(start + HeaderBytes, buffer.Length - start - HeaderBytes);
        var header = buffer.WrittenSpan(start, HeaderBytes);
        var seed = Crc.Seed(salt, offset);
        BinaryPrimitives.WriteInt32LittleEndian(header, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc.Of(payload, seed));
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], syncedTo);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Crc.Of(header[..16], seed));
        return HeaderBytes + payload.Length;
    }

    /// <summary>Reads a header; false when the bytes are none for this place.</summary>
    public static bool TryRead(ReadOnlySpan<byte> header, ulong salt, long offset, out Frame frame)
    {
        frame = default;
        if (header.Length < HeaderBytes)
            return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length is 0 or > MaxBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(header[16..]) != Crc.Of(header[..16], Crc.Seed(salt, offset)))
            return false;
        frame = new Frame((int)length, BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[8..]));
        return true;
    }

    public bool Holds(ReadOnlySpan<byte> payload, ulong salt, long offset) => Crc.Of(payload, Crc.Seed(salt, offset)) == PayloadCrc;
}
