using System.Text.Json;

namespace AgentCore.Adapters.Processes;

/// <summary>Any program as an agent. A task is one opaque step of the run: done once, and not repeated unless
/// <see cref="ProcessOptions.Repeatable"/> says that it may be.</summary>
/// <remarks>The child sees a scrubbed environment, is bounded in time and output, is started again after it failed, and never
/// outlives the agent. A child that ends or reports an error makes the step fail; one that hangs is ended, and leaves the
/// step's outcome unknown.</remarks>
public class ProcessAgent : AsyncAgent
{
    private const string StateName = "process.state";

    private readonly ProcessOptions _process;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _gone = new();
    private JsonLinesChild? _child;
    private int _failures;
    private string _lastFailure = "";

    /// <summary>Creates an agent over a program. Nothing is started before the first run or <see cref="BaseAgent.Initialize"/>.</summary>
    /// <param name="metadata">What it is.</param>
    /// <param name="process">The program.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    public ProcessAgent(AgentMetadata metadata, ProcessOptions process, AgentOptions? options = null) : base(metadata, options) =>
        _process = process ?? throw new ArgumentNullException(nameof(process));

    /// <summary>The child's process id; null while there is none.</summary>
    public int? ProcessId => _child is { HasExited: false } child ? child.Id : null;

    /// <summary>Whether the child is there and answers within <see cref="ProcessLimits.HealthTimeout"/>. One that does a task is well, and isn't
    /// asked: it may answer only when it is done, and <see cref="ProcessLimits.TaskTimeout"/> ends one that hangs. A program of the text protocol
    /// is well when it is found.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default)
    {
        if (_process.Protocol == ProcessProtocol.Text)
            return IsInstalled(out _);

        using var deadline = new CancellationTokenSource(_process.Limits.HealthTimeout, Options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return IsAtWork || await InTurnAsync(
                async token => _child is { HasExited: false } child && await child.PingAsync(token).ConfigureAwait(false), linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return IsAtWork;
        }
    }

    private bool IsAtWork => _child is { HasExited: false, IsAtWork: true };

    /// <inheritdoc/>
    protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var task = WireTask.Of(context.Task);
        var state = context.State.Get<JsonElement?>(StateName);
        var reply = await context.StepAsync(
            "process",
            new { Task = task, State = state },
            step => CallAsync(context, task, state, step),
            new StepOptions { Repeatable = _process.Repeatable }).ConfigureAwait(false);
        if (reply.State is { } after)
            context.State.Set(StateName, after);
        return AgentResult.Done(reply.Output, reply.Data);
    }

