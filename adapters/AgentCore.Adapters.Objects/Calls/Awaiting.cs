namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Awaits what a call returned. The compiled call names these by reflection, closed over the result's type.</summary>
internal static class Awaiting
{
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
}
