namespace AgentCore.Checkpoints.Files;

/// <summary>Reads records for one caller, and keeps the last frame: its next record is often in the same one.</summary>
internal sealed class FrameReader
{
    private Segment? _segment;
    private int _offset;
    private ReadOnlyMemory<byte> _payload;

    /// <summary>Reads what lies at a location, and lets the location's segment go.</summary>
    public ReadOnlyMemory<byte> Read(Location location)
    {
        using var segment = location.Segment;
        if (_segment != segment || _offset != location.FrameOffset)
        {
            _payload = segment.ReadPayload(location.FrameOffset, location.FrameLength);
            (_segment, _offset) = (segment, location.FrameOffset);
        }
        if (location.DataOffset + (long)location.DataLength > _payload.Length)
            throw new StoreDamagedException(segment.Path, location.FrameOffset, location.FrameLength, "The index points outside the record.");
        return _payload.Slice(location.DataOffset, location.DataLength);
    }
}
