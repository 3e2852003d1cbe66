using System.Diagnostics;
using AgentCore.Adapters.Objects;
using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Runner.Migration;

/// <summary>Migrates Python agents as <see cref="MigrationEngine"/> does .NET classes: writes their bindings, compares, goes on after a stop.</summary>
/// <param name="options">Where to and how.</param>
/// <param name="bindings">The workspace's bindings.</param>
/// <param name="open">Opens the workspace, to make agents as a run does.</param>
internal sealed class PythonMigration(MigrationOptions options, PythonBindings bindings, Func<Session> open)
{
    /// <summary>Wraps, and verifies where that is asked for, the Python agents of a scan.</summary>
    /// <param name="scan">The scan; agents of other kinds are left alone.</param>
    /// <param name="sources">What was scanned.</param>
    /// <param name="anew">Whether to forget what an earlier migration did.</param>
    /// <param name="cancellationToken">Stops; run again to go on.</param>
    public async Task<MigrationReport> RunAsync(ScanReport scan, AgentSources sources, bool anew, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var agents = scan.Agents.Where(a => sources.PythonOf(a) is not null).ToList();
        var items = agents.Select(a => new MigrationItem(a.Name, a.Type, a.Class, MigrationStatus.Wrapped, a.Why)).ToList();
        Directory.CreateDirectory(bindings.Folder);
        using var log = await MigrationLog.OpenAsync(Path.Combine(bindings.Folder, MigrationEngine.ProgressFile), anew, cancellationToken);
        for (var i = 0; i < agents.Count; i++)
            items[i] = Write(agents[i], items[i], sources);
        var written = Enumerable.Range(0, items.Count).Where(i => items[i].File is not null).ToList();
        var resumed = options.Verify is null ? 0 : await CompareAsync(items, written, log, cancellationToken);
        log.Finish();
        if (options.Verify is null)
            Report(items);
        return new MigrationReport { Items = items, Resumed = resumed, Elapsed = watch.Elapsed, Scan = scan };
    }

    /// <summary>Compares agents that are wrapped already with their originals.</summary>
    public async Task<MigrationReport> VerifyAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var items = names.Select(n => new MigrationItem(n, "", AgentClass.C, MigrationStatus.Wrapped, "") { File = bindings.FileOf(n) }).ToList();
        for (var i = 0; i < items.Count; i++)
            items[i] = items[i] with { Class = bindings.ClassOf(names[i]) };
        var progress = Path.Combine(bindings.Folder, MigrationEngine.VerifyProgressFile);
        using var log = await MigrationLog.OpenAsync(progress, !options.Resume, cancellationToken);
        var resumed = await CompareAsync(items, Enumerable.Range(0, items.Count).ToList(), log, cancellationToken);
        log.Finish();
        return new MigrationReport { Items = items, Resumed = resumed, Elapsed = watch.Elapsed };
    }

    private MigrationItem Write(ScannedAgent agent, MigrationItem item, AgentSources sources)
    {
        if (agent.Class == AgentClass.E)
            return item with { Status = MigrationStatus.Nothing };
        try
        {
            item = item with { File = bindings.Write(agent, sources.PythonOf(agent)!, options.Overwrite) };
            return agent.Binding.Gaps.Count == 0 ? item : item with { Status = MigrationStatus.Gaps, Message = string.Join("; ", agent.Binding.Gaps) };
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return item with { Status = MigrationStatus.Failed, Message = e.Message };
        }
    }

    private async Task<int> CompareAsync(List<MigrationItem> items, List<int> which, MigrationLog log, CancellationToken cancellationToken)
    {
        await using var session = open();
        var comparison = new PythonComparison(session, options.Verify!);
        var batch = new MigrationBatch(options, log);
        var way = VerifyFingerprint.Of(options.Verify!);
        var jobs = new List<MigrationJob>();
        foreach (var i in which)
            jobs.Add(new MigrationJob(await PythonKeys.OfAsync(session, items[i], way, cancellationToken), items[i], RunsCode: true, token => JudgeAsync(comparison, items[i], token)));
        var done = await batch.RunAsync(jobs, cancellationToken);
        foreach (var (i, item) in which.Zip(done))
            items[i] = item;
        return batch.Resumed;
    }

    private static async Task<MigrationItem> JudgeAsync(PythonComparison comparison, MigrationItem item, CancellationToken cancellationToken)
    {
        try
        {
            var verdict = await comparison.RunAsync(item.Name, cancellationToken);
            return item with
            {
                Status = verdict.Status,
                Message = verdict.Message,
                OriginalMs = verdict.Original?.TotalMilliseconds,
                WrappedMs = verdict.Wrapped?.TotalMilliseconds,
            };
        }
        catch (AgentException e)
        {
            return item with { Status = MigrationStatus.Failed, Message = e.Message };
        }
    }

    private void Report(List<MigrationItem> items)
    {
        for (var i = 0; i < items.Count; i++)
            options.Progress?.Report(new MigrationProgress(i + 1, items.Count, items[i]));
    }
}
