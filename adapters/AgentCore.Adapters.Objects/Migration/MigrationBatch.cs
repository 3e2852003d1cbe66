using System.Globalization;
using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>One agent of a batch.</summary>
/// <param name="Key">What the log knows it by.</param>
/// <param name="Agent">The agent as it is before anything is done.</param>
/// <param name="RunsCode">Whether code of the agent is run, which may take the process with it.</param>
/// <param name="Do">What is done.</param>
internal sealed record MigrationJob(string Key, MigrationItem Agent, bool RunsCode, Func<CancellationToken, Task<MigrationItem>> Do)
{
    /// <summary>The gaps that are known without running anything; they stand where trying the agent ends the process.</summary>
    public Func<IReadOnlyList<BindingGap>> Gaps { get; init; } = static () => [];

    /// <summary>What is said of an agent that took the process with it.</summary>
    public MigrationItem Ended(int times, Ending? how) => (Gaps(), how) switch
    {
        ({ Count: > 0 } gaps, _) => Agent with { Status = MigrationStatus.Gaps, Message = string.Join("; ", gaps) },
        (_, { Outside: true }) => Agent with { Status = MigrationStatus.Gaps, Message = $"surroundings: it needs what isn't here, and ended the process: {how.Error}" },
        _ => Agent with { Status = MigrationStatus.Crashed, Message = string.Create(CultureInfo.InvariantCulture, $"the process ended {times} times while it ran{(how is null ? "" : $" ({how.Error})")}; look at it alone with migrate verify {Agent.Name}") },
    };
}

/// <summary>Does jobs many at once. What the log has as done is not done again; what was begun and not ended goes alone, after the
/// rest, as it may have taken the process with it, and is left out after the second time.</summary>
internal sealed class MigrationBatch(MigrationOptions options, MigrationLog log)
{
    private const int MostStarts = 2;

    private int _done;

    /// <summary>How many were done before.</summary>
    public int Resumed { get; private set; }

    public async Task<MigrationItem[]> RunAsync(IReadOnlyList<MigrationJob> jobs, CancellationToken cancellationToken)
    {
        var items = new MigrationItem[jobs.Count];
        var suspects = new List<int>();
        var fresh = new List<int>();
        for (var i = 0; i < jobs.Count; i++)
        {
            if (log.Done(jobs[i].Key) is { } known)
            {
                Resumed++;
                items[i] = known;
            }
            else
            {
                (log.Starts(jobs[i].Key) > 0 ? suspects : fresh).Add(i);
            }
        }

        _done = Resumed;
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(fresh, limits, async (i, token) => Tell(items, i, await DoAsync(jobs[i], token).ConfigureAwait(false))).ConfigureAwait(false);
        foreach (var i in suspects)
            Tell(items, i, await AloneAsync(jobs[i], cancellationToken).ConfigureAwait(false));
        return items;

        void Tell(MigrationItem[] all, int i, MigrationItem item)
        {
            all[i] = item;
            options.Progress?.Report(new MigrationProgress(Interlocked.Increment(ref _done), all.Length, item));
        }
    }

    /// <summary>What nobody catches now is the agent's, which nothing runs beside.</summary>
    private async Task<MigrationItem> AloneAsync(MigrationJob job, CancellationToken token)
    {
        UnhandledExceptionEventHandler keep = (_, e) => log.Ends(job.Key, e.ExceptionObject as Exception ?? new InvalidOperationException($"{e.ExceptionObject}"));
        AppDomain.CurrentDomain.UnhandledException += keep;
        try
        {
            return await DoAsync(job, token).ConfigureAwait(false);
        }
        finally
        {
            AppDomain.CurrentDomain.UnhandledException -= keep;
        }
    }

    private async Task<MigrationItem> DoAsync(MigrationJob job, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        var item = log.Starts(job.Key) >= MostStarts
            ? job.Ended(MostStarts, log.EndingOf(job.Key))
            : await AttemptAsync(job, token).ConfigureAwait(false);
        log.End(job.Key, item);
        return item;
    }

    private async Task<MigrationItem> AttemptAsync(MigrationJob job, CancellationToken token)
    {
        if (job.RunsCode)
            log.Begin(job.Key);
        try
        {
            var item = await job.Do(token).ConfigureAwait(false);
            // A stop ends runs midway; what they came to says nothing of the agent.
            token.ThrowIfCancellationRequested();
            return item;
        }
        catch (Exception e) when (e is not OperationCanceledException || !token.IsCancellationRequested)
        {
            return job.Agent with { Status = MigrationStatus.Failed, Message = $"{e.GetType().Name}: {e.Message}" };
        }
    }
}
