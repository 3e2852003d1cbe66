namespace AgentCore.Adapters.Processes;

/// <summary>A program that an agent runs, and how it is spoken to.</summary>
public sealed record ProcessOptions
{
    /// <summary>Names a program.</summary>
    /// <param name="fileName">Its path, or its name to be found in the child's <c>PATH</c>.</param>
    /// <param name="arguments">Its arguments, each handed over as it is: no shell reads them. In <see cref="ProcessProtocol.Text"/>
    /// <c>{input}</c> stands for the task's input.</param>
    public ProcessOptions(string fileName, params IReadOnlyList<string> arguments)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fileName);
        FileName = fileName;
        Arguments = arguments ?? throw new ArgumentNullException(nameof(arguments));
    }

    /// <summary>The program.</summary>
    public string FileName { get; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; }

    /// <summary>How it is spoken to; <see cref="ProcessProtocol.JsonLines"/> by default.</summary>
    public ProcessProtocol Protocol { get; init; } = ProcessProtocol.JsonLines;

    /// <summary>The folder that it runs in; null for the current one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What it sees of the environment; a short list of harmless variables by default.</summary>
    public ProcessEnvironment Environment { get; init; } = new();

    /// <summary>Its bounds of time, output and restarts.</summary>
    public ProcessLimits Limits { get; init; } = new();

    /// <summary>Whether doing a task twice does no harm. Off by default: a task whose outcome is unknown (a timeout, a crash of
    /// this process) waits for a decision instead of being done again.</summary>
    public bool Repeatable { get; init; }

    /// <summary>Sent with the greeting in <see cref="ProcessProtocol.JsonLines"/>, for the program to set itself up by; null
    /// for nothing. It must serialise to JSON.</summary>
    public object? Configuration { get; init; }

    /// <summary>Bytes that go to its standard input before anything else.</summary>
    internal ReadOnlyMemory<byte> Preamble { get; init; }
}

/// <summary>How a program is spoken to.</summary>
public enum ProcessProtocol
{
    /// <summary>One process for many tasks: JSON messages, one a line, over standard input and output.</summary>
    JsonLines,

    /// <summary>One process for each task: the input as an argument or on standard input, the answer on standard output, and
    /// exit code 0 for success.</summary>
    Text,
}
