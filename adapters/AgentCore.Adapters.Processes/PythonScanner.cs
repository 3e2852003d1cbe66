using System.Text.Json;

namespace AgentCore.Adapters.Processes;

/// <summary>Finds agents in Python source: an interpreter parses it, and runs none of it.</summary>
internal static class PythonScanner
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly string[] Skipped = ["node_modules", "site-packages", "__pycache__", "build", "dist", "obj", "bin"];

    /// <summary>Whether a path is Python source or a folder with some.</summary>
    public static bool HasPython(string path)
    {
        if (File.Exists(path))
            return path.EndsWith(".py", StringComparison.OrdinalIgnoreCase);
        return Directory.Exists(path) && HasFiles(path, 0);
    }

    /// <summary>Scans files and folders.</summary>
    /// <param name="interpreter">The interpreter; its own libraries are read too, where a class derives from one of theirs.</param>
    /// <param name="paths">The files and folders.</param>
    /// <param name="types">Names to take, with * and ?; empty for whatever looks like an agent.</param>
    /// <param name="bases">Further base classes whose classes are agents.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProcessException">The interpreter is missing, or failed.</exception>
    public static async Task<PythonScan> ScanAsync(
        string interpreter, IEnumerable<string> paths, IReadOnlyList<string> types, IReadOnlyList<string> bases, CancellationToken cancellationToken)
    {
        var options = new ProcessOptions(interpreter, PythonCode.Arguments)
        {
            Environment = PythonAgent.Environment(new ProcessEnvironment()),
            Limits = new ProcessLimits { MaxOutputBytes = 256 << 20 },
        };
        var request = JsonSerializer.Serialize(new { Paths = paths.Select(Path.GetFullPath), Types = types, Bases = bases }, Json);
        var reply = await TextCall.ReadAsync(options, PythonCode.Scan + request + "\n", TimeProvider.System, cancellationToken).ConfigureAwait(false);
        return JsonSerializer.Deserialize<PythonScan>(reply, Json)!;
    }

    private static bool HasFiles(string folder, int depth)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*.py").Any()
                || (depth < 12 && Directory.EnumerateDirectories(folder).Any(d =>
                    Path.GetFileName(d) is var name && !name.StartsWith('.') && !Skipped.Contains(name) && new DirectoryInfo(d).LinkTarget is null && HasFiles(d, depth + 1)));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}

/// <summary>What a scan of Python source found.</summary>
internal sealed record PythonScan(int Files, int Classes, IReadOnlyList<PythonFound> Agents, IReadOnlyList<string> Problems);

/// <summary>A class or function that is an agent.</summary>
internal sealed record PythonFound(
    string Name, string Type, string Target, string File, string? Base, string Class, string Why, string FoundBy, string? Method,
    IReadOnlyList<PythonParameter> Arguments, IReadOnlyList<PythonParameter> Construct, IReadOnlyList<string> Methods,
    string Root, IReadOnlyList<string> SearchPath, string? Environment);

/// <summary>A parameter, and what fills it.</summary>
internal sealed record PythonParameter(string Name, string? Type, string From, string? Note);
