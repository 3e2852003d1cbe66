using System.Diagnostics;
using AgentCore.Runs;
using AgentCore.Telemetry;
using Microsoft.Extensions.AI;

namespace AgentCore;

// Steps: the leaves of a run. What leaves the process is journalled as an intent, then as a result.
public sealed partial class AgentContext
{
    // How long a cancelled call may take to end by itself before it is left behind.
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Does a step: what is in it is done once, and its result is kept.</summary>
    /// <typeparam name="T">The result's type; it must serialise to JSON.</typeparam>
    /// <param name="name">The step's name, the same each time the agent's code runs.</param>
    /// <param name="arguments">What the step depends on; a resumed run checks that it is the same. Null for nothing.</param>
    /// <param name="body">The work.</param>
    /// <param name="options">How it may be done; null for once, with no time limit.</param>
    /// <returns>The result, as it is read back from the journal.</returns>
    /// <exception cref="StepFailedException">The work threw, now or in the run that is resumed.</exception>
    /// <exception cref="RunStoppedException">The run may do no further step.</exception>
    /// <exception cref="ReplayMismatchException">The journal has another step in this place.</exception>
    public T Step<T>(string name, object? arguments, Func<T> body, StepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return BlockingBridge.Run(() => StepAsync(name, arguments, _ => new ValueTask<T>(body()), options, synchronous: true));
    }

    /// <summary>Does a step without a result.</summary>
    /// <param name="name">The step's name, the same each time the agent's code runs.</param>
    /// <param name="arguments">What the step depends on; null for nothing.</param>
    /// <param name="body">The work.</param>
    /// <param name="options">How it may be done; null for once, with no time limit.</param>
    public void Step(string name, object? arguments, Action body, StepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        BlockingBridge.Run(() => StepAsync(name, arguments, Wrap, options, synchronous: true, NothingCodec.Instance));

        ValueTask<bool> Wrap(StepContext step)
        {
            body();
            return new ValueTask<bool>(true);
        }
    }

    /// <summary>Does a step that is told its idempotency key.</summary>
    /// <typeparam name="T">The result's type; it must serialise to JSON.</typeparam>
    /// <param name="name">The step's name, the same each time the agent's code runs.</param>
    /// <param name="arguments">What the step depends on; null for nothing.</param>
    /// <param name="body">The work.</param>
    /// <param name="options">How it may be done; null for once, with no time limit.</param>
    public T Step<T>(string name, object? arguments, Func<StepContext, T> body, StepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return BlockingBridge.Run(() => StepAsync(name, arguments, step => new ValueTask<T>(body(step)), options, synchronous: true));
    }

    /// <summary>Not to be used: the step would end before its work does.</summary>
    [Obsolete("An asynchronous body would not be waited for. Use StepAsync.", error: true)]
    public void Step(string name, object? arguments, Func<Task> body, StepOptions? options = null) =>
        throw new NotSupportedException();

    /// <summary>Not to be used: the step would end before its work does.</summary>
    [Obsolete("An asynchronous body would not be waited for. Use StepAsync.", error: true)]
    public void Step<T>(string name, object? arguments, Func<Task<T>> body, StepOptions? options = null) =>
        throw new NotSupportedException();

    /// <summary>Does a step: what is in it is done once, and its result is kept.</summary>
    /// <typeparam name="T">The result's type; it must serialise to JSON.</typeparam>
    /// <param name="name">The step's name, the same each time the agent's code runs.</param>
    /// <param name="arguments">What the step depends on; a resumed run checks that it is the same. Null for nothing.</param>
    /// <param name="body">The work.</param>
    /// <param name="options">How it may be done; null for once, with no time limit.</param>
    /// <returns>The result, as it is read back from the journal.</returns>
    /// <exception cref="StepFailedException">The work threw, now or in the run that is resumed.</exception>
    /// <exception cref="RunStoppedException">The run may do no further step.</exception>
    /// <exception cref="ReplayMismatchException">The journal has another step in this place.</exception>
    public Task<T> StepAsync<T>(string name, object? arguments, Func<StepContext, Task<T>> body, StepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return StepAsync(name, arguments, step => new ValueTask<T>(body(step)), options, _synchronous).AsTask();
    }

