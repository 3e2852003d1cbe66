namespace AgentCore.Providers.OpenAI;

/// <summary>Reads a server's answer up to a limit, so that an endless one can't fill the memory.</summary>
internal sealed class BoundedStream(Stream inner, long limit) : Stream
{
    private long _read;
    private ReadOnlyMemory<byte> _peeked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The first byte that is neither a blank nor of a byte order mark; null where there is none. It is still read, what is before it no more.</summary>
    public async ValueTask<byte?> PeekAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        while (await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            if (buffer.AsSpan(0, read).IndexOfAnyExcept(" \t\r\n\uFEFF"u8) is >= 0 and var start)
            {
                _peeked = buffer.AsMemory(start, read - start);
                return buffer[start];
            }
        }

        return null;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _peeked.IsEmpty ? Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) : TakePeeked(buffer.Span);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        _peeked.IsEmpty ? Count(inner.Read(buffer, offset, count)) : TakePeeked(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int TakePeeked(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _peeked.Length);
        _peeked.Span[..length].CopyTo(buffer);
        _peeked = _peeked[length..];
        return length;
    }

    private int Count(int read)
    {
        _read += read;
        if (_read > limit)
            throw new InvalidDataException($"it is longer than {limit / (1024 * 1024)} MB");

        return read;
    }
}
