namespace AgentCore.Runs;

/// <summary>The one place where asynchronous work is waited for. It clears the SynchronizationContext, so that continuations
/// don't wait for the blocked thread, and raises the pool's minimum while a pool thread is blocked, so that they find a
/// thread. A pool with a hard maximum can't be helped; there it fails at once instead of hanging.</summary>
internal static class BlockingBridge
{
    // Enough for any caller that blocks on purpose; a bound, so that a runaway can't ask for a thread each.
    private const int MostBlocked = 8_192;

    private static readonly Lock Gate = new();
    private static int _blocked;
    private static int _baseline;

    /// <summary>Runs and waits for work.</summary>
    public static T Run<T>(Func<ValueTask<T>> work)
    {
        var context = SynchronizationContext.Current;
        if (context is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Wait(work());
        }
        finally
        {
            if (context is not null)
                SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Waits for a task where the caller is synchronous; hands it on where it isn't.</summary>
    public static ValueTask Settle(ValueTask task, bool synchronous)
    {
        if (!synchronous || task.IsCompleted)
            return task;

        Wait(Wrap(task));
        return default;

        static async ValueTask<bool> Wrap(ValueTask task)
        {
            await task.ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>Waits for a task where the caller is synchronous; hands it on where it isn't.</summary>
    public static ValueTask<T> Settle<T>(ValueTask<T> task, bool synchronous) =>
        !synchronous || task.IsCompleted ? task : new ValueTask<T>(Wait(task));

#pragma warning disable VSTHRD002 // This is the bridge: the one place that may wait.
    private static T Wait<T>(ValueTask<T> task)
    {
        if (task.IsCompleted || !Thread.CurrentThread.IsThreadPoolThread)
            return task.AsTask().GetAwaiter().GetResult();

        Enter();
        try
        {
            return task.AsTask().GetAwaiter().GetResult();
        }
        finally
        {
            Leave();
        }
    }
#pragma warning restore VSTHRD002

    private static void Enter()
    {
        lock (Gate)
        {
            ThreadPool.GetMinThreads(out var workers, out var io);
            ThreadPool.GetMaxThreads(out var most, out _);
            if (_blocked == 0)
                _baseline = workers;
            if (_blocked + 1 >= Math.Min(most, MostBlocked))
            {
                throw new InvalidOperationException(
                    $"{_blocked + 1} threads of a pool of at most {most} would be blocked in synchronous calls of agents, so that none is left to finish them. "
                    + "Call ExecuteAsync instead of Execute, or raise the pool's maximum.");
            }

            _blocked++;
            ThreadPool.SetMinThreads(Math.Min(most, _baseline + _blocked), io);
        }
    }

    private static void Leave()
    {
        lock (Gate)
        {
            _blocked--;
            ThreadPool.GetMinThreads(out _, out var io);
            ThreadPool.SetMinThreads(_baseline + _blocked, io);
        }
    }
}
