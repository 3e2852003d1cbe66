namespace AgentCore.Adapters.Processes;

/// <summary>A Python agent, and how it is called.</summary>
public sealed record PythonOptions
{
    /// <summary>Names a Python agent.</summary>
    /// <param name="target">A class, a function or an object: <c>module:Class</c>, or <c>path/to/file.py:Class</c> relative to
    /// the working directory.</param>
    /// <exception cref="ArgumentException">The target isn't of that form.</exception>
    public PythonOptions(string target)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(target);
        var colon = target.LastIndexOf(':');
        if (colon <= 0 || colon == target.Length - 1)
            throw new ArgumentException($"PythonOptions.Target is '{target}'; write module:Class, or path/to/file.py:Class.", nameof(target));

        Target = target;
    }

    /// <summary>The class, function or object.</summary>
    public string Target { get; }

    /// <summary>The method that does a task; null to find it by the usual names (<c>run</c>, <c>chat</c>, <c>handle_message</c>,
    /// <c>on_messages</c>, <c>invoke</c>, ...).</summary>
    public string? Method { get; init; }

    /// <summary>What the method's parameters get, by name, where the convention doesn't find it: <c>input</c>, <c>messages</c>,
    /// <c>data</c>, <c>data.NAME</c>, <c>task</c>, <c>context</c>, <c>none</c>, or <c>=JSON</c> for a constant.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>What the class is constructed with, by parameter name; the values must serialise to JSON.</summary>
    public IReadOnlyDictionary<string, object?> ConstructorArguments { get; init; } = new Dictionary<string, object?>();

    /// <summary>The interpreter, Python 3.8 or later: a path or a name; null for the one of <see cref="VirtualEnvironment"/>, or
    /// <c>python3</c> (<c>python</c> on Windows).</summary>
    public string? Interpreter { get; init; }

    /// <summary>The folder of a virtual environment; null for none.</summary>
    public string? VirtualEnvironment { get; init; }

    /// <summary>Folders where modules are looked for before the interpreter's own, relative to the working directory; the working
    /// directory by default.</summary>
    public IReadOnlyList<string> SearchPath { get; init; } = ["."];

    /// <summary>Whether start and stop methods (<c>start</c>, <c>initialize</c>, <c>stop</c>, <c>close</c>, ...) are called; on by
    /// default.</summary>
    public bool Lifecycle { get; init; } = true;

    /// <summary>The folder that it runs in; null for the current one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What it sees of the environment; a short list of harmless variables by default.</summary>
    public ProcessEnvironment Environment { get; init; } = new();

    /// <summary>Its bounds of time, output and restarts.</summary>
    public ProcessLimits Limits { get; init; } = new();

    /// <summary>Whether doing a task twice does no harm; off by default.</summary>
    public bool Repeatable { get; init; }
}
