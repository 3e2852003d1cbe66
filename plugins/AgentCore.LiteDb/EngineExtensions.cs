using LiteDB;
using LiteDB.Engine;

namespace AgentCore.LiteDb;

/// <summary>The few queries that the store needs. Results are read whole: a LiteDB cursor belongs to its thread.</summary>
internal static class EngineExtensions
{
    private static readonly BsonExpression Id = BsonExpression.Create("$._id");

    public static BsonDocument? FindById(this LiteEngine engine, string collection, BsonValue id)
    {
        var query = new Query { Limit = 1 };
        query.Where.Add(BsonExpression.Create("$._id = @0", id));
        using var reader = engine.Query(collection, query);
        return reader.Read() ? reader.Current.AsDocument : null;
    }

    /// <summary>The documents whose binary keys lie between two, in the keys' order.</summary>
    public static List<BsonDocument> Range(
        this LiteEngine engine, string collection, byte[] first, byte[] last, int limit, bool descending = false)
    {
        var query = new Query { OrderBy = Id, Order = descending ? Query.Descending : Query.Ascending, Limit = limit };
        query.Where.Add(Between(first, last));
        var found = new List<BsonDocument>();
        using var reader = engine.Query(collection, query);
        while (reader.Read())
            found.Add(reader.Current.AsDocument);
        return found;
    }

    public static void DeleteRange(this LiteEngine engine, string collection, byte[] first, byte[] last) =>
        engine.DeleteMany(collection, Between(first, last));

    private static BsonExpression Between(byte[] first, byte[] last) =>
        BsonExpression.Create("$._id BETWEEN @0 AND @1", new BsonValue(first), new BsonValue(last));
}
