namespace AgentCore.Runs;

/// <summary>Runs a step's work within its time. Work that doesn't end when it is cancelled is left behind after a grace: a
/// run must end though a tool does not.</summary>
internal static class Bounded
{
    /// <summary>Runs work without a time limit of its own.</summary>
    public static ValueTask<T> RunAsync<T>(
        Func<StepContext, ValueTask<T>> body, StepContext step, TimeSpan grace, TimeProvider time, bool synchronous)
    {
        var work = body(step);
        return work.IsCompleted || !step.CancellationToken.CanBeCanceled || synchronous
            ? work
            : new ValueTask<T>(WaitAsync(work.AsTask(), grace, time, step.CancellationToken));
    }

    /// <summary>Runs work with a time limit.</summary>
    /// <exception cref="TimeoutException">The time was up.</exception>
    public static async ValueTask<T> RunAsync<T>(
        Func<StepContext, ValueTask<T>> body, StepContext step, TimeSpan timeout, TimeSpan grace, TimeProvider time)
    {
        var cancellationToken = step.CancellationToken;
        using var deadline = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var token = linked.Token;
        try
        {
            // On a thread of its own: synchronous work could not be left behind otherwise.
            var work = Task.Run(() => body(step with { CancellationToken = token }).AsTask(), CancellationToken.None);
            return await WaitAsync(work, grace, time, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"It took longer than its timeout, {timeout}.");
        }
    }

    /// <summary>Waits for work until it is cancelled, and a grace longer.</summary>
    public static async Task<T> WaitAsync<T>(Task<T> work, TimeSpan grace, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            try
            {
                // Work that has ended meanwhile tells what it came to.
                return await work.WaitAsync(grace, time, CancellationToken.None).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Left behind; what it throws later has nobody to go to.
                _ = work.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                throw new LeftBehindException(work, cancellationToken);
            }
        }
    }
}

/// <summary>Work did not end when it was cancelled.</summary>
internal sealed class LeftBehindException(Task work, CancellationToken cancellationToken)
    : OperationCanceledException("It did not end when it was cancelled, and was left behind.", cancellationToken)
{
    /// <summary>The work, which may still end.</summary>
    public Task Work { get; } = work;
}
