using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Loading;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Migrates agents in batches: scans, writes their bindings into a workspace, and compares each with its original. Goes on after a stop;
/// one bad agent never stops the rest.</summary>
/// <param name="options">Where to and how.</param>
public sealed class MigrationEngine(MigrationOptions options)
{
    /// <summary>The file in the workspace's <c>agents</c> folder that keeps the progress of a migration; gone once it is through.</summary>
    public const string ProgressFile = ".migration.jsonl";

    /// <summary>The file in the workspace's <c>agents</c> folder that keeps the progress of a comparison; gone once it is through.</summary>
    public const string VerifyProgressFile = ".verify.jsonl";

    private readonly BindingFolder _bindings = new(options.Workspace);

    /// <summary>Whether what follows goes on with the file of progress, and deletes it.</summary>
    internal bool LeavesProgress { get; init; }

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
    /// <exception cref="ArgumentException">There is no program at <see cref="MigrationOptions.Services"/>.</exception>
    /// <exception cref="InvalidOperationException">Another migration of this workspace is going on.</exception>
    public async Task<MigrationReport> RunAsync(ScanReport scan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(scan);
        if (options.Services is { } program && !Programs.IsProgram(program))
            throw new ArgumentException($"{Path.GetFullPath(program)} is no program that could give services: {(File.Exists(program) ? "it is no assembly with an entry point" : "there is no such file")}. Name the assembly that registers what the agents need, such as MyApi.dll.");
        var watch = Stopwatch.StartNew();
        Directory.CreateDirectory(_bindings.Folder);
        using var log = await MigrationLog.OpenAsync(Path.Combine(_bindings.Folder, ProgressFile), !options.Resume, cancellationToken).ConfigureAwait(false);
        scan = scan with { Agents = UniqueNames.Give(scan.Agents, _bindings.IsOthers) };
        var way = $"{(options.Verify is { } verify ? VerifyFingerprint.Of(verify) : "wrap")}{(options.Services is { } services ? $"|{services}|{FileStamps.OfAssembly(services)}" : "")}";
        var stamps = scan.Agents.Select(a => a.Assembly ?? "").Distinct(StringComparer.Ordinal).ToDictionary(a => a, FileStamps.OfAssembly, StringComparer.Ordinal);
        var batch = new MigrationBatch(options, log);
        var items = await batch.RunAsync([.. scan.Agents.Select(a => JobOf(a, $"{a.Type}|{a.Assembly}|{stamps[a.Assembly ?? ""]}|{way}"))], cancellationToken).ConfigureAwait(false);
        if (!LeavesProgress)
            log.Finish();
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
        var files = names.Count > 0 ? [.. names.Select(_bindings.FileOf)] : _bindings.All;
        if (files.Find(f => !File.Exists(f)) is { } missing)
            throw new ArgumentException($"There is no binding at {missing}. {Others()}", nameof(names));
        if (files.Count == 0)
            return new MigrationReport { Items = [], Elapsed = watch.Elapsed };

        var verify = options.Verify ?? new VerifyOptions();
        var way = VerifyFingerprint.Of(verify);
        using var log = await MigrationLog.OpenAsync(Path.Combine(_bindings.Folder, VerifyProgressFile), !options.Resume, cancellationToken).ConfigureAwait(false);
        var batch = new MigrationBatch(options, log);
        var items = await batch.RunAsync([.. files.Select(f => JobOf(f, verify, way))], cancellationToken).ConfigureAwait(false);
        if (!LeavesProgress)
            log.Finish();
        return new MigrationReport { Items = items, Resumed = batch.Resumed, Elapsed = watch.Elapsed };
    }

    private string Others() => _bindings.All is { Count: > 0 } all
        ? $"Write it with migrate wrap, or name one of: {string.Join(", ", all.Select(Path.GetFileNameWithoutExtension))}."
        : "No agent is wrapped in this workspace yet: migrate wrap PATH writes the bindings of an assembly.";

    private MigrationJob JobOf(ScannedAgent agent, string key)
    {
        var item = new MigrationItem(agent.Name, agent.Type, agent.Class, MigrationStatus.Wrapped, agent.Why);
        return new MigrationJob(key, item, options.Verify is not null && agent.Class != AgentClass.E && agent.Assembly is not null, token => MigrateAsync(agent, item, token))
        {
            // As the file has them, which a person may have completed.
            Gaps = () => Left(BindingFolder.TryRead(_bindings.FileOf(agent.Name)) ?? agent.Binding, options.Verify),
        };
    }

    /// <summary>The gaps that nothing fills; services may fill any.</summary>
    private static IReadOnlyList<BindingGap> Left(ObjectBinding? binding, VerifyOptions? verify) => verify?.Services is null && binding is { Services: null } ? binding.Gaps : [];

    private static MigrationJob JobOf(string file, VerifyOptions verify, string way)
    {
        var item = new MigrationItem(Path.GetFileNameWithoutExtension(file), "", AgentClass.E, MigrationStatus.Failed, "") { File = file };
        var written = BindingFolder.TryRead(file);
        return new MigrationJob($"{file}|{FileStamps.Of(file)}|{FileStamps.OfAssembly(written?.Assembly)}|{FileStamps.OfAssembly(written?.Services)}|{way}", item, true, async token =>
        {
            var binding = BindingFile.Read(file);
            var read = item with { Name = binding.Name, Type = binding.Type, Class = binding.Class };
            return Judged(read, await new ShadowRun(binding, verify).RunAsync(token).ConfigureAwait(false));
        })
        {
            Gaps = () => Left(written, verify),
        };
    }

    private async Task<MigrationItem> MigrateAsync(ScannedAgent agent, MigrationItem item, CancellationToken token)
    {
        if (agent.Class == AgentClass.E)
            return item with { Status = MigrationStatus.Nothing };
        if (agent.Assembly is null)
            return item with { Status = MigrationStatus.Gaps, Message = "the inventory names no assembly: scan the assembly to wrap it" };

        var file = _bindings.FileOf(agent.Name);
        // One that is there already may have been completed by hand and stays.
        if (options.Overwrite || !File.Exists(file))
            _bindings.Write(agent with { Binding = agent.Binding with { Services = options.Services } });
        else if (options.Services is { } program && BindingFile.Read(file).Services is null)
            _bindings.AddServices(file, program);
        var binding = BindingFile.Read(file);
        item = item with { File = file };
        if (!BindingFolder.IsSame(binding.Assembly!, agent.Assembly))
            return item with { Status = MigrationStatus.Failed, Message = $"{file} is there already and calls {binding.Type} of {binding.Assembly}, not of {agent.Assembly}: change 'assembly' there, or write over it with --overwrite" };
        if (options.Verify is not null)
        {
            var verdict = await new ShadowRun(binding, options.Verify).RunAsync(token).ConfigureAwait(false);
            var written = agent.Binding with { Services = binding.Services };
            if (verdict.Refused.Count > 0 && File.ReadAllText(file) == _bindings.TextOf(written, agent.Assembly))
                File.WriteAllText(file, _bindings.TextOf(WithGaps(written, verdict), agent.Assembly));
            return Judged(item, verdict);
        }

        return Left(binding, null).Count == 0
            ? item
            : item with { Status = MigrationStatus.Gaps, Message = string.Join("; ", binding.Gaps) };
    }

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

    private static MigrationItem Judged(MigrationItem item, Verification v) => item with
    {
        Status = v.Status,
        Message = v.Message,
        OriginalMs = v.Original?.TotalMilliseconds,
        WrappedMs = v.Wrapped?.TotalMilliseconds,
    };
}
