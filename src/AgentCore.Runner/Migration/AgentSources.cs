using AgentCore.Adapters.Objects;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Processes;

namespace AgentCore.Runner.Migration;

/// <summary>What the paths of a migration hold: .NET assemblies and inventories, and Python source.</summary>
/// <param name="paths">The paths.</param>
/// <param name="options">What to look for.</param>
/// <param name="interpreter">The Python interpreter; null for the one in PATH.</param>
internal sealed class AgentSources(IReadOnlyList<string> paths, ScanOptions options, string? interpreter)
{
    /// <summary>The Python agents of the last scan, by type and file.</summary>
    private readonly Dictionary<(string Type, string? File), PythonFound> _python = [];

    /// <summary>Scans all, into one report.</summary>
    /// <exception cref="ArgumentException">There is nothing at a path, or no class is called as the user says.</exception>
    /// <exception cref="ProcessException">There is only Python, and no interpreter.</exception>
    public async Task<ScanReport> ScanAsync(CancellationToken cancellationToken)
    {
        var report = await ReadAsync(cancellationToken);
        if (report is { TypesSeen: 0, Agents.Count: 0, Problems.Count: > 0 })
            throw new ArgumentException($"Nothing of it can be read: {string.Join("; ", report.Problems.Select(p => p.TrimEnd('.')))}. A .NET agent is read from its assembly: build the project, and name what it builds, such as bin/Debug/net10.0/MyAgents.dll.");
        var unknown = options.Types.Where(name => !report.Agents.Any(a => (options with { Types = [name] }).Takes(a.Type)))
            .Select(name => $"--type {name}: no class is called so (names are as in the code, with their case; * stands for any part)").ToList();
        // Of several names one may stand in another assembly.
        return unknown.Count == 0 ? report
            : report.Agents.Count > 0 ? report with { Problems = [.. report.Problems, .. unknown] }
            : throw new ArgumentException(string.Join("; ", [$"{unknown[0]}, among the {report.TypesSeen} that were looked at", .. unknown[1..], .. report.Problems]));
    }

    private async Task<ScanReport> ReadAsync(CancellationToken cancellationToken)
    {
        var python = paths.Where(PythonScanner.HasPython).ToList();
        var others = paths.Where(p => !p.EndsWith(".py", StringComparison.OrdinalIgnoreCase) || !python.Contains(p)).ToList();
        var report = new MigrationScanner(options).Scan(others, cancellationToken);
        var listed = others.SelectMany(PythonListing.Read).Where(l => options.Takes(l.Name)).ToList();
        if (python.Count + listed.Count == 0)
            return report;

        PythonScan scan;
        try
        {
            scan = await ScanAsync(python, listed, cancellationToken);
        }
        catch (ProcessException e) when (report.Assemblies.Count + listed.Count > 0)
        {
            return report with { Problems = [.. report.Problems, $"the Python files: {e.Message}"] };
        }

        // What the source says is more than what the inventory says of it.
        var read = listed.Where(l => scan.Agents.Any(a => IsOf(a, l))).Select(l => l.Name).ToHashSet(StringComparer.Ordinal);
        var found = report.Agents.Where(a => a.FoundBy != Inventory.Listed || !read.Contains(a.Type)).ToList();
        foreach (var agent in scan.Agents)
        {
            if (_python.TryAdd((agent.Type, agent.File), agent))
                found.Add(Described(agent));
        }

        return report with
        {
            Agents = UniqueNames.Give([.. found.OrderBy(a => a.Class).ThenBy(a => a.Type, StringComparer.Ordinal).ThenBy(a => a.Assembly, StringComparer.Ordinal)]),
            TypesSeen = report.TypesSeen + scan.Classes,
            Assemblies = [.. report.Assemblies, .. scan.Agents.Select(a => a.File).Distinct(StringComparer.Ordinal)],
            Problems = [.. report.Problems, .. scan.Problems],
        };
    }

    /// <summary>The Python side of an agent in the report; null where it is a .NET class.</summary>
    public PythonFound? PythonOf(ScannedAgent agent) => _python.GetValueOrDefault((agent.Type, agent.Assembly));

    /// <summary>Scans paths for what looks like an agent, and files for the classes that an inventory names.</summary>
    private async Task<PythonScan> ScanAsync(List<string> python, List<PythonListing> listed, CancellationToken cancellationToken)
    {
        var scan = python.Count == 0 ? new PythonScan(0, 0, [], []) : await PythonScanner.ScanAsync(Interpreter, python, options.Types, options.Bases, cancellationToken);
        if (listed.Count == 0)
            return scan;

        var files = listed.Select(l => l.File).Distinct(StringComparer.Ordinal);
        var named = await PythonScanner.ScanAsync(Interpreter, files, [.. listed.Select(l => l.Class).Distinct(StringComparer.Ordinal)], [], cancellationToken);
        return scan with
        {
            Agents = [.. scan.Agents, .. named.Agents.Where(a => listed.Exists(l => IsOf(a, l))).Select(a => a with { FoundBy = Inventory.Listed })],
            Problems = [.. scan.Problems.Union(named.Problems, StringComparer.Ordinal)],
        };
    }

    private static bool IsOf(PythonFound agent, PythonListing listing) =>
        agent.File == listing.File && agent.Target.EndsWith(':' + listing.Class, StringComparison.Ordinal);

    private string Interpreter => interpreter ?? (OperatingSystem.IsWindows() ? "python" : "python3");

    private static ScannedAgent Described(PythonFound agent)
    {
        var grade = Enum.Parse<AgentClass>(agent.Class);
        return new ScannedAgent
        {
            Name = agent.Name,
            Type = agent.Type,
            Assembly = agent.File,
            Base = agent.Base,
            Class = grade,
            Why = agent.Why,
            FoundBy = agent.FoundBy,
            Methods = agent.Methods,
            Binding = new ObjectBinding
            {
                Name = agent.Name,
                Type = agent.Type,
                Assembly = agent.File,
                Class = grade,
                Method = agent.Method,
                Why = agent.Why,
                Arguments = [.. agent.Arguments.Select(Argument)],
                Construct = [.. agent.Construct.Select(Argument)],
            },
        };
    }

    private static ArgumentBinding Argument(PythonParameter p) => new() { Name = p.Name, Type = p.Type, From = p.From, Note = p.Note };
}