    /// <inheritdoc/>
    protected override async ValueTask OnInitializeAsync(CancellationToken cancellationToken)
    {
        if (_process.Protocol == ProcessProtocol.Text)
        {
            if (!IsInstalled(out var problem))
                throw problem!;
            return;
        }

        await InTurnAsync(ReadyChildAsync, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async ValueTask OnShutdownAsync(CancellationToken cancellationToken) => await InTurnAsync(
        async token =>
        {
            _failures = 0;
            if (_child is not { } child)
                return false;
            await child.StopAsync(token).ConfigureAwait(false);
            await DropAsync().ConfigureAwait(false);
            return true;
        },
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;

        // Disposed in the middle of a run or a start: that ends its child, and lets go of it.
        _ = _gone.CancelAsync();
        _child?.Kill();
        if (!_turn.Wait(0))
            return;
        _ = DropAsync();
        _turn.Release();
    }

    private async Task<ProcessReply> CallAsync(AgentContext context, WireTask task, JsonElement? state, StepContext step)
    {
        if (_process.Protocol == ProcessProtocol.Text)
            return await UntilGoneAsync(token => TextCall.RunAsync(LimitsFor(context), task.Input, Options.Time, token), step.CancellationToken).ConfigureAwait(false);

        return await InTurnAsync(
            async token =>
            {
                var child = await ReadyChildAsync(token).ConfigureAwait(false);
                try
                {
                    // An id of its own for each try: the answer to an earlier one is noise.
                    var reply = await child.CallAsync(Guid.NewGuid().ToString("n"), step.IdempotencyKey, task, state, context.Note, LimitsFor(context).Limits.TaskTimeout, token).ConfigureAwait(false);
                    _failures = 0;
                    return reply;
                }
                catch (ProcessException e) when (e.Failure == ProcessFailure.Reported)
                {
                    _failures = 0;
                    throw;
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    // It is busy with what nobody waits for.
                    await DropAsync().ConfigureAwait(false);
                    throw;
                }
                catch (Exception e)
                {
                    await FailAsync(e.Message).ConfigureAwait(false);
                    throw;
                }
            },
            step.CancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does something with the child, one at a time. After <see cref="Dispose(bool)"/> none is left.</summary>
    private Task<T> InTurnAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken) => UntilGoneAsync(
        async token =>
        {
            await _turn.WaitAsync(token).ConfigureAwait(false);
            try
            {
                return await action(token).ConfigureAwait(false);
            }
            finally
            {
                if (_gone.IsCancellationRequested)
                    await DropAsync().ConfigureAwait(false);
                _turn.Release();
            }
        },
        cancellationToken);

    /// <summary>Does something until the agent is disposed of.</summary>
    private async Task<T> UntilGoneAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _gone.Token);
        try
        {
            return await action(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ProcessException(ProcessFailure.Exit, $"Process '{_process.FileName}' was ended: agent '{Metadata.Name}' was disposed of before it was done.");
        }
    }

    /// <summary>The program with the time that a remedy gives it.</summary>
    private ProcessOptions LimitsFor(AgentContext context) => context.Changes.TimeoutFactor == 1
        ? _process
        : _process with { Limits = _process.Limits with { TaskTimeout = _process.Limits.TaskTimeout * context.Changes.TimeoutFactor } };

    /// <summary>The child, started (again) where it is not there or not well.</summary>
    private async Task<JsonLinesChild> ReadyChildAsync(CancellationToken cancellationToken)
    {
        if (_child is { } child)
        {
            if (!child.HasExited && (!child.IsIdle || await child.PingAsync(cancellationToken).ConfigureAwait(false)))
                return child;
            await FailAsync(child.HasExited ? "It ended between tasks." : "It did not answer a health check.").ConfigureAwait(false);
        }

        var limits = _process.Limits;
        if (_failures > limits.MaxRestarts)
        {
            throw new ProcessException(ProcessFailure.Restarts,
                $"Process '{_process.FileName}' has failed {_failures} times in a row, more than ProcessLimits.MaxRestarts ({limits.MaxRestarts}) allows. "
                + $"Mend it, then shut the agent down and initialise it to try again. The last failure: {_lastFailure}");
        }

        if (_failures > 0 && limits.DelayAfter(_failures) is var delay && delay > TimeSpan.Zero)
            await Task.Delay(delay, Options.Time, cancellationToken).ConfigureAwait(false);
        try
        {
            return _child = await JsonLinesChild.StartAsync(_process, Metadata.Name, Options.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (ProcessException e)
        {
            await FailAsync(e.Message).ConfigureAwait(false);
            throw;
        }
    }

    private async Task FailAsync(string why)
    {
        _failures++;
        _lastFailure = why;
        await DropAsync().ConfigureAwait(false);
    }

    private async Task DropAsync()
    {
        if (_child is not { } child)
            return;
        _child = null;
        await child.DisposeAsync().ConfigureAwait(false);
    }

    private bool IsInstalled(out ProcessException? problem)
    {
        try
        {
            var environment = new Dictionary<string, string?>();
            _process.Environment.Apply(environment);
            Executable.Find(_process.FileName, _process.WorkingDirectory, environment);
            problem = null;
            return true;
        }
        catch (ProcessException e)
        {
            problem = e;
            return false;
        }
    }
}
