using System.Text;
using AgentCore.Checkpoints;

namespace AgentCore.Tests.Checkpoints;

/// <summary>A folder of its own for each test, and short words for what stores do.</summary>
public abstract class StoreTest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentcore-store-");

    protected string Folder => Path.Combine(_folder.FullName, "store");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected ValueTask<FileCheckpointStore> Open(Func<FileStoreOptions, FileStoreOptions>? change = null)
    {
        var options = new FileStoreOptions { Folder = Folder };
        return FileCheckpointStore.OpenAsync(change?.Invoke(options) ?? options);
    }

    protected static StoreBatch Durable => new() { Durable = true };

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static async Task<string> Records(ICheckpointStore store, string log)
    {
        var records = new List<string>();
        await foreach (var record in store.ReadAsync(log))
            records.Add(Encoding.UTF8.GetString(record.Span));
        return string.Join(",", records);
    }

    protected static async Task<string> Keys(ICheckpointStore store, string collection)
    {
        var keys = new List<string>();
        await foreach (var document in store.ListAsync(collection))
            keys.Add(document.Key);
        return string.Join(",", keys);
    }

    protected string[] Segments() => [.. Directory.GetFiles(Folder, "*.seg").Order(StringComparer.Ordinal)];
}
