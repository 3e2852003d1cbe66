using System.Collections.Concurrent;

namespace AgentCore.Tests.Teams.Trials;

/// <summary>What the members of one trial do to the world: what they throw, and whether any is still at work.</summary>
internal sealed class TrialWorld
{
    private int _thrown;
    private int _active;

    /// <summary>The messages of what was thrown.</summary>
    public ConcurrentQueue<string> Thrown { get; } = new();

    /// <summary>Set when the trial is over, so that what got stuck on purpose ends.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many are at work.</summary>
    public int Active => Volatile.Read(ref _active);

    public Exception Fault()
    {
        var message = $"fault {Interlocked.Increment(ref _thrown)}";
        Thrown.Enqueue(message);
        return new InvalidOperationException(message);
    }

    public async Task<T> WorkAsync<T>(Func<Task<T>> work)
    {
        Interlocked.Increment(ref _active);
        try
        {
            return await work();
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    public T Work<T>(Func<T> work)
    {
        Interlocked.Increment(ref _active);
        try
        {
            return work();
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }
}
