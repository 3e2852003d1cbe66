using System.Runtime.CompilerServices;
using AgentCore.Checkpoints;

namespace AgentCore.Testing;

/// <summary>Where a conformance case lets a store keep its data. Each case gets a location of its own.</summary>
/// <param name="Name">A unique name, for a database or a schema.</param>
/// <param name="Folder">A new, empty folder, for a store of files.</param>
public sealed record StoreLocation(string Name, string Folder);

/// <summary>What a store is; decides which cases apply to it.</summary>
[Flags]
public enum StoreTraits
{
    /// <summary>It forgets everything when it is disposed.</summary>
    None = 0,

    /// <summary>Opened again at the same location, it holds what was committed.</summary>
    Persistent = 1,

    /// <summary>All it keeps is in <see cref="StoreLocation.Folder"/>: a copy of the folder, taken at any time, is what a
    /// crash at that time would leave.</summary>
    InFolder = 2,
}

/// <summary>A store does not keep to the contract of <see cref="ICheckpointStore"/>.</summary>
public sealed class ConformanceException : AgentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Which cases failed, and how.</param>
    /// <param name="innerException">The first failure.</param>
    public ConformanceException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}

/// <summary>One case under way: its location, its stores, and what it expects.</summary>
internal sealed class ConformanceCase(
    Func<StoreLocation, ValueTask<ICheckpointStore>> open, StoreLocation location) : IAsyncDisposable
{
    private readonly List<ICheckpointStore> _stores = [];

    public string Folder => location.Folder;

    public async Task<ICheckpointStore> Open(string? folder = null)
    {
        var store = await open(folder is null ? location : location with { Folder = folder }).ConfigureAwait(false);
        _stores.Add(store);
        return store;
    }

    public async Task<ICheckpointStore> Reopen(ICheckpointStore store)
    {
        await store.DisposeAsync().ConfigureAwait(false);
        return await Open().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync().ConfigureAwait(false);
    }

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    public static string TextOf(ReadOnlyMemory<byte> data) => System.Text.Encoding.UTF8.GetString(data.Span);

    public static async Task<string> Records(ICheckpointStore store, string log, long from = 0)
    {
        var records = new List<string>();
        await foreach (var record in store.ReadAsync(log, from).ConfigureAwait(false))
            records.Add(TextOf(record));
        return string.Join(",", records);
    }

    public static async Task<string> Keys(ICheckpointStore store, string collection, bool descending = false, string prefix = "")
    {
        var keys = new List<string>();
        await foreach (var document in store.ListAsync(collection, descending, prefix).ConfigureAwait(false))
            keys.Add(document.Key);
        return string.Join(",", keys);
    }

    public static async Task<string> Value(ICheckpointStore store, string collection, string key) =>
        await store.GetAsync(collection, key).ConfigureAwait(false) is { } document ? $"{TextOf(document.Value)}@{document.Version}" : "none";

    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new ConformanceException($"{what}: expected {expected}, found {actual}.");
    }

    public static async Task<TException> Throws<TException>(Func<Task> act, string what)
        where TException : Exception
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (TException e)
        {
            return e;
        }
        catch (Exception e)
        {
            throw new ConformanceException($"{what}: expected {typeof(TException).Name}, and {e.GetType().Name} was thrown: {e.Message}", e);
        }
        throw new ConformanceException($"{what}: expected {typeof(TException).Name}, and nothing was thrown.");
    }
}
