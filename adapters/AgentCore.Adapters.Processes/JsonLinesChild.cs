using System.Text.Json;

namespace AgentCore.Adapters.Processes;

/// <summary>A child that serves tasks over JSON lines, one at a time.</summary>
internal sealed class JsonLinesChild : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly ProcessLimits _limits;
    private readonly TimeProvider _time;
    private readonly LastLines _noise;
    private long _lastUsed;
    private int _pings;
    private volatile bool _isAtWork;

    private JsonLinesChild(ChildProcess process, ProcessLimits limits, TimeProvider time)
    {
        _process = process;
        _limits = limits;
        _time = time;
        _noise = new LastLines(Math.Min(limits.MaxLastLines, 5), process.Mask);
    }

    public bool HasExited => _process.HasExited;

    public int Id => _process.Id;

    /// <summary>Whether it does a task.</summary>
    public bool IsAtWork => _isAtWork;

    public bool IsIdle => _time.GetElapsedTime(_lastUsed) >= _limits.HealthAfter;

    /// <summary>Starts a child and greets it.</summary>
    /// <exception cref="ProcessException">It can't be started, or doesn't greet in time.</exception>
    public static async Task<JsonLinesChild> StartAsync(ProcessOptions options, string agent, TimeProvider time, CancellationToken cancellationToken)
    {
        var child = new JsonLinesChild(ChildProcess.Start(options, options.Arguments), options.Limits, time);
        try
        {
            await child.GreetAsync(options, agent, cancellationToken).ConfigureAwait(false);
            return child;
        }
        catch
        {
            await child.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has a task done.</summary>
    /// <exception cref="ProcessException">It ended, wrote too much, or reported an error.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public async Task<ProcessReply> CallAsync(string id, string key, WireTask task, JsonElement? state, Action<string> note, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = Deadline(timeout, cancellationToken, out var linked);
        using (linked)
        {
            try
            {
                _isAtWork = true;
                _process.Output.Allow(_limits.MaxOutputBytes);
                var line = Line(Wire.Task(id, key, task, state));
                return await BothAsync(WriteAsync(line, linked.Token), AnswerAsync(id, note, linked.Token)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                await _process.KillAsync().ConfigureAwait(false);
                throw new TimeoutException($"Process '{_process.Name}' took longer than ProcessLimits.TaskTimeout, {timeout}, and was ended.{Tail()}");
            }
            finally
            {
                _isAtWork = false;
            }
        }
    }

    /// <summary>Whether it answers a health check in time.</summary>
    public async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        var id = $"ping-{++_pings}";
        using var deadline = Deadline(_limits.HealthTimeout, cancellationToken, out var linked);
        using (linked)
        {
            try
            {
                _process.Output.Allow(_limits.MaxOutputBytes);
                await WriteAsync(Line(Wire.Ping(id)), linked.Token).ConfigureAwait(false);
                while (await NextAsync(linked.Token).ConfigureAwait(false) is { } message)
                {
                    if (message.Type == "pong" && message.Id == id)
                        return true;
                }

                return false;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return false;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>Asks it to end, and waits a while for that.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var deadline = Deadline(_limits.StopTimeout, cancellationToken, out var linked);
        using (linked)
        {
            try
            {
                await WriteAsync(Line(Wire.Shutdown()), linked.Token).ConfigureAwait(false);
                _process.Input.Close();
                await _process.WaitAsync(_limits.StopTimeout, _time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // It is ended by force then.
            }
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Kill() => _process.Kill();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task GreetAsync(ProcessOptions options, string agent, CancellationToken cancellationToken)
    {
        using var deadline = Deadline(_limits.StartTimeout, cancellationToken, out var linked);
        using (linked)
        {
            try
            {
                _process.Output.Allow(_limits.MaxOutputBytes);
                byte[] greeting = [.. options.Preamble.Span, .. Line(Wire.Hello(options, agent))];
                await BothAsync(WriteAsync(greeting, linked.Token), GreetedAsync(linked.Token)).ConfigureAwait(false);
                _lastUsed = _time.GetTimestamp();
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                await _process.KillAsync().ConfigureAwait(false);
                throw new ProcessException(ProcessFailure.Start,
                    $"Process '{_process.Name}' did not greet within ProcessLimits.StartTimeout, {_limits.StartTimeout}, and was ended.{Tail()}");
            }
            catch (OutputLimitException e)
            {
                throw TooMuch(e);
            }
        }
    }

    private async Task<WireMessage> GreetedAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken).ConfigureAwait(false) is { } message)
        {
            if (message is { Fault: { } fault, Type: "error" or "hello" })
                throw new ProcessException(ProcessFailure.Start, Faulty(message.Type, fault) + Tail());
            if (message.Type == "error")
                throw new ProcessException(ProcessFailure.Start, $"Process '{_process.Name}' could not start its agent. {Describe(message.Error)}{Tail()}");
            if (message.Type != "hello")
                continue;
            if (message.Version is { } version && version != Wire.Version)
                throw new ProcessException(ProcessFailure.Start, $"Process '{_process.Name}' speaks version {version} of the protocol; this is version {Wire.Version}.");
            return message;
        }

        throw await _process.EndedAsync(ProcessFailure.Start, $"before it greeted{Noise()}").ConfigureAwait(false);
    }

    private async Task<ProcessReply> AnswerAsync(string id, Action<string> note, CancellationToken cancellationToken)
    {
        try
        {
            while (await NextAsync(cancellationToken).ConfigureAwait(false) is { } message)
            {
                if (message.Id != id)
                    continue;

                _lastUsed = _time.GetTimestamp();
                switch (message.Type)
                {
                    case "result" or "error" when message.Fault is { } fault:
                        throw new ProcessException(ProcessFailure.Reported, Faulty(message.Type, fault));
                    case "result":
                        return new ProcessReply(message.Output ?? Text(message.Data), message.Data, message.State);
                    case "error":
                        throw new ProcessException(ProcessFailure.Reported, Describe(message.Error));
                    case "progress" when message.Text is { } text:
                        note(text);
                        break;
                    case "event":
                        note($"{message.Name ?? "event"}: {message.Text ?? Text(message.Data)}");
                        break;
                }
            }
        }
        catch (OutputLimitException e)
        {
            throw TooMuch(e);
        }

        throw await _process.EndedAsync(ProcessFailure.Exit, $"while it did the task{Noise()}").ConfigureAwait(false);
    }

    /// <summary>The next message; what isn't one is noise and passed over. Null at the end.</summary>
    private async ValueTask<WireMessage?> NextAsync(CancellationToken cancellationToken)
    {
        while (await _process.Output.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            // A secret may be a word of the protocol: masked is what a message says, not how it is written.
            if (Wire.TryRead(line.Span, out var message))
                return message.Masked(_process.Mask);

            _noise.AddLine(line.Span);
        }

        return null;
    }

    /// <summary>Reads while it writes: a child that talks before it reads its input waits for its output to be read.</summary>
    private static async Task<T> BothAsync<T>(Task writing, Task<T> reading)
    {
        try
        {
            return await reading.ConfigureAwait(false);
        }
        finally
        {
            await writing.ConfigureAwait(false);
        }
    }

    private static byte[] Line(object message) => [.. JsonSerializer.SerializeToUtf8Bytes(message, Wire.Options), (byte)'\n'];

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _process.Input.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
            await _process.Input.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has closed its input. What it wrote before it ended says more than this.
        }
    }

    private CancellationTokenSource Deadline(TimeSpan limit, CancellationToken cancellationToken, out CancellationTokenSource linked)
    {
        var deadline = new CancellationTokenSource(limit, _time);
        linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        return deadline;
    }

    private ProcessException TooMuch(OutputLimitException e)
    {
        _process.Kill();
        return new ProcessException(ProcessFailure.Output,
            $"Process '{_process.Name}' wrote more than the {e.Most:N0} bytes that ProcessLimits.MaxOutputBytes allows in a task, and was ended; raise it if that much is right.{Tail()}");
    }

    private string Faulty(string type, string fault) => $"The {type} of process '{_process.Name}' is not as the protocol of JSON lines has it: {fault}.";

    private static string Describe(WireError? error)
    {
        var what = $"{error?.Type ?? "Error"}: {Cut(error?.Message ?? "no message", 4000)}";
        return string.IsNullOrEmpty(error?.Trace) ? what : $"{what}\n{Cut(error.Trace, 4000)}";
    }

    private string Tail() => _process.Errors.Describe("its standard error") + _noise.Describe("its standard output");

    private string Noise()
    {
        var noise = _noise.Describe("its standard output");
        return noise.Length == 0 ? "" : $" ({noise.Trim()})";
    }

    private static string Text(JsonElement? data) => data switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Null } => "",
        { } other => other.GetRawText(),
    };

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most] + " …";
}
