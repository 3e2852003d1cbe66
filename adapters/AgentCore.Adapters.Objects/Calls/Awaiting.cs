using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Awaits what a call returned. The compiled call names these by reflection, closed over the result's type.</summary>
internal static class Awaiting
{
    private static readonly ConcurrentDictionary<Type, MethodInfo?> Awaiters = new();

    public static ValueTask<object?> Task(Task task)
    {
        return task.IsCompletedSuccessfully ? default : Slow(task);

        static async ValueTask<object?> Slow(Task task)
        {
            await task.ConfigureAwait(false);
            return null;
        }
    }

    public static ValueTask<object?> TaskOf<T>(Task<T> task)
    {
        return task.IsCompletedSuccessfully ? new ValueTask<object?>(task.GetAwaiter().GetResult()) : Slow(task);

        static async ValueTask<object?> Slow(Task<T> task) => await task.ConfigureAwait(false);
    }

    public static async ValueTask<object?> ValueTask(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return null;
    }

    public static async ValueTask<object?> ValueTaskOf<T>(ValueTask<T> task) => await task.ConfigureAwait(false);

    /// <summary>Has the methods that <c>await</c> asks for.</summary>
    public static bool CanAwait(Type type) => Awaiters.GetOrAdd(type, Find) is not null;

    /// <summary>Awaits a value of a type that can be awaited.</summary>
    public static async ValueTask<object?> AnyValue(object? value) => value is not null && Any(value) is { } pending ? await pending.ConfigureAwait(false) : value;

    /// <summary>What a value gives when it is awaited; null where it can't be.</summary>
    public static Task<object?>? Any(object value) => Awaiters.GetOrAdd(value.GetType(), Find) is { } awaiter ? AwaitAsync(awaiter.Invoke(value, null)!) : null;

    private static MethodInfo? Find(Type type) =>
        type.GetMethod("GetAwaiter", BindingFlags.Public | BindingFlags.Instance, []) is { } method && typeof(INotifyCompletion).IsAssignableFrom(method.ReturnType) ? method : null;

    private static async Task<object?> AwaitAsync(object awaiter)
    {
        var type = awaiter.GetType();
        if (type.GetProperty("IsCompleted")?.GetValue(awaiter) is not true)
        {
            var completed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            ((INotifyCompletion)awaiter).OnCompleted(completed.SetResult);
            await completed.Task.ConfigureAwait(false);
        }

        var result = type.GetMethod("GetResult", [])!.Invoke(awaiter, BindingFlags.DoNotWrapExceptions, null, null, null);
        // What an async method without a result returns inside.
        return result?.GetType().Name == "VoidTaskResult" ? null : result;
    }
}
