using System.Runtime.InteropServices;

namespace AgentCore.Checkpoints.Files;

/// <summary>Takes a frame's operations while a segment is read, with the plain payload where it was read and not only its index.</summary>
internal delegate void FrameHandler(int frameOffset, int frameLength, ReadOnlySpan<StoredOp> ops, ReadOnlySpan<byte> payload);

/// <summary>Reads a segment from start to end and finds where it stops being whole.</summary>
/// <remarks>After a power loss, what was not synced may be missing, torn or out of order: that is a torn tail, never
/// acknowledged as durable, and is cut. What was synced must be there: if it is not, that is damage. The two are told apart by
/// <paramref name="durable"/> and by the synced lengths that later frames carry.</remarks>
/// <param name="segment">What to scan.</param>
/// <param name="durable">The length that is known to have been synced.</param>
/// <param name="skipDamage">Whether to note damage and go on behind it, instead of throwing.</param>
internal sealed class SegmentScan(Segment segment, long durable, bool skipDamage)
{
    private const int WindowBytes = 1024 * 1024;

    private readonly List<StoredOp> _ops = [];
    private readonly long _fileLength = segment.File.Length;
    private long _durable = durable;
    private ReadOnlyMemory<byte> _payload;
    private byte[] _window = [];
    private long _windowStart;
    private int _windowLength;

    /// <summary>How many bytes after the last whole frame were never acknowledged as durable.</summary>
    public long TornBytes { get; private set; }

    public List<StoreDamage> Damage { get; } = [];

    /// <summary>Scans from an offset on, calls back for every whole frame and sets the segment's end and synced length.</summary>
    public void Run(long from, FrameHandler onFrame)
    {
        var position = from;
        var frames = 0L;
        while (position < _fileLength)
        {
            var problem = ReadFrame(position, out var frame);
            if (problem is null)
            {
                onFrame((int)position, frame.TotalLength, CollectionsMarshal.AsSpan(_ops), _payload.Span);
                segment.Synced = Math.Max(segment.Synced, frame.SyncedTo);
                position += frame.TotalLength;
                frames++;
                continue;
            }
            var next = FindNext(position);
            if (position >= _durable && problem is not CannotDecode)
                break;
            var damage = new StoreDamage(segment.Path, position, (next ?? _fileLength) - position, problem);
            if (!skipDamage)
                throw new StoreDamagedException(segment.Path, position, damage.Length,
                    $"{problem} The {frames} batches before it in this file are whole.");
            Damage.Add(damage);
            segment.Synced = Math.Max(segment.Synced, next ?? _fileLength);
            position = next ?? _fileLength;
        }
        if (_fileLength < _durable)
        {
            var cut = new StoreDamage(segment.Path, _fileLength, _durable - _fileLength, "The file is shorter than what was written and synced.");
            if (!skipDamage)
                throw new StoreDamagedException(cut.File, cut.Offset, cut.Length, cut.What);
            Damage.Add(cut);
        }
        segment.End = position;
        segment.Synced = Math.Min(segment.Synced, position);
        TornBytes = _fileLength - position;
    }

    private const string CannotDecode = "The batch there passes its checksum and cannot be read: another version wrote it.";

    private string? ReadFrame(long offset, out Frame frame)
    {
        if (!Frame.TryRead(Window(offset, Frame.HeaderBytes).Span, segment.Salt, offset, out frame))
            return "There is no whole batch there.";
        var whole = Window(offset, frame.TotalLength);
        if (whole.Length < frame.TotalLength)
            return "The batch there is cut short.";
        var content = whole[Frame.HeaderBytes..];
        if (!frame.Holds(content.Span, segment.Salt, offset))
            return "The batch there fails its checksum.";
        ReadOnlyMemory<byte> payload = content;
        if (segment.Cipher is { } cipher)
        {
            // A copy: the window must stay what the file holds.
            if (cipher.Open(content.ToArray(), offset) is not { } plain)
                return "The batch there cannot be decrypted.";
            payload = plain;
        }
        try
        {
            BatchCodec.Read(payload.Span, _ops);
            _payload = payload;
            return null;
        }
        catch (FormatException)
        {
            return CannotDecode;
        }
    }

    // The next offset where a frame of this segment starts. As long as nothing says that the bad place was synced, all later
    // frames are asked.
    private long? FindNext(long badFrom)
    {
        long? first = null;
        for (var offset = badFrom + 1; offset + Frame.HeaderBytes <= _fileLength; offset++)
        {
            if (!Frame.TryRead(Window(offset, Frame.HeaderBytes).Span, segment.Salt, offset, out var frame))
                continue;
            first ??= offset;
            _durable = Math.Max(_durable, frame.SyncedTo);
            if (badFrom < _durable)
                break;
        }
        return first;
    }

    private Memory<byte> Window(long offset, int count)
    {
        if (offset < _windowStart || offset + count > _windowStart + _windowLength)
        {
            var size = (int)Math.Min(Math.Max(count, WindowBytes), Math.Max(0, _fileLength - offset));
            if (_window.Length < size)
                _window = new byte[size];
            _windowLength = segment.File.Read(offset, _window.AsSpan(0, size));
            _windowStart = offset;
        }
        var start = (int)(offset - _windowStart);
        return _window.AsMemory(start, Math.Min(count, Math.Max(0, _windowLength - start)));
    }
}
