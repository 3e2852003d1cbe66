using AgentCore.Runs;

namespace AgentCore.Teams;

/// <summary>A protocol as it leads a run. One that doesn't end when the run is cancelled is left behind: the run ends with what
/// was said.</summary>
internal sealed class Lead(IAsyncEnumerable<NextTurn> turns, AgentContext context) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<NextTurn> _turns = turns.GetAsyncEnumerator();
    private bool _isLeftBehind;

    /// <summary>The next turn; null where there is none.</summary>
    public async ValueTask<NextTurn?> NextAsync() => await WaitAsync(_turns.MoveNextAsync()).ConfigureAwait(false) ? _turns.Current : null;

    public async ValueTask DisposeAsync()
    {
        // What still goes on can't be disposed.
        if (!_isLeftBehind)
            await WaitAsync(EndAsync()).ConfigureAwait(false);
    }

    private async ValueTask<bool> EndAsync()
    {
        await _turns.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    private async ValueTask<bool> WaitAsync(ValueTask<bool> pending)
    {
        if (pending.IsCompleted || !context.CancellationToken.CanBeCanceled)
            return await pending.ConfigureAwait(false);

        var work = pending.AsTask();
        try
        {
            return await Bounded.WaitAsync(work, ScopeBound.Grace, context.Run.Time, context.CancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _isLeftBehind = !work.IsCompleted;
        }
    }
}
