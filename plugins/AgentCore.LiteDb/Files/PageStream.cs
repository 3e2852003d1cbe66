using AgentCore.Checkpoints;

namespace AgentCore.LiteDb.Files;

/// <summary>What LiteDB needs of a stream, over positioned reads and writes that bypass any buffer of ours: a write is with
/// the operating system when it returns.</summary>
internal abstract class PageStream : Stream
{
    /// <summary>LiteDB's page size, in bytes. It never reads or writes across a page's edge, except for its first bytes.</summary>
    public const int PageSize = 8192;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = ReadAt(Position, buffer);
        Position += read;
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        WriteAt(Position, buffer);
        Position += buffer.Length;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    protected abstract int ReadAt(long position, Span<byte> buffer);

    protected abstract void WriteAt(long position, ReadOnlySpan<byte> data);

    public static void ReadFully(Microsoft.Win32.SafeHandles.SafeFileHandle file, long position, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, position);
            if (read == 0)
                throw new StoreException($"The file is damaged: it ends at byte {position}, in the middle of a page.");
            buffer = buffer[read..];
            position += read;
        }
    }
}
