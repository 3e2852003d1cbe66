namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Lets one caller at a time into an object. Who is inside already isn't stopped by itself.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Nothing waits on a handle of the semaphore, and a beat may still hold it when the agent is disposed.")]
internal sealed class Turns
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly AsyncLocal<object?> _mine = new();
    private object? _current;

    public async ValueTask<T> TakeAsync<T>(Func<ValueTask<T>> enter, CancellationToken token)
    {
        if (_mine.Value is { } mine && ReferenceEquals(mine, _current))
            return await enter().ConfigureAwait(false);

        await _one.WaitAsync(token).ConfigureAwait(false);
        try
        {
            _mine.Value = _current = new object();
            return await enter().ConfigureAwait(false);
        }
        finally
        {
            _current = null;
            _one.Release();
        }
    }
}
