using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AgentCore.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace AgentCore.LiteDb.Files;

/// <summary>
/// The log that LiteDB writes its commits to, each page in a frame with a checksum. LiteDB's own log has none: after a power
/// loss it may hold a commit's last page without its first, and would take that for a whole commit. Here the log ends
/// before the first frame that is not whole, so that a power loss takes back the last commits at most, and whole ones.
/// </summary>
/// <remarks>
/// The file is a 16-byte header (magic, the generation's salt) and frames of 16 bytes (salt, frames synced so far, checksum)
/// and a page. A new generation starts when LiteDB empties the log after a checkpoint; its salt tells old frames from new.
/// </remarks>
internal sealed class WriteAheadLog : PageStream
{
    private const int HeaderSize = 16;
    private const int FrameHeaderSize = 16;
    private const int FrameSize = FrameHeaderSize + PageSize;
    private const ulong Magic = 0x31_4C_41_57_43_41_44_4C; // "LDACWAL1"
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly bool _readOnly;
    private readonly byte[] _frame = new byte[FrameSize];
    private ulong _salt;
    private long _frames;
    private long _syncedFrames;
    private readonly Dictionary<long, byte[]> _unwritten = [];
    private IOException? _failure;
    private bool _dirty;

    /// <summary>Opens or creates the log, and cuts off what was being written when the power went.</summary>
    /// <exception cref="StoreException">A frame that was on disk already is damaged.</exception>
    public WriteAheadLog(string path, bool readOnly)
    {
        _path = path;
        _readOnly = readOnly;
        _file = readOnly
            ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            : File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            Recover();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public override bool CanWrite => !_readOnly;

    public override long Length => _frames * PageSize;

    /// <summary>Forces to disk what was written since the last time.</summary>
    /// <exception cref="StoreException">That failed, or a write before it.</exception>
    public void Sync()
    {
        lock (_frame)
        {
            ThrowIfFailed();
            if (!_dirty)
                return;

            try
            {
                RandomAccess.FlushToDisk(_file);
            }
            catch (IOException e)
            {
                _failure = e;
                ThrowIfFailed();
            }

            _syncedFrames = _frames;
            _dirty = false;
        }
    }

    /// <summary>Says that a write failed, after LiteDB has ended the transaction that wrote. A write itself never fails: LiteDB
    /// ends the process when one does (a finalizer of its trips over the half-written transaction). The pages that could not
    /// be written stay in memory, so that LiteDB reads what it wrote; nothing of them is acknowledged.</summary>
    /// <exception cref="StoreException">A write failed.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
            throw new StoreException($"'{_path}' could not be written: {_failure.Message}", _failure);
    }

    /// <summary>Does nothing: LiteDB flushes when it opens a stream; what must be on disk goes by <see cref="Sync"/>.</summary>
    public override void Flush()
    {
    }

    /// <summary>Starts a new generation that keeps the first pages (with a password, the one that holds the key's salt). It is
    /// on disk when this returns: were the old frames half gone, replaying the rest would set the data back.</summary>
    public override void SetLength(long value)
    {
        lock (_frame)
        {
            var keep = value / PageSize;
            var pages = new byte[keep][];
            for (var i = 0; i < keep; i++)
            {
                pages[i] = new byte[PageSize];
                ReadAt(i * PageSize, pages[i]);
            }

            RandomAccess.SetLength(_file, HeaderSize);
            StartGeneration();
            for (var i = 0; i < keep; i++)
                WriteFrame(i, pages[i]);
            _dirty = true;
            Sync();
        }
    }

    protected override int ReadAt(long position, Span<byte> buffer)
    {
        var (page, offset) = Math.DivRem(position, PageSize);
        if (page >= _frames)
            return 0;

        var count = (int)Math.Min(buffer.Length, PageSize - offset);
        if (_failure is not null && _unwritten.TryGetValue(page, out var unwritten))
        {
            unwritten.AsSpan((int)offset, count).CopyTo(buffer);
            return count;
        }

        ReadFully(_file, FrameStart(page) + FrameHeaderSize + offset, buffer[..count]);
        return count;
    }

