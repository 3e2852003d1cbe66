using System.Buffers.Binary;
using System.Numerics;

namespace AgentCore.Checkpoints.Files;

/// <summary>CRC-32C (Castagnoli), by the processor's instruction where it has one.</summary>
internal static class Crc
{
    public static uint Of(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var crc = ~seed;
        while (data.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>A seed that ties a checksum to one place in one file, so that bytes that moved do not pass.</summary>
    public static uint Seed(ulong salt, long offset) =>
        BitOperations.Crc32C(BitOperations.Crc32C(0xA6E27C04, salt), (ulong)offset);
}
