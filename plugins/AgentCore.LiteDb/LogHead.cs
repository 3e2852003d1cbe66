using System.Buffers.Binary;
using LiteDB;
using LiteDB.Engine;

namespace AgentCore.LiteDb;

/// <summary>What is known of a log: its number in the keys, and the position that its next record gets.</summary>
internal sealed class LogHead(int number, long next)
{
    public int Number { get; } = number;

    public long Next { get; set; } = next;

    public bool IsChanged { get; set; }

    public static LogHead? Find(LiteEngine engine, string log)
    {
        if (engine.FindById("logs", new BsonValue(StoreKeys.Name(log))) is not { } document)
            return null;

        var head = new LogHead(document["n"].AsInt32, document["p"].AsInt64);
        return document["c"] == head.ToDocument(log)["c"] ? head : throw StoreValues.Damaged($"The head of log '{log}'");
    }

    public BsonDocument ToDocument(string log)
    {
        var key = StoreKeys.Name(log);
        Span<byte> value = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(value, Number);
        BinaryPrimitives.WriteInt64LittleEndian(value[4..], Next);
        return new BsonDocument
        {
            ["_id"] = new BsonValue(key),
            ["n"] = Number,
            ["p"] = Next,
            ["c"] = StoreKeys.Checksum(key, value),
        };
    }
}
