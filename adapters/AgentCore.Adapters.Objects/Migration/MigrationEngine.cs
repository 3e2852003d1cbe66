using System.Diagnostics;
using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Migrates agents in batches: scans, writes their bindings into a workspace, and compares each with its original. Goes on after a stop;
/// one bad agent never stops the rest.</summary>
/// <param name="options">Where to and how.</param>
public sealed class MigrationEngine(MigrationOptions options)
{
    /// <summary>The file in the workspace's <c>agents</c> folder that keeps the progress.</summary>
    public const string ProgressFile = ".migration.jsonl";

    private readonly string _agents = Path.Combine(Path.GetFullPath(options.Workspace), "agents");

    /// <summary>Scans, wraps, and verifies where that is asked for.</summary>
    /// <param name="paths">Assemblies, folders, inventories. Only these, and what lies beside them, are ever loaded.</param>
    /// <param name="cancellationToken">Stops; run again to go on.</param>
    /// <exception cref="ArgumentException">There is nothing at a path.</exception>
    public async Task<MigrationReport> RunAsync(IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        var scan = new MigrationScanner(options.Scan).Scan(paths, cancellationToken);
        return await RunAsync(scan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Wraps, and verifies where that is asked for, what a scan found.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="cancellationToken">Stops; run again to go on.</param>
    public async Task<MigrationReport> RunAsync(ScanReport scan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scan);
        var watch = Stopwatch.StartNew();
        Directory.CreateDirectory(_agents);
        using var log = MigrationLog.Open(Path.Combine(_agents, ProgressFile), options.Overwrite);
        var items = new MigrationItem[scan.Agents.Count];
        var (done, resumed) = (0, 0);
        await Parallel.ForAsync(0, items.Length, Limits(cancellationToken), async (i, token) =>
        {
            var agent = scan.Agents[i];
            var key = Key(agent);
            if (log.Done(key) is { } known)
            {
                items[i] = known;
                Interlocked.Increment(ref resumed);
            }
            else
            {
                items[i] = await MigrateAsync(agent, key, log, token).ConfigureAwait(false);
                log.End(key, items[i]);
            }

            options.Progress?.Report(new MigrationProgress(Interlocked.Increment(ref done), items.Length, items[i]));
        }).ConfigureAwait(false);
        return new MigrationReport { Items = [.. items.OrderBy(i => i.Name, StringComparer.Ordinal)], Resumed = resumed, Elapsed = watch.Elapsed, Scan = scan };
    }

    /// <summary>Compares agents that are wrapped already with their originals.</summary>
    /// <param name="names">The agents' names; empty for all bindings of the workspace.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">There is no such binding.</exception>
    public async Task<MigrationReport> VerifyAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(names);
        var watch = Stopwatch.StartNew();
        var files = names.Count > 0 ? [.. names.Select(FileOf)] : Bindings();
        if (files.Find(f => !File.Exists(f)) is { } missing)
        {
            throw new ArgumentException(
                $"There is no binding at {missing}. Write it with migrate wrap, or name one of: {string.Join(", ", Bindings().Select(Path.GetFileNameWithoutExtension))}.", nameof(names));
        }

        var items = new MigrationItem[files.Count];
        var done = 0;
        await Parallel.ForAsync(0, items.Length, Limits(cancellationToken), async (i, token) =>
        {
            items[i] = await VerifyAsync(files[i], token).ConfigureAwait(false);
            options.Progress?.Report(new MigrationProgress(Interlocked.Increment(ref done), items.Length, items[i]));
        }).ConfigureAwait(false);
        return new MigrationReport { Items = items, Elapsed = watch.Elapsed };
    }

    private async Task<MigrationItem> MigrateAsync(ScannedAgent agent, string key, MigrationLog log, CancellationToken token)
    {
        var item = new MigrationItem(agent.Name, agent.Type, agent.Class, MigrationStatus.Wrapped, agent.Why);
        if (agent.Class == AgentClass.E)
            return item with { Status = MigrationStatus.Nothing };
        if (agent.Assembly is null)
            return item with { Status = MigrationStatus.Gaps, Message = "the inventory names no assembly: scan the assembly to wrap it" };
        try
        {
            item = item with { File = Write(agent) };
            if (options.Verify is null)
            {
                return agent.Binding.Gaps.Count == 0
                    ? item
                    : item with { Status = MigrationStatus.Gaps, Message = string.Join("; ", agent.Binding.Gaps) };
            }

            if (log.Starts(key) >= 2)
                return item with { Status = MigrationStatus.Crashed, Message = "the process ended twice while it ran; look at it alone with migrate verify" };

            log.Begin(key);
            var verdict = await new ShadowRun(BindingFile.Read(item.File!), options.Verify).RunAsync(token).ConfigureAwait(false);
            // A stop ends runs midway; what they came to says nothing of the agent.
            token.ThrowIfCancellationRequested();
            return Judged(item, verdict);
        }
        catch (Exception e) when (e is not OperationCanceledException || !token.IsCancellationRequested)
        {
            return item with { Status = MigrationStatus.Failed, Message = $"{e.GetType().Name}: {e.Message}" };
        }
    }

    private async Task<MigrationItem> VerifyAsync(string file, CancellationToken token)
    {
        try
        {
            var binding = BindingFile.Read(file);
            var item = new MigrationItem(binding.Name, binding.Type, binding.Class, MigrationStatus.Wrapped, "") { File = file };
            return Judged(item, await new ShadowRun(binding, options.Verify ?? new VerifyOptions()).RunAsync(token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not OperationCanceledException || !token.IsCancellationRequested)
        {
            return new MigrationItem(Path.GetFileNameWithoutExtension(file), "", AgentClass.E, MigrationStatus.Failed, e.Message) { File = file };
        }
    }

    /// <summary>Writes the binding; one that is there already may have been completed by hand and stays.</summary>
    private string Write(ScannedAgent agent)
    {
        var file = FileOf(agent.Name);
        if (File.Exists(file) && !options.Overwrite)
            return file;
        var next = file + ".new";
        File.WriteAllText(next, BindingFile.Write(agent.Binding with { Assembly = Relative(Path.GetFullPath(agent.Assembly!)) }));
        File.Move(next, file, overwrite: true);
        return file;
    }

    private string Relative(string assembly) =>
        assembly.StartsWith(Path.GetFullPath(options.Workspace) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Path.GetRelativePath(_agents, assembly).Replace('\\', '/')
            : assembly;

    private string FileOf(string name) => Path.Combine(_agents, SafeName(name) + ".yaml");

    private static string SafeName(string name) =>
        string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-')).TrimStart('.') is { Length: > 0 } safe ? safe : "agent";

    private List<string> Bindings() => !Directory.Exists(_agents)
        ? []
        : [.. Directory.EnumerateFiles(_agents, "*.yaml").Where(f => File.ReadLines(f).Any(l => l.Trim() == $"kind: {BindingFile.Kind}")).Order(StringComparer.Ordinal)];

    private ParallelOptions Limits(CancellationToken token) => new() { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = token };

    /// <summary>The same class of the same build; a new build is done anew.</summary>
    private string Key(ScannedAgent agent) =>
        $"{agent.Type}|{(agent.Assembly is { } file && File.Exists(file) ? File.GetLastWriteTimeUtc(file).Ticks : 0)}|{(options.Verify is null ? "wrap" : "verify")}";

    private static MigrationItem Judged(MigrationItem item, Verification v) => item with
    {
        Status = v.Status,
        Message = v.Message,
        OriginalMs = v.Original?.TotalMilliseconds,
        WrappedMs = v.Wrapped?.TotalMilliseconds,
    };
}
