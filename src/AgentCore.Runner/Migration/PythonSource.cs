using AgentCore.Adapters.Processes;

namespace AgentCore.Runner.Migration;

/// <summary>The file that a Python agent's class is in.</summary>
internal static class PythonSource
{
    /// <summary>Finds it as the interpreter would; null where it isn't there, or is installed elsewhere.</summary>
    public static string? Of(PythonOptions python)
    {
        var folder = Path.GetFullPath(python.WorkingDirectory ?? ".");
        var place = python.Target[..python.Target.LastIndexOf(':')];
        if (place.EndsWith(".py", StringComparison.Ordinal))
            return Existing(Path.GetFullPath(place, folder));

        var stem = place.Replace('.', Path.DirectorySeparatorChar);
        return python.SearchPath.Select(p => Path.GetFullPath(Path.Combine(p, stem), folder))
            .Select(p => Existing(p + ".py") ?? Existing(Path.Combine(p, "__init__.py")))
            .FirstOrDefault(p => p is not null);
    }

    private static string? Existing(string file) => File.Exists(file) ? file : null;
}
