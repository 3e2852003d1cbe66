using System.Diagnostics;
using AgentCore.Learning;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Tools;

/// <summary>One call of a tool's function: timed, counted, and ended when its time is up.</summary>
internal static class ToolCall
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    [ThreadStatic]
    private static CancellationTokenSource? _source;

    public static ValueTask<object?> InvokeAsync(Tool tool, AIFunctionArguments arguments, TimeProvider time, CancellationToken cancellationToken, AttemptChanges? changes = null)
    {
        if (tool.Options.Timeout is { } timeout)
            return TimedAsync(tool, arguments, changes?.Stretch(timeout) ?? timeout, time, cancellationToken);

        var start = Stopwatch.GetTimestamp();
        var call = Start(tool, arguments, cancellationToken);
        if (!call.IsCompletedSuccessfully)
            return CountAsync(tool, call, start);

        tool.Statistics.Record(Stopwatch.GetTimestamp() - start, failed: false);
        return call;
    }

    private static async ValueTask<object?> CountAsync(Tool tool, ValueTask<object?> call, long start)
    {
        var failed = true;
        try
        {
            var result = await call.ConfigureAwait(false);
            failed = false;
            return result;
        }
        finally
        {
            tool.Statistics.Record(Stopwatch.GetTimestamp() - start, failed);
        }
    }

    /// <summary>A call with a time limit. A function that blocks its thread without looking at its token can't be interrupted;
    /// any other is left behind when it doesn't end.</summary>
    private static ValueTask<object?> TimedAsync(
        Tool tool, AIFunctionArguments arguments, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var source = Rent(timeout, time);
        var link = cancellationToken.UnsafeRegister(static s => ((CancellationTokenSource)s!).Cancel(), source);
        var start = Stopwatch.GetTimestamp();
        var call = Start(tool, arguments, source.Token);
        if (!call.IsCompletedSuccessfully)
            return AwaitTimedAsync(tool, call, timeout, time, source, link, start, cancellationToken);

        tool.Statistics.Record(Stopwatch.GetTimestamp() - start, failed: false);
        link.Dispose();
        Return(source, time);
        return call;
    }

    private static ValueTask<object?> Start(Tool tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            return tool.Function.InvokeAsync(arguments, cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<object?>(e);
        }
    }

    private static async ValueTask<object?> AwaitTimedAsync(
        Tool tool, ValueTask<object?> call, TimeSpan timeout, TimeProvider time, CancellationTokenSource source,
        CancellationTokenRegistration link, long start, CancellationToken cancellationToken)
    {
        var failed = true;
        try
        {
            var result = await Bounded.WaitAsync(call.AsTask(), Grace, time, source.Token).ConfigureAwait(false);
            failed = false;
            return result;
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Tool '{tool.Name}' took longer than its timeout, {timeout}.");
        }
        finally
        {
            tool.Statistics.Record(Stopwatch.GetTimestamp() - start, failed);
            await link.DisposeAsync().ConfigureAwait(false);
            Return(source, time);
        }
    }

    private static CancellationTokenSource Rent(TimeSpan timeout, TimeProvider time)
    {
        if (!ReferenceEquals(time, TimeProvider.System))
            return new CancellationTokenSource(timeout, time);

        var source = _source ?? new CancellationTokenSource();
        _source = null;
        source.CancelAfter(timeout);
        return source;
    }

    private static void Return(CancellationTokenSource source, TimeProvider time)
    {
        if (ReferenceEquals(time, TimeProvider.System) && source.TryReset())
            _source = source;
        else
            source.Dispose();
    }
}
