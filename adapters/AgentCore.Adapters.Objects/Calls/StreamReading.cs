using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Threading.Channels;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Reads a stream of any kind to its end.</summary>
internal static class StreamReading
{
    private const int Most = 1_000_000;
    private const BindingFlags Own = BindingFlags.NonPublic | BindingFlags.Static;

    /// <summary>The items of a stream; null where the value is none.</summary>
    public static Task<List<object?>>? Read(object value, CancellationToken token)
    {
        if (Closed(value, typeof(IAsyncEnumerable<>)) is { } item)
            return Call(nameof(AsyncItems), item, value, token);
        if (Closed(value, typeof(IObservable<>)) is { } observed)
            return Call(nameof(Observed), observed, value, token);
        if (value.GetType() is { IsGenericType: true } && Base(value.GetType(), typeof(ChannelReader<>)) is { } read)
            return Call(nameof(ChannelItems), read, value, token);

        return value switch
        {
            IEnumerable<Task> tasks => Awaited(tasks, token),
            // What an iterator method returns, and LINQ, is both: to be walked from its beginning.
            IEnumerator enumerator and not IEnumerable => Task.FromResult(Walk(enumerator, token)),
            _ => null,
        };
    }

    /// <summary>The items of a lazy sequence, walked once: walking it is running it. Null where the value is none, or holds its items.</summary>
    public static List<object?>? Walk(object value, CancellationToken token) =>
        value is IEnumerable lazy and not ICollection and not string && !Sequences.IsDictionary(value.GetType()) ? Walk(lazy.GetEnumerator(), token) : null;

    private static Type? Closed(object value, Type open) =>
        Array.Find(value.GetType().GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == open)?.GetGenericArguments()[0];

    private static Type? Base(Type type, Type open)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.IsGenericType && t.GetGenericTypeDefinition() == open)
                return t.GetGenericArguments()[0];
        }

        return null;
    }

    private static Task<List<object?>> Call(string method, Type item, object value, CancellationToken token) =>
        (Task<List<object?>>)typeof(StreamReading).GetMethod(method, Own)!.MakeGenericMethod(item).Invoke(null, [value, token])!;

    private static async Task<List<object?>> AsyncItems<T>(IAsyncEnumerable<T> stream, CancellationToken token)
    {
        var items = new List<object?>();
        await foreach (var item in stream.WithCancellation(token).ConfigureAwait(false))
            Keep(items, item);
        return items;
    }

    private static Task<List<object?>> ChannelItems<T>(ChannelReader<T> reader, CancellationToken token) => AsyncItems(reader.ReadAllAsync(token), token);

    private static async Task<List<object?>> Observed<T>(IObservable<T> source, CancellationToken token)
    {
        var collector = new Collector();
        var listener = new Listener<T>(collector);
        using (source.Subscribe(listener))
            await listener.Done.WaitAsync(token).ConfigureAwait(false);
        return [.. collector.Take()];
    }

    private static List<object?> Walk(IEnumerator enumerator, CancellationToken token)
    {
        var items = new List<object?>();
        try
        {
            while (enumerator.MoveNext())
            {
                token.ThrowIfCancellationRequested();
                Keep(items, enumerator.Current);
            }
        }
        finally
        {
            (enumerator as IDisposable)?.Dispose();
        }

        return items;
    }

    /// <summary>A sequence that never ends would take all memory before anyone could stop it.</summary>
    private static void Keep(List<object?> items, object? item)
    {
        if (items.Count == Most)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The result is a sequence of more than {Most:N0} items, or one without an end. Give a part of it, as Take does."));
        items.Add(item);
    }

    private static async Task<List<object?>> Awaited(IEnumerable<Task> tasks, CancellationToken token)
    {
        var items = new List<object?>();
        foreach (var task in tasks)
        {
            await task.WaitAsync(token).ConfigureAwait(false);
            if (task.GetType().GetProperty("Result") is { } result && result.PropertyType.Name != "VoidTaskResult")
                items.Add(result.GetValue(task));
        }

        return items;
    }
}
