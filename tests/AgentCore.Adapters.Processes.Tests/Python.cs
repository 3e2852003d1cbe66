using System.Diagnostics;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>The Python agents of the tests, and whether there is a Python to run them.</summary>
internal static class Python
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Python");

    /// <summary>Why tests with Python are skipped; null where they run.</summary>
    public static string? Missing { get; } = Find();

    public static PythonAgent Agent(string target, Func<PythonOptions, PythonOptions>? change = null, AgentOptions? options = null)
    {
        var python = new PythonOptions(target)
        {
            WorkingDirectory = Folder,
            Limits = new ProcessLimits { RestartDelay = TimeSpan.Zero },
        };
        return new PythonAgent(new AgentMetadata("py"), change?.Invoke(python) ?? python, options);
    }

    private static string? Find()
    {
        if (Executable.TryFind("python3") is not { } python)
            return "python3 was not found in PATH: install Python 3.8 or later to run these tests.";

        using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 8))"]))!;
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{python} is older than Python 3.8.";
    }
}

internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = Python.Missing;
}

internal sealed class PythonTheoryAttribute : TheoryAttribute
{
    public PythonTheoryAttribute() => Skip = Python.Missing;
}

internal sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute() => Skip = OperatingSystem.IsWindows() ? "It needs sh." : null;
}

internal sealed class UnixTheoryAttribute : TheoryAttribute
{
    public UnixTheoryAttribute() => Skip = OperatingSystem.IsWindows() ? "It needs sh." : null;
}
