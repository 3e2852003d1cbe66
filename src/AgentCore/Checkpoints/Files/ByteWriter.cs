using System.Buffers.Binary;
using System.Text;

namespace AgentCore.Checkpoints.Files;

/// <summary>A growing buffer of little-endian numbers, LEB128 varints and length-prefixed UTF-8.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public Span<byte> WrittenSpan(int start, int length) => _buffer.AsSpan(start, length);

    /// <summary>Forgets the content, and gives back a buffer that one large batch had blown up.</summary>
    public void Clear(int keepAtMost = int.MaxValue)
    {
        Length = 0;
        if (_buffer.Length > keepAtMost)
            _buffer = new byte[Math.Min(keepAtMost, 64 * 1024)];
    }

    public void Truncate(int length) => Length = length;

    /// <summary>Appends room for <paramref name="length"/> bytes and returns it; valid until the next write.</summary>
    public Span<byte> Reserve(int length)
    {
        var needed = checked(Length + length);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max(needed, _buffer.Length * 2L)));
        var span = _buffer.AsSpan(Length, length);
        Length = needed;
        return span;
    }

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void Varint(long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }
        Byte((byte)rest);
    }

    public void Bytes(ReadOnlySpan<byte> data) => data.CopyTo(Reserve(data.Length));

    public void String(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        Varint(count);
        Encoding.UTF8.GetBytes(value, Reserve(count));
    }
}

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Every fault in the bytes is a <see cref="FormatException"/>.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    public int Position { get; private set; }

    public readonly int Remaining => _data.Length - Position;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > Remaining)
            throw new FormatException("The data ends early.");
        var span = _data.Slice(Position, count);
        Position += count;
        return span;
    }

    public byte Byte() => Bytes(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Bytes(8));

    public long Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)value >= 0 ? (long)value : throw new FormatException("A number is out of range.");
        }
        throw new FormatException("A number is too long.");
    }

    public int Int()
    {
        var value = Varint();
        return value <= int.MaxValue ? (int)value : throw new FormatException("A number is out of range.");
    }

    public string String() => Encoding.UTF8.GetString(Bytes(Int()));
}
