using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentCore.Checkpoints;

namespace AgentCore.Tests.Checkpoints.Disk;

/// <summary>Makes random batches and knows what a store holds after each: the state after batch n is the state that a document
/// with the number n stands beside.</summary>
internal sealed class StoreModel(Random random)
{
    private readonly Dictionary<string, List<string>> _logs = [];
    private readonly Dictionary<string, (string Value, long Version)> _documents = [];
    private readonly List<string> _states = [Describe([], [])];

    /// <summary>How many batches were made.</summary>
    public int Count => _states.Count - 1;

    /// <summary>What a store holds after a number of batches, as text.</summary>
    public string StateAfter(int batches) => _states[batches];

    /// <summary>The newest state's logs and documents.</summary>
    public IReadOnlyDictionary<string, List<string>> Logs => _logs;

    public IReadOnlyDictionary<string, (string Value, long Version)> Documents => _documents;

    /// <summary>Goes back to what a store holds, and forgets the batches that a crash took.</summary>
    public void ReturnTo(StoreContent content)
    {
        _states.RemoveRange(content.Batches + 1, _states.Count - content.Batches - 1);
        _logs.Clear();
        foreach (var (log, records) in content.Logs)
            _logs[log] = records;
        _documents.Clear();
        foreach (var (key, document) in content.Documents)
            _documents[key] = document;
    }

    /// <summary>Makes the next batch. One with a blob's reference has it as a record of that log.</summary>
    public StoreBatch Next(bool durable, (string Log, string Reference)? blob = null)
    {
        var batch = new StoreBatch { Durable = durable };
        if (blob is { } put)
            Append(batch, put.Log, "blob:" + put.Reference);
        for (var i = random.Next(1, 4); i > 0; i--)
            AddOperation(batch);
        Put(batch, "number", (Count + 1).ToString(CultureInfo.InvariantCulture));
        _states.Add(Describe(_logs, _documents));
        return batch;
    }

    /// <summary>The state as text, short: a hash.</summary>
    public static string Describe(StoreContent content) => Describe(content.Logs, content.Documents);

    /// <summary>All records that were ever made.</summary>
    public HashSet<string> Written { get; } = [];

    public static IEnumerable<string> DocumentKeys() => [.. Enumerable.Range(0, 6).Select(i => $"doc-{i}"), "number"];

    public static IEnumerable<string> LogNames() => Enumerable.Range(0, 8).Select(i => $"log-{i}");

    private void AddOperation(StoreBatch batch)
    {
        var log = $"log-{random.Next(8)}";
        switch (random.Next(12))
        {
            case 0:
                batch.DeleteLog(log);
                _logs.Remove(log);
                break;
            case 1:
                var gone = $"doc-{random.Next(6)}";
                batch.Delete("d", gone);
                _documents.Remove(gone);
                break;
            case 2 or 3 or 4:
                Put(batch, $"doc-{random.Next(6)}", Text());
                break;
            default:
                Append(batch, log, Text());
                break;
        }
    }

    private void Append(StoreBatch batch, string log, string record)
    {
        if (!_logs.TryGetValue(log, out var records))
            _logs[log] = records = [];
        batch.Append(log, records.Count, Encoding.UTF8.GetBytes(record));
        records.Add(record);
        Written.Add(record);
    }

    private void Put(StoreBatch batch, string key, string value)
    {
        var version = _documents.TryGetValue(key, out var known) ? known.Version : 0;
        batch.Put("d", key, Encoding.UTF8.GetBytes(value), version);
        _documents[key] = (value, version + 1);
    }

    // Mostly short; some span pages, and a few fill a segment.
    private string Text()
    {
        var length = random.Next(20) switch { 0 => random.Next(20_000), < 5 => random.Next(3000), _ => random.Next(120) };
        return string.Create(CultureInfo.InvariantCulture, $"{random.Next()}:{new string((char)('a' + random.Next(26)), length)}");
    }

    private static string Describe(Dictionary<string, List<string>> logs, Dictionary<string, (string Value, long Version)> documents)
    {
        var text = new StringBuilder();
        foreach (var (log, records) in logs.Where(log => log.Value.Count > 0).OrderBy(log => log.Key, StringComparer.Ordinal))
            text.Append(log).Append('=').AppendJoin('|', records).Append('\n');
        foreach (var (key, (value, version)) in documents.OrderBy(document => document.Key, StringComparer.Ordinal))
            text.Append(key).Append('@').Append(version).Append('=').Append(value).Append('\n');
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

/// <summary>All that a store holds of a model.</summary>
internal sealed record StoreContent(
    int Batches, Dictionary<string, List<string>> Logs, Dictionary<string, (string Value, long Version)> Documents)
{
    public static async Task<StoreContent> Read(ICheckpointStore store)
    {
        var logs = new Dictionary<string, List<string>>();
        foreach (var log in StoreModel.LogNames())
        {
            var records = new List<string>();
            await foreach (var record in store.ReadAsync(log))
                records.Add(Encoding.UTF8.GetString(record.Span));
            if (records.Count > 0)
                logs[log] = records;
        }
        var documents = new Dictionary<string, (string Value, long Version)>();
        await foreach (var document in store.ListAsync("d"))
            documents[document.Key] = (Encoding.UTF8.GetString(document.Value.Span), document.Version);
        var batches = documents.TryGetValue("number", out var number) ? int.Parse(number.Value, CultureInfo.InvariantCulture) : 0;
        return new StoreContent(batches, logs, documents);
    }
}
