using System.Runtime.InteropServices;
using AgentCore.Runner.Output;

namespace AgentCore.Runner;

/// <summary>Ctrl-C and the signals that end programs. The first cancels the command, so that its run is kept as cancelled; a
/// second one ends the program. Code that blocks its thread may not end when it is cancelled: that is said after a moment, and
/// a program that was told to end does so by itself, as whoever tells it may do so once.</summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    // Less than the ten seconds after which containers are killed, and longer than what is cancelled may take to end.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    private readonly Terminal _terminal;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<PosixSignalRegistration> _signals;

    public Interruption(Terminal terminal)
    {
        _terminal = terminal;
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];
    }

    public CancellationToken Token => _cancellation.Token;

    public void Dispose()
    {
        _ended.Cancel();
        _signals.ForEach(s => s.Dispose());
        _ended.Dispose();
        _cancellation.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (_cancellation.IsCancellationRequested)
            return;

        context.Cancel = true;
        _ = WatchAsync(context.Signal == PosixSignal.SIGINT, _ended.Token);
        // What is registered to be told may block its thread, too.
        _ = _cancellation.CancelAsync();
    }

    private async Task WatchAsync(bool byPerson, CancellationToken ended)
    {
        await Task.Delay(Moment, ended);
        if (byPerson)
        {
            _terminal.Note("agentcore: it doesn't stop yet; Ctrl-C again ends the program.");
            return;
        }

        _terminal.Note("agentcore: it doesn't stop yet; if it still doesn't, the program ends in a few seconds.");
        await Task.Delay(Grace - Moment, ended);
        _terminal.Note("agentcore: it did not stop, and the program ends. A run is kept up to here: 'agentcore runs list' shows it.");
        Environment.Exit(ExitCode.Cancelled);
    }
}
