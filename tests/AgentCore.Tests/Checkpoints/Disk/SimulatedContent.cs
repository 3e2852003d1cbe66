namespace AgentCore.Tests.Checkpoints.Disk;

/// <summary>A file's content, as programs see it and as it is on the disk.</summary>
internal sealed class SimulatedContent(byte[] content)
{
    private const int PageBytes = 4096;
    private const int SectorBytes = 512;

    private readonly HashSet<long> _dirty = [];
    private byte[] _durable = content;
    private byte[] _buffer = [.. content];

    public long Length { get; private set; } = content.Length;

    public byte[] Content() => _buffer.AsSpan(0, (int)Length).ToArray();

    public int Read(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        if (count > 0)
            _buffer.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> data)
    {
        var end = offset + data.Length;
        if (end > _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Max(end, _buffer.Length * 2L));
        data.CopyTo(_buffer.AsSpan((int)offset));
        Length = Math.Max(Length, end);
        for (var page = offset / PageBytes; page * PageBytes < end; page++)
            _dirty.Add(page);
    }

    public void SetLength(long length)
    {
        if (length < Length)
            _buffer.AsSpan((int)length, (int)(Length - length)).Clear();
        Length = length;
        if (length > _buffer.Length)
            Array.Resize(ref _buffer, (int)length);
    }

    public void Sync()
    {
        // Only what is dirty goes to the disk: a page that a failed sync dropped stays lost.
        var synced = new byte[Length];
        _durable.AsSpan(0, (int)Math.Min(_durable.Length, Length)).CopyTo(synced);
        foreach (var page in _dirty)
            CopyPage(page, synced, 0, PageBytes);
        _durable = synced;
        _dirty.Clear();
    }

    public void DropDirty() => _dirty.Clear();

    public byte[] AfterPowerLoss(Random random)
    {
        var length = random.Next(3) switch
        {
            0 => _durable.Length,
            1 => (int)Length,
            _ => random.Next((int)Math.Min(_durable.Length, Length), (int)Math.Max(_durable.Length, Length) + 1),
        };
        var after = new byte[length];
        _durable.AsSpan(0, Math.Min(_durable.Length, length)).CopyTo(after);
        var keepMost = random.Next(3) == 0;
        foreach (var page in _dirty.Order())
        {
            switch (keepMost && random.Next(4) > 0 ? 1 : random.Next(3))
            {
                case 1:
                    CopyPage(page, after, 0, PageBytes);
                    break;
                case 2:
                    for (var sector = 0; sector < PageBytes; sector += SectorBytes)
                    {
                        if (random.Next(2) == 0)
                            CopyPage(page, after, sector, SectorBytes);
                    }
                    break;
            }
        }
        return after;
    }

    private void CopyPage(long page, byte[] target, int start, int count)
    {
        var from = (page * PageBytes) + start;
        var length = (int)Math.Min(count, Math.Min(Length, target.Length) - from);
        if (length > 0)
            _buffer.AsSpan((int)from, length).CopyTo(target.AsSpan((int)from));
    }
}
