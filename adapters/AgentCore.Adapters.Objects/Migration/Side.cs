using System.Text.Json;
using AgentCore.Adapters.Objects.Calls;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>What one side of a comparison gave for a task.</summary>
internal sealed record Side(string? Text, string? Data, string? Error)
{
    public bool TimedOut { get; init; }

    /// <summary>It had gone on, and ended once it was told to.</summary>
    public bool Stopped { get; init; }

    /// <summary>What it threw, where that is known.</summary>
    public Exception? Cause { get; init; }

    /// <summary>What failed outside while it ran.</summary>
    public OutsideWatch? Outside { get; init; }

    /// <summary>The failure outside that its answer passes on, as agents do that catch everything; null where it passes on none.</summary>
    public Exception? Told => Outside?.In(Text);

    /// <summary>Places of the binding that kept the object from being made.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    public static Side Of(ObjectOutcome outcome) => new(outcome.Text, outcome.Data?.GetRawText(), null);

    public static Side Of(AgentResult result) => result.Status switch
    {
        RunStatus.Done => new Side(result.Output, (result.Data as JsonElement?)?.GetRawText(), null),
        RunStatus.Failed => new Side(null, null, result.Error?.ToString()),
        _ => new Side(null, null, result.Describe()) { TimedOut = result.Status == RunStatus.Cancelled },
    };

    // How long an agent that was told to stop may take to.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Runs one side on a thread of its own, so that one that never returns is left behind.</summary>
    public static async Task<Side> OfAsync(Func<CancellationToken, Task<Side>> run, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var outside = OutsideWatch.Begin();
        return await RunAsync(run, timeout, cancellationToken).ConfigureAwait(false) with { Outside = outside };
    }

    private static async Task<Side> RunAsync(Func<CancellationToken, Task<Side>> run, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var token = limit.Token;
        var work = Task.Factory.StartNew(() => run(token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        try
        {
            var side = await work.WaitAsync(timeout + Grace, cancellationToken).ConfigureAwait(false);
            return limit.IsCancellationRequested ? side with { Stopped = true } : side;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is TimeoutException ? !work.IsCompleted : e is OperationCanceledException && limit.IsCancellationRequested)
        {
            return new Side(null, null, "time") { TimedOut = true, Stopped = e is OperationCanceledException };
        }
        catch (Exception e)
        {
            return new Side(null, null, AgentError.From(e).ToString()) { Refused = (e as ArgumentMappingException)?.At ?? [], Cause = e };
        }
    }
}
