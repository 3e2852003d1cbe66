namespace AgentCore.Adapters.Processes;

/// <summary>Reads lines of bytes from a stream, within a budget: endless output is refused, not kept.</summary>
/// <param name="stream">The stream.</param>
/// <param name="ended">Cancelled when its writer has ended. What that left may hold the stream open for ever: it is over once it is silent.</param>
internal sealed class LineReader(Stream stream, CancellationToken ended)
{
    private const int Initial = 16 * 1024;

    // How long the stream of a writer that has ended may be silent.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private byte[] _buffer = new byte[Initial];
    private int _start;
    private int _end;
    private long _budget;
    private long _most;
    private bool _hasBegun;

    /// <summary>Sets how many bytes may be read from here on.</summary>
    public void Allow(long bytes) => _budget = _most = bytes;

    /// <summary>Reads a line, without its end; null at the end of the stream. It is valid until the next call.</summary>
    /// <exception cref="OutputLimitException">The budget is used up.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var scanned = _start;
        while (true)
        {
            var newline = _buffer.AsSpan(scanned, _end - scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = Take(scanned + newline);
                _start++;
                return line;
            }

            var offset = _end - _start;
            MakeRoom();
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
                return TakeRest();
            scanned = _start + offset;
        }
    }

    /// <summary>Reads to the end of the stream.</summary>
    /// <exception cref="OutputLimitException">The budget is used up.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadToEndAsync(CancellationToken cancellationToken)
    {
        do
            MakeRoom();
        while (await FillAsync(cancellationToken).ConfigureAwait(false));
        return TakeRest() ?? default;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        int read;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var silence = ended.Register(() => linked.CancelAfter(Silence));
        try
        {
            read = await stream.ReadAsync(_buffer.AsMemory(_end), linked.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            read = 0;
        }

        _end += read;
        _budget -= read;
        return _budget >= 0 ? read > 0 : throw new OutputLimitException(_most);
    }

    private ReadOnlyMemory<byte>? TakeRest()
    {
        if (_start == _end)
            return null;
        return Take(_end);
    }

    private ReadOnlyMemory<byte> Take(int end)
    {
        ReadOnlyMemory<byte> taken = _buffer.AsMemory(_start, end - _start);
        _start = end;
        // A mark of the byte order says nothing in UTF-8, and no JSON begins with one.
        if (!_hasBegun && taken.Span.StartsWith("\uFEFF"u8))
            taken = taken[3..];
        _hasBegun = true;
        return taken;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (length == 0 && _buffer.Length > 1024 * 1024)
            _buffer = new byte[Initial];
        else if (_end == _buffer.Length && length > _buffer.Length / 2)
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, Array.MaxLength));

        if (_start == 0)
            return;
        _buffer.AsSpan(_start, length).CopyTo(_buffer);
        _start = 0;
        _end = length;
    }
}

/// <summary>A stream gave more than it may.</summary>
internal sealed class OutputLimitException(long most) : IOException
{
    public long Most { get; } = most;
}
