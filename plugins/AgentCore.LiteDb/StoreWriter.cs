using AgentCore.Checkpoints;
using LiteDB;
using LiteDB.Engine;

namespace AgentCore.LiteDb;

/// <summary>Applies batches within LiteDB's transaction of the calling thread. A batch that does not fit what is there is
/// refused before anything of it is written.</summary>
internal sealed class StoreWriter
{
    private const int MostHeads = 10_000;
    private readonly LiteEngine _engine;
    private readonly Dictionary<string, LogHead> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _collections = new(StringComparer.Ordinal);
    private readonly List<BsonDocument> _records = [];
    private int _nextNumber;

    public StoreWriter(LiteEngine engine)
    {
        _engine = engine;
        _nextNumber = engine.FindById("meta", "numbers") is { } numbers ? numbers["next"].AsInt32 : 1;
    }

    /// <summary>Writes a batch, or nothing of it.</summary>
    /// <exception cref="StoreConflictException">A log or document is not as the batch expects.</exception>
    public void Apply(StoreBatch batch)
    {
        Check(batch);
        foreach (var operation in batch.Operations)
        {
            switch (operation.Kind)
            {
                case StoreOperationKind.Append:
                    Append(operation.Key, operation.Data);
                    break;
                case StoreOperationKind.Put:
                    Put(operation);
                    break;
                case StoreOperationKind.Delete:
                    Delete(operation);
                    break;
                case StoreOperationKind.DeleteLog:
                    DeleteLog(operation.Key);
                    break;
            }
        }
    }

    /// <summary>Reserves a blob's key in a log, which is created where it is missing.</summary>
    public byte[] NewBlob(string log)
    {
        var head = Head(log, create: true)!;
        return StoreKeys.InLog(head.Number, NextNumber());
    }

    public void AddPieces(byte[] blob, ReadOnlyMemory<byte> data, int number) =>
        _engine.Insert("pieces", StoreValues.Pieces('b', blob, data, number), BsonAutoId.ObjectId);

    /// <summary>Writes what <see cref="Apply"/> held back. Call it before the commit.</summary>
    public void Flush()
    {
        FlushRecords();
        _engine.Upsert("logs", _heads.Where(h => h.Value.IsChanged).Select(h => h.Value.ToDocument(h.Key)), BsonAutoId.ObjectId);
        foreach (var head in _heads.Values)
            head.IsChanged = false;
        if (_heads.Count > MostHeads)
            _heads.Clear();
    }

    private void FlushRecords()
    {
        if (_records.Count == 0)
            return;

        _engine.Insert("records", _records, BsonAutoId.ObjectId);
        _records.Clear();
    }

    /// <summary>Plays the batch through without writing.</summary>
    private void Check(StoreBatch batch)
    {
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        var versions = new Dictionary<(string, string), long>();
        var hasVersions = batch.Operations.Any(o => o.Kind == StoreOperationKind.Put && o.Expected is not null);
        foreach (var operation in batch.Operations)
        {
            var id = (operation.Collection, operation.Key);
            switch (operation.Kind)
            {
                case StoreOperationKind.Append:
                    var next = positions.TryGetValue(operation.Key, out var seen) ? seen : Head(operation.Key, create: false)?.Next ?? 0;
                    if (operation.Expected is { } position && position != next)
                        throw new StoreConflictException(operation.Key, position, next);
                    positions[operation.Key] = next + 1;
                    break;
                case StoreOperationKind.DeleteLog:
                    positions[operation.Key] = 0;
                    break;
                case StoreOperationKind.Put when hasVersions:
                    var version = versions.TryGetValue(id, out var known) ? known : Version(Find(operation));
                    if (operation.Expected is { } expected && expected != version)
                        throw new StoreConflictException($"{operation.Collection}/{operation.Key}", expected, version);
                    versions[id] = version + 1;
                    break;
                case StoreOperationKind.Delete:
                    versions[id] = 0;
                    break;
            }
        }
    }

    private void Append(string log, ReadOnlyMemory<byte> record)
    {
        var head = Head(log, create: true)!;
        _records.Add(StoreValues.Write(_engine, 'r', StoreKeys.InLog(head.Number, head.Next), record));
        head.Next++;
        head.IsChanged = true;
    }

    private void Put(StoreOperation operation)
    {
        var old = Find(operation);
        var key = StoreKeys.Document(CollectionNumber(operation.Collection, create: true), StoreKeys.Name(operation.Key));
        if (old is not null)
            StoreValues.DeletePieces(_engine, 'd', old);
        var document = StoreValues.Write(_engine, 'd', key, operation.Data);
        document["e"] = Version(old) + 1;
        _engine.Upsert("documents", [document], BsonAutoId.ObjectId);
    }

    private void Delete(StoreOperation operation)
    {
        if (Find(operation) is not { } old)
            return;

        StoreValues.DeletePieces(_engine, 'd', old);
        _engine.Delete("documents", [old["_id"]]);
    }

    private void DeleteLog(string log)
    {
        if (Head(log, create: false) is not { } head)
            return;

        FlushRecords();
        _engine.DeleteRange("records", StoreKeys.InLog(head.Number, 0), StoreKeys.InLog(head.Number, long.MaxValue));
        StoreValues.DeletePieces(_engine, 'r', head.Number);
        StoreValues.DeletePieces(_engine, 'b', head.Number);
        _engine.Delete("logs", [new BsonValue(StoreKeys.Name(log))]);
        _heads.Remove(log);
    }

    private LogHead? Head(string log, bool create)
    {
        if (_heads.TryGetValue(log, out var head))
            return head;

        head = LogHead.Find(_engine, log);
        if (head is null && create)
            head = new LogHead(NextNumber(), 0) { IsChanged = true };
        if (head is not null)
            _heads.Add(log, head);
        return head;
    }

    private BsonDocument? Find(StoreOperation operation)
    {
        var collection = CollectionNumber(operation.Collection, create: false);
        return collection == 0
            ? null
            : _engine.FindById("documents", new BsonValue(StoreKeys.Document(collection, StoreKeys.Name(operation.Key))));
    }

    private int CollectionNumber(string collection, bool create)
    {
        if (_collections.TryGetValue(collection, out var number))
            return number;

        number = StoreReader.CollectionNumber(_engine, collection);
        if (number == 0)
        {
            if (!create)
                return 0;

            number = NextNumber();
            _engine.Insert(
                "collections", [new BsonDocument { ["_id"] = new BsonValue(StoreKeys.Name(collection)), ["n"] = number }], BsonAutoId.ObjectId);
        }

        _collections.Add(collection, number);
        return number;
    }

    /// <summary>A number that no log, collection or blob of this store had before, deleted ones included.</summary>
    private int NextNumber()
    {
        var number = _nextNumber++;
        _engine.Upsert("meta", [new BsonDocument { ["_id"] = "numbers", ["next"] = _nextNumber }], BsonAutoId.ObjectId);
        return number;
    }

    private static long Version(BsonDocument? document) => document is null ? 0 : document["e"].AsInt64;
}
