namespace AgentCore.Text;

/// <summary>
/// Many growing byte strings in few large pages: each string is a chain of slices that double in size, so that a rare term
/// costs eight bytes and a common one wastes little (the layout of Lucene's byte block pool).
/// </summary>
internal sealed class PostingPool
{
    private const int PageBits = 16;
    private const int PageSize = 1 << PageBits;
    private const int FirstSlice = 12;
    private const int LastSlice = 4096;
    private const int Link = 4;

    private readonly List<byte[]> _pages = [];
    private int _free = PageSize;

    /// <summary>The pool's size, in bytes.</summary>
    public long Bytes => (long)_pages.Count * PageSize;

    /// <summary>Where a byte string begins and where its next byte goes.</summary>
    public struct Chain
    {
        public int First;
        public int Next;
        public int End;
        public int Size;
    }

    /// <summary>Appends a number in groups of seven bits, the lowest first.</summary>
    public void Append(ref Chain chain, uint value)
    {
        while (value >= 0x80)
        {
            AppendByte(ref chain, (byte)(value | 0x80));
            value >>= 7;
        }
        AppendByte(ref chain, (byte)value);
    }

    /// <summary>Reads a chain from its start.</summary>
    public Reader Read(Chain chain) => new(_pages, chain);

    private void AppendByte(ref Chain chain, byte value)
    {
        if (chain.Size == 0)
        {
            chain.Size = FirstSlice;
            chain.First = chain.Next = Allocate(FirstSlice);
            chain.End = chain.Next + FirstSlice - Link;
        }
        else if (chain.Next == chain.End)
        {
            var size = Math.Min(chain.Size * 2, LastSlice);
            var slice = Allocate(size);
            BitConverter.TryWriteBytes(_pages[chain.End >> PageBits].AsSpan(chain.End & (PageSize - 1), Link), slice);
            (chain.Size, chain.Next, chain.End) = (size, slice, slice + size - Link);
        }
        _pages[chain.Next >> PageBits][chain.Next & (PageSize - 1)] = value;
        chain.Next++;
    }

    private int Allocate(int size)
    {
        if (_free + size > PageSize)
        {
            if (_pages.Count == 1 << (31 - PageBits)) throw new InvalidOperationException("The index is full: it holds 2 GB of postings. Search fewer files.");
            _pages.Add(new byte[PageSize]);
            _free = 0;
        }
        var address = ((_pages.Count - 1) << PageBits) + _free;
        _free += size;
        return address;
    }

    /// <summary>Reads numbers back in the order they were appended.</summary>
    public struct Reader
    {
        private readonly List<byte[]> _pages;
        private readonly int _stop;
        private int _at;
        private int _end;
        private int _size;

        internal Reader(List<byte[]> pages, Chain chain)
        {
            _pages = pages;
            _stop = chain.Next;
            _at = chain.First;
            _size = FirstSlice;
            _end = chain.First + FirstSlice - Link;
        }

        /// <summary>Whether every number has been read.</summary>
        public readonly bool AtEnd => _at == _stop;

        /// <summary>Reads the next number.</summary>
        public uint Next()
        {
            uint value = 0;
            for (var shift = 0; ; shift += 7)
            {
                var b = NextByte();
                value |= (uint)(b & 0x7F) << shift;
                if (b < 0x80) return value;
            }
        }

        private byte NextByte()
        {
            if (_at == _end)
            {
                _at = BitConverter.ToInt32(_pages[_end >> PageBits].AsSpan(_end & (PageSize - 1), Link));
                _size = Math.Min(_size * 2, LastSlice);
                _end = _at + _size - Link;
            }
            var value = _pages[_at >> PageBits][_at & (PageSize - 1)];
            _at++;
            return value;
        }
    }
}
