using System.Runtime.InteropServices;
using AgentCore.Checkpoints;
using LiteDB;
using LiteDB.Engine;

namespace AgentCore.LiteDb;

/// <summary>Writes and reads values: small ones within their document, large ones in pieces beside it, each with a checksum
/// over key and value.</summary>
internal static class StoreValues
{
    public const int PieceBytes = 1024 * 1024;

    /// <summary>A document for a value; its pieces are written at once.</summary>
    public static BsonDocument Write(LiteEngine engine, char kind, byte[] key, ReadOnlyMemory<byte> value)
    {
        var document = new BsonDocument
        {
            ["_id"] = new BsonValue(key),
            ["c"] = StoreKeys.Checksum(key, value.Span),
        };
        if (value.Length <= PieceBytes)
        {
            document["v"] = new BsonValue(Array(value));
            return document;
        }

        document["n"] = value.Length;
        engine.Insert("pieces", Pieces(kind, key, value, 0), BsonAutoId.ObjectId);
        return document;
    }

    /// <summary>A value's pieces, from one number on.</summary>
    public static IEnumerable<BsonDocument> Pieces(char kind, byte[] key, ReadOnlyMemory<byte> value, int number)
    {
        for (; !value.IsEmpty; number++)
        {
            var piece = value[..Math.Min(PieceBytes, value.Length)];
            value = value[piece.Length..];
            yield return new BsonDocument
            {
                ["_id"] = new BsonValue(StoreKeys.Piece(kind, key, number)),
                ["v"] = new BsonValue(piece.ToArray()),
            };
        }
    }

    /// <summary>The value of a document.</summary>
    /// <exception cref="StoreException">It is not what was written.</exception>
    public static ReadOnlyMemory<byte> Read(LiteEngine engine, char kind, BsonDocument document, string what)
    {
        var key = document["_id"].AsBinary;
        var value = document["v"] is { IsBinary: true } inline
            ? inline.AsBinary
            : ReadPieces(engine, kind, key, document["n"].IsInt32 ? document["n"].AsInt32 : -1, what);
        return document["c"].IsInt64 && document["c"].AsInt64 == StoreKeys.Checksum(key, value) ? value : throw Damaged(what);
    }

    /// <summary>Puts a value together from its pieces.</summary>
    /// <exception cref="StoreException">A piece is missing or too long.</exception>
    public static byte[] ReadPieces(LiteEngine engine, char kind, byte[] key, int length, string what)
    {
        if (length < 0)
            throw Damaged(what);

        var value = new byte[length];
        var read = 0;
        for (var number = 0; read < length; number++)
        {
            var piece = engine.FindById("pieces", new BsonValue(StoreKeys.Piece(kind, key, number)))?["v"];
            if (piece is not { IsBinary: true } || piece.AsBinary.Length > length - read || piece.AsBinary.Length == 0)
                throw Damaged(what);

            piece.AsBinary.CopyTo(value, read);
            read += piece.AsBinary.Length;
        }

        return value;
    }

    /// <summary>Removes the pieces of one document's value.</summary>
    public static void DeletePieces(LiteEngine engine, char kind, BsonDocument document)
    {
        if (document["v"].IsBinary)
            return;

        var key = document["_id"].AsBinary;
        var count = (document["n"].AsInt32 + PieceBytes - 1) / PieceBytes;
        engine.Delete("pieces", Enumerable.Range(0, count).Select(i => new BsonValue(StoreKeys.Piece(kind, key, i))));
    }

    /// <summary>Removes the pieces of everything in a log.</summary>
    public static void DeletePieces(LiteEngine engine, char kind, int log)
    {
        var first = StoreKeys.Piece(kind, StoreKeys.InLog(log, 0), 0);
        engine.DeleteRange("pieces", first, StoreKeys.Piece(kind, StoreKeys.InLog(log, long.MaxValue), int.MaxValue));
    }

    public static StoreException Damaged(string what) =>
        new($"{what} is damaged: it does not have the checksum that it was written with. Restore the store from a backup.");

    private static byte[] Array(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out var segment) && segment.Array is { } array && array.Length == value.Length
            ? array
            : value.ToArray();
}
