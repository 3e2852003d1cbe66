namespace AgentCore.Checkpoints.Files;

/// <summary>One operation as a frame keeps it, with the place of its data in the frame's plain payload.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Collection">The document's collection; empty for logs.</param>
/// <param name="Key">The document's key, or the log's name.</param>
/// <param name="Number">The record's position, or the document's version after this; 0 for deletes.</param>
/// <param name="DataOffset">Where the data starts in the payload.</param>
/// <param name="DataLength">How long it is.</param>
internal readonly record struct StoredOp(
    StoreOperationKind Kind, string Collection, string Key, long Number, int DataOffset, int DataLength)
{
    /// <summary>What the operation takes in a segment, near enough to weigh garbage by.</summary>
    public int Weight => DataLength + Key.Length + Collection.Length + 8;

    public bool HoldsData => Kind is StoreOperationKind.Append or StoreOperationKind.Put;
}

/// <summary>The payload of a frame: the number of operations, then each with its names, number and data.</summary>
internal static class BatchCodec
{
    /// <summary>Writes one operation; <paramref name="payloadStart"/> is where the payload began in the buffer.</summary>
    public static StoredOp Write(
        ByteWriter buffer, int payloadStart, StoreOperationKind kind, string collection, string key, long number, ReadOnlySpan<byte> data)
    {
        buffer.Byte((byte)kind);
        if (kind is StoreOperationKind.Put or StoreOperationKind.Delete)
            buffer.String(collection);
        buffer.String(key);
        var holdsData = kind is StoreOperationKind.Append or StoreOperationKind.Put;
        if (holdsData)
        {
            buffer.Varint(number);
            buffer.Varint(data.Length);
        }
        var op = new StoredOp(kind, collection, key, number, buffer.Length - payloadStart, data.Length);
        if (holdsData)
            buffer.Bytes(data);
        return op;
    }

    /// <summary>Reads a payload's operations.</summary>
    /// <exception cref="FormatException">The bytes are no payload.</exception>
    public static void Read(ReadOnlySpan<byte> payload, List<StoredOp> ops)
    {
        ops.Clear();
        var reader = new ByteReader(payload);
        var count = reader.Int();
        for (var i = 0; i < count; i++)
        {
            var kind = (StoreOperationKind)reader.Byte();
            if (kind > StoreOperationKind.DeleteLog)
                throw new FormatException($"The operation {(int)kind} is unknown.");
            var collection = kind is StoreOperationKind.Put or StoreOperationKind.Delete ? reader.String() : "";
            var key = reader.String();
            if (kind is StoreOperationKind.Append or StoreOperationKind.Put)
            {
                var number = reader.Varint();
                var length = reader.Int();
                var offset = reader.Position;
                reader.Bytes(length);
                ops.Add(new StoredOp(kind, collection, key, number, offset, length));
            }
            else
            {
                ops.Add(new StoredOp(kind, collection, key, 0, reader.Position, 0));
            }
        }
        if (reader.Remaining != 0)
            throw new FormatException("The payload is longer than its operations.");
    }
}
