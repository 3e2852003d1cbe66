using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using LiteDB;

namespace AgentCore.LiteDb;

/// <summary>The binary keys of everything in the file. LiteDB compares them byte by byte; names are written so that this is
/// the ordinal order of .NET strings, whatever culture the file is opened under.</summary>
internal static class StoreKeys
{
    /// <summary>A name's key: UTF-8, but with each surrogate by itself, because UTF-8 orders the characters above U+FFFF
    /// behind all others and .NET's ordinal order does not.</summary>
    public static byte[] Name(string text)
    {
        var bytes = new List<byte>(text.Length);
        foreach (var c in text)
        {
            if (c < 0x80)
            {
                bytes.Add((byte)c);
            }
            else if (c < 0x800)
            {
                bytes.Add((byte)(0xC0 | c >> 6));
                bytes.Add((byte)(0x80 | c & 0x3F));
            }
            else
            {
                bytes.Add((byte)(0xE0 | c >> 12));
                bytes.Add((byte)(0x80 | c >> 6 & 0x3F));
                bytes.Add((byte)(0x80 | c & 0x3F));
            }
        }

        return [.. bytes];
    }

    /// <summary>The text of <see cref="Name"/>.</summary>
    public static string Text(ReadOnlySpan<byte> name)
    {
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length;)
        {
            int c = name[i++];
            if (c >= 0xE0)
                c = (c & 0x0F) << 12 | (name[i++] & 0x3F) << 6 | name[i++] & 0x3F;
            else if (c >= 0xC0)
                c = (c & 0x1F) << 6 | name[i++] & 0x3F;
            text.Append((char)c);
        }

        return text.ToString();
    }

    /// <summary>A record's or blob's key: the log's number and the place in it.</summary>
    public static byte[] InLog(int log, long place)
    {
        var key = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(key, log);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(4), place);
        return key;
    }

    /// <summary>The place in a key of <see cref="InLog"/>.</summary>
    public static long Place(byte[] key) => BinaryPrimitives.ReadInt64BigEndian(key.AsSpan(4));

    /// <summary>A document's key: the collection's number and the key in it.</summary>
    public static byte[] Document(int collection, ReadOnlySpan<byte> name)
    {
        var key = new byte[4 + name.Length];
        BinaryPrimitives.WriteInt32BigEndian(key, collection);
        name.CopyTo(key.AsSpan(4));
        return key;
    }

    /// <summary>A piece's key: what kind of value it belongs to, that value's key, and the piece's number.</summary>
    public static byte[] Piece(char kind, ReadOnlySpan<byte> owner, int piece)
    {
        var key = new byte[1 + owner.Length + 4];
        key[0] = (byte)kind;
        owner.CopyTo(key.AsSpan(1));
        BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(1 + owner.Length), piece);
        return key;
    }

    /// <summary>The first key behind all that start with a prefix; null where every key comes before.</summary>
    public static byte[]? After(ReadOnlySpan<byte> prefix)
    {
        var end = prefix.ToArray();
        for (var i = end.Length - 1; i >= 0; i--)
        {
            if (++end[i] != 0)
                return end[..(i + 1)];
        }

        return null;
    }

    /// <summary>CRC-32C over a key and its value, kept beside the value: LiteDB's pages have no checksums.</summary>
    public static long Checksum(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => ~Crc(Crc(~0u, key), value);

    public static BsonValue Binary(byte[] key) => new(key);

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= 8; bytes = bytes[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
