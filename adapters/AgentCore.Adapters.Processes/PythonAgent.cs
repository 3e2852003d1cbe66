namespace AgentCore.Adapters.Processes;

/// <summary>Any Python class, function or object as an agent, without a line changed in it. A bridge of the standard library
/// finds its method, gives the parameters what their names and types ask for, and reads what comes back.</summary>
public sealed class PythonAgent : ProcessAgent
{
    /// <summary>Creates an agent over a Python class. Nothing is started before the first run or
    /// <see cref="BaseAgent.Initialize"/>.</summary>
    /// <param name="metadata">What it is.</param>
    /// <param name="python">The class, and how it is called.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    public PythonAgent(AgentMetadata metadata, PythonOptions python, AgentOptions? options = null)
        : base(metadata, Process(python ?? throw new ArgumentNullException(nameof(python))), options) => Python = python;

    /// <summary>The class, and how it is called.</summary>
    internal PythonOptions Python { get; }

    private static ProcessOptions Process(PythonOptions python) => new(Interpreter(python), PythonCode.Arguments)
    {
        WorkingDirectory = python.WorkingDirectory,
        Environment = Environment(python.Environment),
        Limits = python.Limits,
        Repeatable = python.Repeatable,
        Preamble = PythonCode.Bridge,
        Configuration = Configuration(python),
    };

    internal static ProcessEnvironment Environment(ProcessEnvironment environment) => environment with
    {
        Variables = new Dictionary<string, string>(environment.Variables) { ["PYTHONUTF8"] = "1", ["PYTHONUNBUFFERED"] = "1" },
    };

    internal static object Configuration(PythonOptions python) => new
    {
        python.Target,
        python.Method,
        python.Arguments,
        python.ConstructorArguments,
        python.SearchPath,
        python.Lifecycle,
        python.Environment.Secrets,
        StopSeconds = python.Limits.StopTimeout.TotalSeconds,
    };

    internal static string Interpreter(PythonOptions python)
    {
        if (python.Interpreter is { } named)
            return named;
        if (python.VirtualEnvironment is { } folder)
            return OperatingSystem.IsWindows() ? Path.Combine(folder, "Scripts", "python.exe") : Path.Combine(folder, "bin", "python");

        return OperatingSystem.IsWindows() ? "python" : "python3";
    }
}
