using System.Diagnostics;
using System.Globalization;
using AgentCore.Checkpoints;
using AgentCore.Plugins;

namespace AgentCore.Endurance.Plugin;

/// <summary>A store of another kind, in a process that dies before or after its Nth commit: KILL_AT says <c>before 5</c> or
/// <c>after 5</c>.</summary>
internal sealed class KillingStore(ICheckpointStore inner, bool before, int at) : ICheckpointStore
{
    private int _commits;

    public string Kind => $"killing-{inner.Kind}";

    /// <summary>Adds a kind that kills, over each that there may be. A kind is looked up when it is opened: other plugins may add it.</summary>
    public static void AddTo(PluginRegistry registry)
    {
        foreach (var kind in (string[])["file", "litedb"])
            registry.AddStore($"killing-{kind}", (location, cancellationToken) => OpenAsync(registry.Stores[kind], location, cancellationToken));
    }

    private static async ValueTask<ICheckpointStore> OpenAsync(
        Func<StoreLocation, CancellationToken, ValueTask<ICheckpointStore>> open, StoreLocation location, CancellationToken cancellationToken)
    {
        var inner = await open(location, cancellationToken);
        var when = Environment.GetEnvironmentVariable("KILL_AT")?.Split(' ');
        return when is [var side, var at] ? new KillingStore(inner, side == "before", int.Parse(at, CultureInfo.InvariantCulture)) : new KillingStore(inner, false, -1);
    }

    public async ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default)
    {
        var number = Interlocked.Increment(ref _commits);
        if (before && number == at)
            Die();
        await inner.CommitAsync(batch, cancellationToken);
        if (!before && number == at)
            Die();
    }

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string log, long from = 0, CancellationToken cancellationToken = default) => inner.ReadAsync(log, from, cancellationToken);

    public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default) => inner.GetAsync(collection, key, cancellationToken);

    public IAsyncEnumerable<StoredDocument> ListAsync(string collection, bool descending = false, string prefix = "", CancellationToken cancellationToken = default) =>
        inner.ListAsync(collection, descending, prefix, cancellationToken);

    public ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => inner.PutBlobAsync(log, data, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default) => inner.GetBlobAsync(log, reference, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    // SIGKILL: nothing is flushed, nothing is told.
    private static void Die() => Process.GetCurrentProcess().Kill();
}