    /// <summary>Does a step without a result.</summary>
    /// <param name="name">The step's name, the same each time the agent's code runs.</param>
    /// <param name="arguments">What the step depends on; null for nothing.</param>
    /// <param name="body">The work.</param>
    /// <param name="options">How it may be done; null for once, with no time limit.</param>
    public Task StepAsync(string name, object? arguments, Func<StepContext, Task> body, StepOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(body);
        return StepAsync(name, arguments, Wrap, options, _synchronous, NothingCodec.Instance).AsTask();

        async ValueTask<bool> Wrap(StepContext step)
        {
            await body(step).ConfigureAwait(false);
            return true;
        }
    }

    private ValueTask<T> StepAsync<T>(
        string name, object? arguments, Func<StepContext, ValueTask<T>> body, StepOptions? options, bool synchronous, StepCodec<T>? codec = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        options ??= StepOptions.Default;
        var json = arguments is null || (Run.Journal is null && !Run.HasWatcher) ? null : ToJson(arguments);
        var call = new StepCall("step", name, json is null ? null : Hash(json), options.Repeatable, options.Timeout) { Arguments = json };
        return LeafAsync(call, body, codec ?? JsonCodec<T>.For(Agent.Options.Migrations), synchronous);
    }

    /// <summary>Does a leaf, or returns what the journal has for it.</summary>
    internal async ValueTask<T> LeafAsync<T>(StepCall call, Func<StepContext, ValueTask<T>> body, StepCodec<T> codec, bool synchronous)
    {
        var ordinal = Begin();
        try
        {
            var needsPath = Run.Journal is not null || Run.IsObserved || call.NeedsApproval;
            var path = needsPath ? StepTable.Join(Path, ordinal) : "";
            var repeated = false;
            if (Run.Journal?.Find(path) is { } entry)
            {
                var (known, value) = await RecallAsync(entry, call, path, codec).ConfigureAwait(false);
                if (known)
                    return value!;
                repeated = entry.Intent.Kind == RunRecord.Intent;
            }

            if (call.NeedsApproval)
                await ApproveAsync(call, path, synchronous).ConfigureAwait(false);
            return await LiveAsync(call, path, ordinal, repeated, body, codec, synchronous).ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    private async ValueTask<T> LiveAsync<T>(
        StepCall call, string path, int ordinal, bool repeated, Func<StepContext, ValueTask<T>> body, StepCodec<T> codec, bool synchronous)
    {
        var journal = Run.Journal;
        if (Run.Saved is { IsReplay: true } saved)
            throw Run.Halt(saved.End(path, Describe(call.Kind, call.Name, call.Hash)));
        using var reserved = call.ReserveAsync is null
            ? null
            : await BlockingBridge.Settle(call.ReserveAsync(CancellationToken), synchronous).ConfigureAwait(false);
        // A watcher may throw: told before the intent, the step is not begun then; told after its outcome, that is kept.
        if (Run.HasWatcher)
            Run.Emit(new StepStartedEvent(call.Name, call.Kind, call.Arguments is null ? null : Text(call.Arguments)), this, path);
        if (journal is not null)
            await BlockingBridge.Settle(IntendAsync(journal, call, path), synchronous).ConfigureAwait(false);

        var key = call.NeedsKey || journal is not null
            ? Runs.RunId.IdempotencyKey(Run.Id, path.Length > 0 ? path : StepTable.Join(Path, ordinal))
            : "";
        var tokens = new StepTokens(this);
        var step = new StepContext(key, CancellationToken) { Repeated = repeated, Tokens = tokens };
        var activity = AgentTelemetry.StartStep(call, path);
        var start = Stopwatch.GetTimestamp();
        T value;
        var hasOutcome = false;
        try
        {
            value = await BlockingBridge.Settle(BoundedAsync(call, step, body, synchronous), synchronous).ConfigureAwait(false);
            hasOutcome = true;
        }
        catch (Exception e) when (e is not RunStoppedException)
        {
            CountLate(e, codec);
            var failed = Stopwatch.GetElapsedTime(start);
            AgentTelemetry.EndStep(activity, call, failed, tokens.Spent, AgentError.From(e).Type);
            var failure = Failure(e, call, path, codec);
            if (failure is null)
                throw;
            hasOutcome = true;
            if (journal is not null)
                await BlockingBridge.Settle(KeepAsync(new RunRecord(RunRecord.Fail) { Path = path, At = Tick(), Usage = tokens.Spent, Error = failure }), synchronous).ConfigureAwait(false);
            if (Run.HasWatcher)
                Run.Emit(new StepFinishedEvent(call.Name, call.Kind, failed, tokens.Spent, failure), this, path);
            throw new StepFailedException(call.Name, failure);
        }
        finally
        {
            tokens.End();

            // A step that was stopped is still open, but what it has used is used.
            if (!hasOutcome && journal is not null && tokens.Spent is { } spent)
                await BlockingBridge.Settle(KeepAsync(new RunRecord(RunRecord.Unknown) { Path = path, At = Run.NowMilliseconds(), Usage = spent }), synchronous).ConfigureAwait(false);
        }

        var usage = codec.Usage(value);
        if (usage is not null)
            AddUsage(usage);
        usage = UsageSum.Of(tokens.Spent, usage);
        var done = Stopwatch.GetElapsedTime(start);
        AgentTelemetry.EndStep(activity, call, done, usage, null);
        if (journal is not null)
        {
            var bytes = codec.Write(value);
            await BlockingBridge.Settle(KeepResultAsync(path, bytes, usage), synchronous).ConfigureAwait(false);
            value = codec.Read(bytes);
        }

        if (Run.HasWatcher)
            Run.Emit(new StepFinishedEvent(call.Name, call.Kind, done, usage, null), this, path);
        return value;
    }

    /// <summary>Does the work within its time, and leaves it behind when it doesn't end.</summary>
    private ValueTask<T> BoundedAsync<T>(StepCall call, StepContext step, Func<StepContext, ValueTask<T>> body, bool synchronous)
    {
        return call.Timeout is { } timeout
            ? Bounded.RunAsync(body, step, Changes.Stretch(timeout), Grace, Run.Time)
            : Bounded.RunAsync(body, step, Grace, Run.Time, synchronous);
    }

    /// <summary>The failure that an exception of a step is; null where it is the run's own cancellation. An outcome that can't
    /// be known stops the run.</summary>
    private AgentError? Failure(Exception e, StepCall call, string path, StepCodec codec)
    {
        var cancelled = CancellationToken.IsCancellationRequested && e is OperationCanceledException;
        if (!call.Repeatable && e is (OperationCanceledException or TimeoutException))
            throw UnknownOutcome(call, path, codec, cancelled ? "it was cancelled while it went on" : $"it ended with {AgentError.From(e)}");
        if (cancelled)
            return null;

        var error = AgentError.From(e);
        return error with { Step = path.Length > 0 ? path : null, Retryable = call.Repeatable && error.Retryable };
    }

    private RunStoppedException UnknownOutcome(StepCall call, string path, StepCodec codec, string why)
    {
        var step = path.Length > 0 ? path : "?";
        var returns = codec.Returns;
        return Run.Halt(new RunStop(
            RunStatus.NeedsDecision,
            new StopReason(StopKind.Decision, $"The outcome of step {step} '{call.Name}' is unknown."))
        {
            Pending = new PendingDecision(step, DecisionKind.Outcome, call.Name,
                $"Step {step} '{call.Name}' may or may not have been done: {why}. Find out, then decide: done{(returns is null ? "" : $" with its result ({returns})")}, retry, or abort.")
            {
                Returns = codec.NeedsResult ? returns : null,
                Arguments = call.Shown is { } shown ? Text(shown) : null,
            },
        });
    }
}
