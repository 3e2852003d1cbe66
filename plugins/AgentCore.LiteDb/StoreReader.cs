using AgentCore.Checkpoints;
using LiteDB;
using LiteDB.Engine;

namespace AgentCore.LiteDb;

/// <summary>Reads logs, documents and blobs, a page of them at a time, and checks what it reads.</summary>
internal static class StoreReader
{
    private const int PageCount = 64;

    /// <summary>The next records of a log from a position on; empty at its end.</summary>
    /// <exception cref="StoreException">A record is missing or damaged.</exception>
    public static List<ReadOnlyMemory<byte>> Records(LiteEngine engine, string log, long from)
    {
        if (LogHead.Find(engine, log) is not { } head || from >= head.Next)
            return [];

        var found = engine.Range("records", StoreKeys.InLog(head.Number, from), StoreKeys.InLog(head.Number, long.MaxValue), PageCount);
        var records = new List<ReadOnlyMemory<byte>>(found.Count);
        foreach (var document in found)
        {
            var position = from + records.Count;
            if (StoreKeys.Place(document["_id"].AsBinary) != position)
                throw Missing(log, position);
            records.Add(StoreValues.Read(engine, 'r', document, $"Record {position} of log '{log}'"));
        }

        return from + records.Count >= Math.Min(head.Next, from + PageCount) ? records : throw Missing(log, from + records.Count);
    }

    public static StoredDocument? Document(LiteEngine engine, string collection, string key)
    {
        var number = CollectionNumber(engine, collection);
        if (number == 0)
            return null;

        var document = engine.FindById("documents", new BsonValue(StoreKeys.Document(number, StoreKeys.Name(key))));
        return document is null ? null : ToStored(engine, collection, document);
    }

    /// <summary>The next documents of a collection in the order of their keys, behind a key or from the start.</summary>
    public static List<StoredDocument> Documents(LiteEngine engine, string collection, bool descending, string prefix, string? behind)
    {
        var number = CollectionNumber(engine, collection);
        if (number == 0)
            return [];

        var first = StoreKeys.Document(number, StoreKeys.Name(prefix));
        var last = StoreKeys.After(first)!;
        if (behind is not null)
        {
            var key = StoreKeys.Document(number, StoreKeys.Name(behind));
            if (descending)
                last = key;
            else
                first = key;
        }

        // Both ends belong to a range; the one that does not belong here is dropped again.
        var end = descending ? last : first;
        return [.. engine.Range("documents", first, last, PageCount + 1, descending)
            .Where(d => behind is null || !d["_id"].AsBinary.AsSpan().SequenceEqual(end))
            .Where(d => d["_id"].AsBinary.AsSpan().StartsWith(StoreKeys.Document(number, StoreKeys.Name(prefix))))
            .Select(d => ToStored(engine, collection, d))];
    }

    public static ReadOnlyMemory<byte> Blob(LiteEngine engine, string log, string reference)
    {
        var what = $"Blob '{reference}' of log '{log}'";
        if (LogHead.Find(engine, log) is not { } head)
            throw new StoreException($"{what} is missing: there is no such log.");

        var (number, length, checksum) = BlobReference.Parse(reference);
        var key = StoreKeys.InLog(head.Number, number);
        if (length > 0 && engine.FindById("pieces", new BsonValue(StoreKeys.Piece('b', key, 0))) is null)
            throw new StoreException($"{what} is missing.");

        var value = StoreValues.ReadPieces(engine, 'b', key, length, what);
        return StoreKeys.Checksum([], value) == checksum ? value : throw StoreValues.Damaged(what);
    }

    /// <summary>A collection's number in the keys; 0 where there is no such collection.</summary>
    public static int CollectionNumber(LiteEngine engine, string collection) =>
        engine.FindById("collections", new BsonValue(StoreKeys.Name(collection))) is { } document ? document["n"].AsInt32 : 0;

    private static StoredDocument ToStored(LiteEngine engine, string collection, BsonDocument document)
    {
        var key = StoreKeys.Text(document["_id"].AsBinary.AsSpan(4));
        return new StoredDocument(key, StoreValues.Read(engine, 'd', document, $"Document '{collection}/{key}'"), document["e"].AsInt64);
    }

    private static StoreException Missing(string log, long position) =>
        new($"Record {position} of log '{log}' is missing: the file is damaged. Restore the store from a backup.");
}
