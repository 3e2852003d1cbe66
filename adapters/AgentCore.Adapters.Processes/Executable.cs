namespace AgentCore.Adapters.Processes;

/// <summary>Finds programs, as the child would.</summary>
internal static class Executable
{
    /// <summary>The program's full path.</summary>
    /// <exception cref="ProcessException">There is none; the message says where it was looked for.</exception>
    public static string Find(string fileName, string? workingDirectory, IDictionary<string, string?> environment)
    {
        if (fileName.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            var full = Path.GetFullPath(fileName, workingDirectory ?? Directory.GetCurrentDirectory());
            return Candidates(full, environment).FirstOrDefault(IsRunnable)
                ?? throw new ProcessException(ProcessFailure.Start, $"Program '{full}' {(File.Exists(full) ? "may not be run: it isn't executable. Make it so, or name another" : $"doesn't exist. {Missing(full)}")}.");
        }

        var path = environment.TryGetValue("PATH", out var value) ? value : null;
        foreach (var folder in (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            // A relative folder would run what lies in whichever folder is current.
            if (Path.IsPathFullyQualified(folder) && Candidates(Path.Combine(folder, fileName), environment).FirstOrDefault(IsRunnable) is { } found)
                return found;
        }

        throw new ProcessException(ProcessFailure.Start, $"Program '{fileName}' was not found in the child's PATH ({path ?? "which is not set"}). Install it, or give its full path.");
    }

    /// <summary>The program's full path, or null where there is none.</summary>
    public static string? TryFind(string fileName)
    {
        try
        {
            return Find(fileName, null, new Dictionary<string, string?> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") });
        }
        catch (ProcessException)
        {
            return null;
        }
    }

    private static string Missing(string path) => Path.GetFileNameWithoutExtension(path) == "python" && Path.GetDirectoryName(Path.GetDirectoryName(path)) is { } folder
        ? $"Create the virtual environment with 'python3 -m venv {folder}', or name another"
        : "Correct the path, or install it";

    private static IEnumerable<string> Candidates(string path, IDictionary<string, string?> environment)
    {
        yield return path;
        if (!OperatingSystem.IsWindows() || Path.HasExtension(path))
            yield break;

        var extensions = environment.TryGetValue("PATHEXT", out var value) && value is not null ? value : ".EXE;.COM";
        foreach (var extension in extensions.Split(';', StringSplitOptions.RemoveEmptyEntries))
            yield return path + extension;
    }

    private static bool IsRunnable(string path)
    {
        if (!File.Exists(path))
            return false;

        return OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
    }
}
