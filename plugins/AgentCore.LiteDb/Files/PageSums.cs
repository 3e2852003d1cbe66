using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using AgentCore.Checkpoints;
using Microsoft.Win32.SafeHandles;

namespace AgentCore.LiteDb.Files;

/// <summary>The checksums of the data file's pages, in a file beside it. LiteDB's pages have none, and a damaged one can end
/// the process: LiteDB trips over its own counters in a finalizer.</summary>
internal sealed class PageSums : IDisposable
{
    private const int HeaderSize = 8;
    private const ulong Magic = 0x31_4D_55_53_43_41_44_4C; // "LDACSUM1"
    private readonly SafeFileHandle? _file;
    private uint[] _sums = [];
    private int _firstChanged = int.MaxValue;
    private int _lastChanged = -1;

    /// <summary>Opens the checksums, or none for a reader where there are none.</summary>
    /// <exception cref="StoreException">The file is something else.</exception>
    public PageSums(string path, bool readOnly)
    {
        if (readOnly && !File.Exists(path))
            return;

        _file = readOnly
            ? File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite)
            : File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            Load(path);
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is nothing to check against.</summary>
    public bool IsEmpty => _sums.Length == 0;

    /// <summary>How many pages were on disk when the checksums were last kept.</summary>
    public long Kept { get; private set; }

    /// <summary>Whether a page is as it was written. True where that is not known.</summary>
    public bool Matches(long page, ReadOnlySpan<byte> data) => page >= _sums.Length || _sums[page] == 0 || _sums[page] == Sum(page, data);

    public void Set(long page, ReadOnlySpan<byte> data)
    {
        if (page >= _sums.Length)
            Array.Resize(ref _sums, (int)Math.Max(page + 1, _sums.Length * 2L));
        _sums[page] = Sum(page, data);
        _firstChanged = Math.Min(_firstChanged, (int)page);
        _lastChanged = Math.Max(_lastChanged, (int)page);
    }

    /// <summary>Forces what changed to disk.</summary>
    public void Flush()
    {
        if (_file is null || _lastChanged < 0)
            return;

        var changed = _sums.AsSpan(_firstChanged, _lastChanged - _firstChanged + 1);
        RandomAccess.Write(_file, MemoryMarshal.AsBytes(changed), HeaderSize + _firstChanged * (long)sizeof(uint));
        RandomAccess.FlushToDisk(_file);
        (_firstChanged, _lastChanged) = (int.MaxValue, -1);
    }

    public void Dispose() => _file?.Dispose();

    private void Load(string path)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        var length = RandomAccess.GetLength(_file!);
        if (length < HeaderSize)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
            RandomAccess.Write(_file!, header, 0);
            return;
        }

        PageStream.ReadFully(_file!, 0, header);
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic)
            throw new StoreException($"'{path}' does not hold the checksums of an AgentCore LiteDB store, or its first bytes are damaged. Restore the store from a backup.");

        Kept = (length - HeaderSize) / sizeof(uint);
        _sums = new uint[Kept];
        PageStream.ReadFully(_file!, HeaderSize, MemoryMarshal.AsBytes(_sums.AsSpan()));
    }

    /// <summary>CRC-32C over the page's number and its bytes; never 0, which stands for a page that was never written.</summary>
    private static uint Sum(long page, ReadOnlySpan<byte> data)
    {
        var crc = BitOperations.Crc32C(~0u, (ulong)page);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
            crc = BitOperations.Crc32C(crc, word);
        return Math.Max(1, ~crc);
    }
}
