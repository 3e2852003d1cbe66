using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>What a migration has done, one JSON line an event, so that it goes on after a stop; gone once all is done. A torn last line is dropped.</summary>
internal sealed class MigrationLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MigrationItem> _done = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _started = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Ending> _endings = new(StringComparer.Ordinal);
    private readonly FileStream _file;
    private readonly string _path;

    private MigrationLog(FileStream file, string path, IReadOnlyList<Entry> entries)
    {
        (_file, _path) = (file, path);
        foreach (var entry in entries)
        {
            if (entry.Item is null)
            {
                _started[entry.Key] = entry.Starts;
                if (entry.Ended is { } ended)
                    _endings[entry.Key] = ended;
                continue;
            }

            _started.Remove(entry.Key);
            _endings.Remove(entry.Key);
            // A binding that was changed or taken away since then is done again.
            if (entry.Written == FileStamps.Of(entry.Item.File))
                _done[entry.Key] = entry.Item;
        }
    }

    /// <summary>Opens the log of a workspace, for one process at a time.</summary>
    /// <exception cref="InvalidOperationException">Another process has it open.</exception>
    public static async Task<MigrationLog> OpenAsync(string path, bool anew, CancellationToken cancellationToken)
    {
        var file = await LockAsync(path, cancellationToken).ConfigureAwait(false);
        if (anew)
            file.SetLength(0);
        var entries = Read(file);
        // A line that a stop cut in two is closed, so that the next one stands by itself.
        if (file.Length > 0 && file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() != '\n')
            file.WriteByte((byte)'\n');
        return new MigrationLog(file, path, entries);
    }

    // On Unix only None is a lock against others that write; on Windows it would be one against deleting it, too.
    private static FileShare Alone => OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.None;

    // A process that was killed leaves a worker, which ends itself a moment later.
    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Alone);
                // The one who had it may have deleted it between our opening and its end.
                if (File.Exists(path))
                    return file;
                file.Dispose();
            }
            catch (IOException e) when (File.Exists(path) && waited.Elapsed > TimeSpan.FromSeconds(5))
            {
                throw new InvalidOperationException($"Another migration is at work in this workspace: it has {path} open. Wait for it, or end it.", e);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(50, cancellationToken).ConfigureAwait(false);
            }
        }
    }

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

    /// <summary>What was thrown as the agent ended the process; null where that isn't known.</summary>
    public Ending? EndingOf(string key) => _endings.GetValueOrDefault(key);

    /// <summary>Keeps what the agent, which runs alone, has thrown and nobody caught: the process ends at once.</summary>
    public void Ends(string key, Exception error) => Append(new Entry(key, Starts(key), null, 0) { Ended = new Ending($"{error.GetType().Name}: {Shapes.Inheritance.FirstLine(error)}", Outside.Is(error)) });

    public void Begin(string key) => Append(new Entry(key, Starts(key) + 1, null, 0));

    public void End(string key, MigrationItem item) => Append(new Entry(key, 0, item, FileStamps.Of(item.File)));

    /// <summary>All is done: there is nothing to go on with, and the next migration looks anew.</summary>
    public void Finish() => File.Delete(_path);

    public void Dispose() => _file.Dispose();

    private void Append(Entry entry)
    {
        var line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Json) + "\n");
        lock (_lock)
        {
            if (entry.Item is { } item)
                _done[entry.Key] = item;
            else
                _started[entry.Key] = entry.Starts;
            _file.Write(line);
            _file.Flush();
        }
    }

    private static List<Entry> Read(FileStream file)
    {
        var entries = new List<Entry>();
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        while (reader.ReadLine() is { } line)
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

    /// <summary>An agent that was begun, or is done.</summary>
    /// <param name="Key">What the agent is known by.</param>
    /// <param name="Starts">How often it was begun.</param>
    /// <param name="Item">What it came to; null where it was begun.</param>
    /// <param name="Written">When its binding was written last, by then.</param>
    private sealed record Entry(string Key, int Starts, MigrationItem? Item, long Written)
    {
        public Ending? Ended { get; init; }
    }
}

/// <summary>How an agent ended the process.</summary>
/// <param name="Error">What it threw.</param>
/// <param name="Outside">Whether that was for want of something outside.</param>
internal sealed record Ending(string Error, bool Outside);
