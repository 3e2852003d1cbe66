using System.Runtime.InteropServices;

namespace AgentCore.Checkpoints.Files;

/// <summary>The index beside a segment: every operation without its data, so that a store opens without reading the data.
/// It is only a copy: where it is missing or not whole, the segment is read instead.</summary>
/// <remarks>Body: per frame the gap to the previous frame, its length and its operations; each name is written once and then
/// referred to by number. File: magic and format (8), covered length (8), segment salt (8), body length (4), CRC-32C of all
/// that (4), then the body, sealed where the store is encrypted.</remarks>
internal sealed class SegmentIndexFile
{
    private const int HeaderBytes = 32;
    private const ulong MagicAndFormat = 0x0001_5844_4943_4101;

    private readonly ByteWriter _body = new(4096);
    private readonly Dictionary<string, int> _names = [];
    private long _end = Segment.HeaderBytes;

    public void Add(int frameOffset, int frameLength, ReadOnlySpan<StoredOp> ops)
    {
        _body.Varint(frameOffset - _end);
        _body.Varint(frameLength);
        _body.Varint(ops.Length);
        foreach (var op in ops)
        {
            _body.Byte((byte)op.Kind);
            if (op.Kind is StoreOperationKind.Put or StoreOperationKind.Delete)
                Name(op.Collection);
            Name(op.Key);
            if (!op.HoldsData)
                continue;
            _body.Varint(op.Number);
            _body.Varint(op.DataOffset);
            _body.Varint(op.DataLength);
        }
        _end = frameOffset + frameLength;
    }

    public void Save(IStoreFiles files, string folder, Segment segment)
    {
        var content = new ByteWriter(_body.Length + 64);
        content.UInt64(MagicAndFormat);
        content.UInt64((ulong)segment.End);
        content.UInt64(segment.Salt);
        var sealing = segment.Cipher is null ? 0 : SegmentCipher.NonceBytes + SegmentCipher.TagBytes;
        content.UInt32((uint)(_body.Length + sealing));
        content.UInt32(Crc.Of(content.Written));
        if (sealing > 0)
            content.Reserve(SegmentCipher.NonceBytes);
        content.Bytes(_body.Written);
        if (sealing > 0)
        {
            content.Reserve(SegmentCipher.TagBytes);
            segment.Cipher!.Seal(content.WrittenSpan(HeaderBytes, content.Length - HeaderBytes), -1);
        }
        content.UInt32(Crc.Of(content.Written[HeaderBytes..], Crc.Seed(segment.Salt, segment.End)));

        var path = PathOf(segment.Path);
        using (var file = files.Create(path + ".tmp"))
        {
            file.Write(0, content.Written);
            file.Sync();
        }
        files.Rename(path + ".tmp", path);
    }

    /// <summary>Loads the index of a segment: calls back for each frame, and returns the length that it covers. Returns 0,
    /// before any call, where there is no whole index for this segment as it is.</summary>
    public static long Load(IStoreFiles files, Segment segment, long durable, FrameHandler onFrame)
    {
        var path = PathOf(segment.Path);
        if (!files.FileExists(path))
            return 0;
        byte[] content;
        using (var file = files.Open(path, write: false))
        {
            content = new byte[file.Length];
            if (file.Read(0, content) < HeaderBytes + 4)
                return 0;
        }
        var header = new ByteReader(content);
        var known = header.UInt64() == MagicAndFormat;
        var covered = (long)header.UInt64();
        var ours = header.UInt64() == segment.Salt;
        var bodyLength = header.UInt32();
        if (!known || !ours || header.UInt32() != Crc.Of(content.AsSpan(0, HeaderBytes - 4)) || bodyLength != content.Length - HeaderBytes - 4
            || covered != durable || segment.File.Length < covered)
            return 0;
        var body = content.AsMemory(HeaderBytes, (int)bodyLength);
        if (new ByteReader(content.AsSpan(HeaderBytes + body.Length)).UInt32() != Crc.Of(body.Span, Crc.Seed(segment.Salt, covered)))
            return 0;
        if (segment.Cipher is { } cipher)
        {
            if (cipher.Open(body, -1) is not { } plain)
                return 0;
            body = plain;
        }
        Read(body.Span, onFrame);
        return covered;
    }

    public static string PathOf(string segmentPath) => Path.ChangeExtension(segmentPath, ".idx");

    private static void Read(ReadOnlySpan<byte> body, FrameHandler onFrame)
    {
        var reader = new ByteReader(body);
        var names = new List<string>();
        var ops = new List<StoredOp>();
        var end = Segment.HeaderBytes;
        while (reader.Remaining > 0)
        {
            var offset = end + reader.Int();
            var length = reader.Int();
            var count = reader.Int();
            ops.Clear();
            for (var i = 0; i < count; i++)
            {
                var kind = (StoreOperationKind)reader.Byte();
                var collection = kind is StoreOperationKind.Put or StoreOperationKind.Delete ? Name(ref reader, names) : "";
                var key = Name(ref reader, names);
                ops.Add(kind is StoreOperationKind.Append or StoreOperationKind.Put
                    ? new StoredOp(kind, collection, key, reader.Varint(), reader.Int(), reader.Int())
                    : new StoredOp(kind, collection, key, 0, 0, 0));
            }
            onFrame(offset, length, CollectionsMarshal.AsSpan(ops), []);
            end = offset + length;
        }
    }

    private static string Name(ref ByteReader reader, List<string> names)
    {
        var number = reader.Int();
        if (number == names.Count)
            names.Add(reader.String());
        return number < names.Count ? names[number] : throw new FormatException("A name's number is out of range.");
    }

    private void Name(string name)
    {
        if (_names.TryGetValue(name, out var number))
        {
            _body.Varint(number);
            return;
        }
        _body.Varint(_names.Count);
        _body.String(name);
        _names.Add(name, _names.Count);
    }
}
