using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Runner.Migration;

/// <summary>Wraps and compares agents of both kinds, and gives one report.</summary>
/// <param name="options">Where to and how.</param>
/// <param name="interpreter">The Python interpreter; null for the one in PATH.</param>
/// <param name="open">Opens the workspace, to make Python agents as a run does.</param>
/// <param name="given">The tasks that were given for single agents, among others.</param>
internal sealed class AgentMigration(MigrationOptions options, string? interpreter, Func<Session> open, IReadOnlyList<GivenTask> given)
{
    private readonly PythonBindings _bindings = new(options.Workspace, interpreter);

    /// <summary>Scans, wraps, and verifies where that is asked for.</summary>
    public async Task<MigrationReport> WrapAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var sources = new AgentSources(paths, options.Scan ?? new ScanOptions(), interpreter);
        var scan = await sources.ScanAsync(cancellationToken);
        var others = scan with { Agents = [.. scan.Agents.Where(a => sources.PythonOf(a) is null)] };
        var hasPython = others.Agents.Count < scan.Agents.Count;
        CheckTasks(others.Agents, scan.Agents.Except(others.Agents).Select(a => a.Name));
        var report = others.Agents.Count > 0 || !hasPython ? await new MigrationEngine(options) { LeavesProgress = hasPython }.RunAsync(others, cancellationToken) : null;
        return Both(report, hasPython ? await Python.RunAsync(scan, sources, anew: !options.Resume && report is null, cancellationToken) : null);
    }

    /// <summary>Compares agents that are wrapped already with their originals; all without names.</summary>
    public async Task<MigrationReport> VerifyAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var all = _bindings.All.Select(f => Path.GetFileNameWithoutExtension(f)).ToList();
        CheckTasks([], []);
        var python = names.Count == 0 ? all : [.. names.Where(all.Contains)];
        var others = names.Except(python, StringComparer.Ordinal).ToList();
        var report = names.Count == 0 || others.Count > 0 ? await new MigrationEngine(options) { LeavesProgress = python.Count > 0 }.VerifyAsync(others, cancellationToken) : null;
        return Both(report, python.Count > 0 ? await Python.VerifyAsync(python, cancellationToken) : null);
    }

    private void CheckTasks(IReadOnlyList<ScannedAgent> scanned, IEnumerable<string> python)
    {
        if (given.All(t => t.Agent is null))
            return;
        var folder = new BindingFolder(options.Workspace);
        var names = UniqueNames.Give(scanned, folder.IsOthers).Select(a => a.Name).Concat(python)
            .Concat(folder.All.Select(f => BindingFolder.TryRead(f)?.Name).OfType<string>())
            .Concat(_bindings.All.Select(f => Path.GetFileNameWithoutExtension(f)));
        MigrationTasks.CheckNames(given, [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private PythonMigration Python => new(options, _bindings, open);

    private static MigrationReport Both(MigrationReport? first, MigrationReport? second) => (first, second) switch
    {
        ({ } one, { } other) => one with
        {
            Items = [.. one.Items.Concat(other.Items).OrderBy(i => i.Name, StringComparer.Ordinal)],
            Resumed = one.Resumed + other.Resumed,
            Elapsed = one.Elapsed + other.Elapsed,
        },
        _ => (first ?? second)!,
    };
}