    protected override void WriteAt(long position, ReadOnlySpan<byte> data)
    {
        lock (_frame)
        {
            var (page, offset) = Math.DivRem(position, PageSize);
            if (data.Length == PageSize && offset == 0)
            {
                WriteFrame(page, data);
                return;
            }

            // Only the page that holds the key's salt is written in pieces.
            var whole = new byte[PageSize];
            ReadAt(page * PageSize, whole);
            data.CopyTo(whole.AsSpan((int)offset));
            WriteFrame(page, whole);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        base.Dispose(disposing);
    }

    private static long FrameStart(long page) => HeaderSize + page * FrameSize;

    private void WriteFrame(long page, ReadOnlySpan<byte> data)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_frame, _salt);
        BinaryPrimitives.WriteUInt32LittleEndian(_frame.AsSpan(8), (uint)_syncedFrames);
        data.CopyTo(_frame.AsSpan(FrameHeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(_frame.AsSpan(12), Checksum(page, _frame));
        _dirty = true;
        try
        {
            if (_failure is null)
                RandomAccess.Write(_file, _frame, FrameStart(page));
        }
        catch (IOException e)
        {
            _failure = e;
        }

        if (_failure is not null)
            _unwritten[page] = data.ToArray();
        _frames = Math.Max(_frames, page + 1);
    }

    private void StartGeneration()
    {
        _salt = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], _salt);
        RandomAccess.Write(_file, header, 0);
        _frames = 0;
        _syncedFrames = 0;
        _dirty = true;
    }

    private void Recover()
    {
        var length = RandomAccess.GetLength(_file);
        if (length < HeaderSize)
        {
            if (!_readOnly)
                StartGeneration();
            return;
        }

        Span<byte> header = stackalloc byte[HeaderSize];
        ReadFully(_file, 0, header);
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic)
            throw new StoreException($"'{_path}' is not the write-ahead log of an AgentCore LiteDB store, or its first bytes are damaged. Restore the store from a backup.");

        _salt = BinaryPrimitives.ReadUInt64LittleEndian(header[8..]);
        var whole = -1L;
        uint synced = 0;
        var count = (length - HeaderSize) / FrameSize;
        for (long page = 0; page < count; page++)
        {
            ReadFully(_file, FrameStart(page), _frame);
            var isWhole = BinaryPrimitives.ReadUInt64LittleEndian(_frame) == _salt
                && BinaryPrimitives.ReadUInt32LittleEndian(_frame.AsSpan(12)) == Checksum(page, _frame);
            if (isWhole)
                synced = Math.Max(synced, BinaryPrimitives.ReadUInt32LittleEndian(_frame.AsSpan(8)));
            else if (whole < 0)
                whole = page;
        }

        _frames = whole < 0 ? count : whole;
        if (_frames < synced)
            throw new StoreException(
                $"'{_path}' is damaged at byte {FrameStart(_frames)}: a page that was on disk no longer has its checksum. Restore the store from a backup.");

        _syncedFrames = synced;
        if (_readOnly)
            return;

        if (length > FrameStart(_frames))
            RandomAccess.SetLength(_file, FrameStart(_frames));
        WriteAgain(synced);
        _dirty = true;
    }

    /// <summary>Writes the frames again that may not be on disk: after a failed sync the system takes them for clean, and the
    /// next sync would not write them.</summary>
    private void WriteAgain(long first)
    {
        for (var page = first; page < _frames; page++)
        {
            ReadFully(_file, FrameStart(page), _frame);
            RandomAccess.Write(_file, _frame, FrameStart(page));
        }
    }

    /// <summary>CRC-32C over the frame's place, its header without the checksum, and the page.</summary>
    private static uint Checksum(long page, ReadOnlySpan<byte> frame)
    {
        var crc = BitOperations.Crc32C(~0u, (ulong)page);
        crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(frame));
        crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]));
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(frame[FrameHeaderSize..]))
            crc = BitOperations.Crc32C(crc, word);
        return ~crc;
    }
}
