using System.ComponentModel;
using System.Diagnostics;

namespace AgentCore.Adapters.Processes;

/// <summary>A child process: started in a group of its own, its standard error drained to its last lines, and ended with all
/// that it started.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int None = 0;

    // How often it is looked whether a group whose first process has ended is empty.
    private static readonly TimeSpan GroupLook = TimeSpan.FromSeconds(1);

    // How long what was killed may take to be gone, and its streams to end.
    private static readonly TimeSpan Gone = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string _mark;
    private readonly Task _drain;
    private readonly CancellationTokenSource _stopDrain = new();
    private readonly Task _watch;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _disposed = new();
    private volatile int _group;

    private ChildProcess(Process process, string name, int? group, string mark, int lastLines, SecretMask mask)
    {
        _process = process;
        _group = group ?? None;
        _mark = mark;
        Name = name;
        Mask = mask;
        Streams = [process.StandardInput.BaseStream, process.StandardOutput.BaseStream, process.StandardError.BaseStream];
        Output = new LineReader(Streams[1], _ended.Token);
        Errors = new LastLines(lastLines, mask);
        _drain = Errors.DrainAsync(Streams[2], _stopDrain.Token);
        _watch = WatchAsync();
    }

    /// <summary>The program's name, for messages.</summary>
    public string Name { get; }

    public int Id => _process.Id;

    /// <summary>The group of the processes that it started, and itself; null where it has none, or all of them have ended: another may
    /// be given its id then.</summary>
    public int? Group => _group is not None and var group ? group : null;

    /// <summary>Its standard input, output and error.</summary>
    public IReadOnlyList<Stream> Streams { get; }

    public Stream Input => Streams[0];

    public LineReader Output { get; }

    public LastLines Errors { get; }

    public SecretMask Mask { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program.</summary>
    /// <exception cref="ProcessException">It could not be started.</exception>
    public static ChildProcess Start(ProcessOptions options, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = options.WorkingDirectory ?? "",
        };
        if (options.WorkingDirectory is { } folder && !Directory.Exists(folder))
            throw new ProcessException(ProcessFailure.Start, $"ProcessOptions.WorkingDirectory '{folder}' doesn't exist; create it, or name another.");

        var mark = $"{ProcessEnvironment.HostMark}-{Guid.NewGuid():n}";
        options.Environment.Apply(start.Environment);
        start.Environment[ProcessEnvironment.Mark] = mark;
        var program = Executable.Find(options.FileName, options.WorkingDirectory, start.Environment);
        start.FileName = OrphanGuard.SetSid ?? program;
        if (OrphanGuard.SetSid is not null)
            start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        try
        {
            var process = Process.Start(start)!;
            int? group = OrphanGuard.SetSid is null ? null : process.Id;
            if (group is { } id)
                OrphanGuard.Add(id);
            return new ChildProcess(process, Path.GetFileName(options.FileName), group, mark, options.Limits.MaxLastLines, options.Environment.Mask());
        }
        catch (Win32Exception e)
        {
            throw new ProcessException(ProcessFailure.Start, $"Program '{program}' could not be started: {e.Message}", e);
        }
    }

    /// <summary>Waits until it has ended by itself, for at most a time.</summary>
    /// <returns>Whether it has.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(most, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Ends it and whatever it started.</summary>
    public void Kill() => ProcessTree.Kill(_process, Group, _mark);

    /// <summary>Ends it, and reads what it still had to say on standard error.</summary>
    public async ValueTask KillAsync()
    {
        Kill();
        await EndDrainAsync().ConfigureAwait(false);
    }

    /// <summary>The failure that its end is: exit code or signal, and its last lines.</summary>
    public async ValueTask<ProcessException> EndedAsync(ProcessFailure failure, string when)
    {
        var code = await ExitAsync().ConfigureAwait(false);
        var how = code is { } known ? $"ended with {ExitStatus.Describe(known)}" : "closed its output and did not end";
        return new ProcessException(failure, $"Process '{Name}' {how} {when}.{Errors.Describe("its standard error")}") { ExitCode = code };
    }

    /// <summary>Waits for its end and for its last lines; kills it where it doesn't end.</summary>
    /// <returns>The exit code; null where it had to be killed.</returns>
    public async ValueTask<int?> ExitAsync()
    {
        var ended = await WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        await KillAsync().ConfigureAwait(false);
        return ended ? _process.ExitCode : null;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitAsync(Gone, TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        await EndDrainAsync().ConfigureAwait(false);
        await _disposed.CancelAsync().ConfigureAwait(false);
        await _watch.ConfigureAwait(false);
        LetGoOfGroup();
        _disposed.Dispose();
        _ended.Dispose();
        _stopDrain.Dispose();
        // A process whose streams were asked for leaves them open.
        foreach (var stream in Streams)
            await stream.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            await _process.WaitForExitAsync(_disposed.Token).ConfigureAwait(false);
            await _ended.CancelAsync().ConfigureAwait(false);
            while (Group is { } group && ProcessTree.HasGroup(group))
                await Task.Delay(GroupLook, _disposed.Token).ConfigureAwait(false);
            LetGoOfGroup();
        }
        catch (OperationCanceledException)
        {
            // It was disposed of before that.
        }
    }

    private void LetGoOfGroup()
    {
        if (Group is { } group)
            OrphanGuard.Remove(group);
        _group = None;
    }

    private async ValueTask EndDrainAsync()
    {
        // A process that was not found to be killed may hold the stream open.
        if (_drain.IsCompleted)
            return;
        _stopDrain.CancelAfter(Gone);
        await _drain.ConfigureAwait(false);
    }
}
