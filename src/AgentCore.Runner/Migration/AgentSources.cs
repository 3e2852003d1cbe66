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
    /// <exception cref="ArgumentException">There is nothing at a path.</exception>
    /// <exception cref="ProcessException">There is only Python, and no interpreter.</exception>
    public async Task<ScanReport> ScanAsync(CancellationToken cancellationToken)
    {
        var python = paths.Where(PythonScanner.HasPython).ToList();
        var others = paths.Where(p => !p.EndsWith(".py", StringComparison.OrdinalIgnoreCase) || !python.Contains(p)).ToList();
        var report = new MigrationScanner(options).Scan(others, cancellationToken);
        if (python.Count == 0)
            return report;

        PythonScan scan;
        try
        {
            scan = await PythonScanner.ScanAsync(Interpreter, python, options.Types, options.Bases, cancellationToken);
        }
        catch (ProcessException e) when (report.Assemblies.Count > 0)
        {
            return report with { Problems = [.. report.Problems, $"the Python files: {e.Message}"] };
        }

        var found = new List<ScannedAgent>(report.Agents);
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
