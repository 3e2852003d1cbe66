using AgentCore.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace AgentCore.LiteDb.Files;

/// <summary>LiteDB's data file. It changes only in a checkpoint, and only after the write-ahead log is on disk: LiteDB itself
/// never syncs its log, and with a password not even its data.</summary>
internal sealed class DataFile : PageStream
{
    private readonly SafeFileHandle _file;
    private readonly PageSums _sums;
    private readonly WriteAheadLog _log;
    private readonly string _path;
    private readonly bool _readOnly;
    private readonly long _tornPage;
    private bool _dirty;

    /// <summary>Opens or creates the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="log">The log that is read before it.</param>
    /// <param name="headerPage">Where LiteDB's header is: page 0, or behind the key's salt page 1.</param>
    /// <param name="readOnly">Whether it is only read.</param>
    public DataFile(string path, WriteAheadLog log, long headerPage, bool readOnly)
    {
        _path = path;
        _log = log;
        _readOnly = readOnly;

        // A checkpoint that was cut short left torn pages. All of them are in the log still, and read from there, except
        // that LiteDB looks at its header before it looks into the log.
        _tornPage = log.Length > 0 ? headerPage : -1;
        _sums = new PageSums(path + "-sum", readOnly);
        try
        {
            _file = readOnly
                ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
                : File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
            ThrowIfCut();
            if (_sums.IsEmpty && !readOnly)
                SumAll();
        }
        catch
        {
            _file?.Dispose();
            _sums.Dispose();
            throw;
        }
    }

    public override bool CanWrite => !_readOnly;

    public override long Length => _readOnly
        ? RandomAccess.GetLength(_file) / PageSize * PageSize
        : RandomAccess.GetLength(_file);

    public override void SetLength(long value)
    {
        RandomAccess.SetLength(_file, value);
        _dirty = true;
    }

    public override void Flush()
    {
        if (!_dirty)
            return;

        RandomAccess.FlushToDisk(_file);
        _sums.Flush();
        _dirty = false;
    }

    protected override int ReadAt(long position, Span<byte> buffer)
    {
        var read = RandomAccess.Read(_file, buffer, position);
        var page = position / PageSize;
        var isWhole = read == PageSize && position % PageSize == 0;
        if (isWhole && !_sums.Matches(page, buffer) && page != _tornPage)
            throw new StoreException($"The page at byte {position} of '{_path}' is damaged: it does not have the checksum that it was written with. Restore the store from a backup.");

        return read;
    }

    protected override void WriteAt(long position, ReadOnlySpan<byte> data)
    {
        _log.Sync();
        _dirty = true;
        RandomAccess.Write(_file, data, position);
        if (data.Length == PageSize)
        {
            _sums.Set(position / PageSize, data);
            return;
        }

        // Only the page that holds the key's salt is written in pieces.
        var whole = new byte[PageSize];
        _ = RandomAccess.Read(_file, whole, position / PageSize * PageSize);
        _sums.Set(position / PageSize, whole);
    }

    protected override void Dispose(bool disposing)
    {
        _file.Dispose();
        _sums.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>LiteDB takes a file that lost all its pages for a new one. Where the log is empty nothing is under way that
    /// could explain a shorter file.</summary>
    private void ThrowIfCut()
    {
        var length = RandomAccess.GetLength(_file);
        if (_log.Length == 0 && (length / PageSize < _sums.Kept || length is > 0 and < PageSize))
            throw new StoreException($"'{_path}' is damaged: it was cut at byte {length} and had {Math.Max(1, _sums.Kept) * PageSize} bytes or more. Restore the store from a backup.");
    }

    /// <summary>Takes the pages as they are where there are no checksums: who deletes them accepts the file.</summary>
    private void SumAll()
    {
        var page = new byte[PageSize];
        var count = RandomAccess.GetLength(_file) / PageSize;
        for (var i = 0L; i < count; i++)
        {
            ReadFully(_file, i * PageSize, page);
            _sums.Set(i, page);
        }

        _dirty = true;
    }
}
