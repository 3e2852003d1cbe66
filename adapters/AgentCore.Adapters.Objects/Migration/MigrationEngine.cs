using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Migrates agents in batches: scans, writes their bindings into a workspace, and compares each with its original. Goes on after a stop;
/// one bad agent never stops the rest.</summary>
/// <param name="options">Where to and how.</param>
public sealed class MigrationEngine(MigrationOptions options)
{
    /// <summary>The file in the workspace's <c>agents</c> folder that keeps the progress of a migration.</summary>
    public const string ProgressFile = ".migration.jsonl";

    /// <summary>The file in the workspace's <c>agents</c> folder that keeps the progress of a comparison; gone once it is through.</summary>
    public const string VerifyProgressFile = ".verify.jsonl";

    private readonly string _agents = Path.Combine(Path.GetFullPath(options.Workspace), "agents");

    /// <summary>Scans, wraps, and verifies where that is asked for.</summary>
    /// <param name="paths">Assemblies, folders, inventories. Only these, and what lies beside them, are ever loaded.</param>
    /// <param name="cancellationToken">Stops; run again to go on.</param>
    /// <exception cref="ArgumentException">There is nothing at a path.</exception>
    /// <exception cref="InvalidOperationException">Another migration of this workspace is going on.</exception>
    public async Task<MigrationReport> RunAsync(IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        var scan = new MigrationScanner(options.Scan).Scan(paths, cancellationToken);
        return await RunAsync(scan, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Wraps, and verifies where that is asked for, what a scan found.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="cancellationToken">Stops; run again to go on.</param>
    /// <exception cref="InvalidOperationException">Another migration of this workspace is going on.</exception>
    public async Task<MigrationReport> RunAsync(ScanReport scan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scan);
        var watch = Stopwatch.StartNew();
        Directory.CreateDirectory(_agents);
        using var log = await MigrationLog.OpenAsync(Path.Combine(_agents, ProgressFile), !options.Resume, cancellationToken).ConfigureAwait(false);
        var batch = new MigrationBatch(options, log);
        var items = await batch.RunAsync([.. scan.Agents.Select(JobOf)], cancellationToken).ConfigureAwait(false);
        return new MigrationReport { Items = [.. items.OrderBy(i => i.Name, StringComparer.Ordinal)], Resumed = batch.Resumed, Elapsed = watch.Elapsed, Scan = scan };
    }

    /// <summary>Compares agents that are wrapped already with their originals.</summary>
    /// <param name="names">The agents' names; empty for all bindings of the workspace.</param>
    /// <param name="cancellationToken">Stops; run again to go on.</param>
    /// <exception cref="ArgumentException">There is no such binding.</exception>
    /// <exception cref="InvalidOperationException">Another comparison in this workspace is going on.</exception>
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

        if (files.Count == 0)
            return new MigrationReport { Items = [], Elapsed = watch.Elapsed };

        var progress = Path.Combine(_agents, VerifyProgressFile);
        var verify = options.Verify ?? new VerifyOptions();
        var tasks = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { verify.Tasks, verify.TasksOf }, AgentJson.Options))))[..12];
        using (var log = await MigrationLog.OpenAsync(progress, !options.Resume, cancellationToken).ConfigureAwait(false))
        {
            var batch = new MigrationBatch(options, log);
            var items = await batch.RunAsync([.. files.Select(f => JobOf(f, verify, tasks))], cancellationToken).ConfigureAwait(false);
            File.Delete(progress);
            return new MigrationReport { Items = items, Resumed = batch.Resumed, Elapsed = watch.Elapsed };
        }
    }

    private MigrationJob JobOf(ScannedAgent agent)
    {
        var item = new MigrationItem(agent.Name, agent.Type, agent.Class, MigrationStatus.Wrapped, agent.Why);
        return new MigrationJob(Key(agent), item, options.Verify is not null && agent.Class != AgentClass.E && agent.Assembly is not null, token => MigrateAsync(agent, item, token));
    }

    private static MigrationJob JobOf(string file, VerifyOptions verify, string tasks)
    {
        var item = new MigrationItem(Path.GetFileNameWithoutExtension(file), "", AgentClass.E, MigrationStatus.Failed, "") { File = file };
        return new MigrationJob($"{file}|{File.GetLastWriteTimeUtc(file).Ticks}|{tasks}", item, true, async token =>
        {
            var binding = BindingFile.Read(file);
            var read = item with { Name = binding.Name, Type = binding.Type, Class = binding.Class };
            return Judged(read, await new ShadowRun(binding, verify).RunAsync(token).ConfigureAwait(false));
        });
    }

    private async Task<MigrationItem> MigrateAsync(ScannedAgent agent, MigrationItem item, CancellationToken token)
    {
        if (agent.Class == AgentClass.E)
            return item with { Status = MigrationStatus.Nothing };
        if (agent.Assembly is null)
            return item with { Status = MigrationStatus.Gaps, Message = "the inventory names no assembly: scan the assembly to wrap it" };

        item = item with { File = Write(agent) };
        if (options.Verify is not null)
        {
            var verdict = await new ShadowRun(BindingFile.Read(item.File), options.Verify).RunAsync(token).ConfigureAwait(false);
            if (verdict.Refused.Count > 0 && File.ReadAllText(item.File) == TextOf(agent.Binding, agent.Assembly))
                File.WriteAllText(item.File, TextOf(WithGaps(agent.Binding, verdict), agent.Assembly));
            return Judged(item, verdict);
        }

        return agent.Binding.Gaps.Count == 0
            ? item
            : item with { Status = MigrationStatus.Gaps, Message = string.Join("; ", agent.Binding.Gaps) };
    }

    /// <summary>Writes the binding; one that is there already may have been completed by hand and stays.</summary>
    private string Write(ScannedAgent agent)
    {
        var file = FileOf(agent.Name);
        if (File.Exists(file) && !options.Overwrite)
            return file;
        var next = file + ".new";
        File.WriteAllText(next, TextOf(agent.Binding, agent.Assembly!));
        File.Move(next, file, overwrite: true);
        return file;
    }

    private string TextOf(ObjectBinding binding, string assembly) => BindingFile.Write(binding with { Assembly = Relative(Path.GetFullPath(assembly)) });

    /// <summary>What convention filled and the object refused becomes a gap, so that a person sees it in the file. A file that a person has
    /// changed stays as it is.</summary>
    private static ObjectBinding WithGaps(ObjectBinding binding, Verification verdict)
    {
        return binding with
        {
            Construct = [.. binding.Construct.Select(a => Noted(a, "construct"))],
            Arguments = [.. binding.Arguments.Select(a => Noted(a, "arguments"))],
        };

        ArgumentBinding Noted(ArgumentBinding a, string part) => a.Note is not null && verdict.Refused.Contains($"{part}.{a.Name}", StringComparer.Ordinal)
            ? a with { From = ArgumentSource.Missing, Value = null, Note = $"{GapNotes.Article(a.Type ?? "")} {a.Type} '{a.Name}': {verdict.Message}" }
            : a;
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
