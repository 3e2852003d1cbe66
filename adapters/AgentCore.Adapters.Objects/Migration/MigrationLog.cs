using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>What a migration has done, one JSON line an event, so that it goes on after a stop. A torn last line is dropped.</summary>
internal sealed class MigrationLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MigrationItem> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _started = new(StringComparer.Ordinal);
    private readonly FileStream _file;

    private MigrationLog(string path, IReadOnlyList<Entry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Item is { } item)
                _done[entry.Key] = item;
            else
                _started[entry.Key] = entry.Starts;
        }

        // Written whole beside the old one and put in its place, so that a stop leaves one of the two.
        var kept = entries.Where(e => e.Item is not null || !_done.ContainsKey(e.Key)).GroupBy(e => e.Key, StringComparer.Ordinal).Select(g => g.Last());
        var next = path + ".new";
        File.WriteAllLines(next, kept.Select(e => JsonSerializer.Serialize(e, Json)));
        File.Move(next, path, overwrite: true);
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    public static MigrationLog Open(string path, bool anew) => new(path, anew || !File.Exists(path) ? [] : Read(path));

    public MigrationItem? Done(string key)
    {
        lock (_lock)
            return _done.GetValueOrDefault(key);
    }

    /// <summary>How often the agent was begun and not ended: it may have taken the process with it.</summary>
    public int Starts(string key)
    {
        lock (_lock)
            return _started.GetValueOrDefault(key);
    }

    public void Begin(string key) => Append(new Entry(key, Starts(key) + 1, null));

    public void End(string key, MigrationItem item) => Append(new Entry(key, 0, item));

    public void Dispose() => _file.Dispose();

    private void Append(Entry entry)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Json) + "\n");
        lock (_lock)
        {
            if (entry.Item is { } item)
                _done[entry.Key] = item;
            _file.Write(line);
            _file.Flush();
        }
    }

    private static List<Entry> Read(string path)
    {
        var entries = new List<Entry>();
        foreach (var line in File.ReadLines(path))
        {
            try
            {
                if (JsonSerializer.Deserialize<Entry>(line, Json) is { Key: not null } entry)
                    entries.Add(entry);
            }
            catch (JsonException)
            {
                // The line that a stop cut in two; its agent is done again.
            }
        }

        return entries;
    }

    private sealed record Entry(string Key, int Starts, MigrationItem? Item);
}
