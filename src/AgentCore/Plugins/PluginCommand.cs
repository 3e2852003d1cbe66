using AgentCore.Checkpoints;

namespace AgentCore.Plugins;

/// <summary>A command that a plugin adds to the console program: <c>agentcore NAME ARGUMENTS</c>.</summary>
/// <param name="Name">Its name: lower-case letters, digits and dashes.</param>
/// <param name="Description">What it does, in a sentence; <c>agentcore --help</c> shows it.</param>
/// <param name="Run">Carries it out and returns the program's exit code. An <see cref="ArgumentException"/> that it throws is told as a
/// wrong command line.</param>
public sealed record PluginCommand(string Name, string Description, Func<CommandCall, CancellationToken, Task<int>> Run);

/// <summary>A command being carried out: what it was given, and the workspace that it works in.</summary>
public sealed class CommandCall
{
    /// <summary>What stands behind the command's name, without the options that all commands share.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The workspace folder.</summary>
    public required string Workspace { get; init; }

    /// <summary>Whether standard output is to be one JSON document and nothing else.</summary>
    public bool IsJson { get; init; }

    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where everything else goes.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Makes an agent or a team of the workspace, by name; the program disposes it.</summary>
    public required Func<string, CancellationToken, Task<BaseAgent>> CreateAgent { get; init; }

    /// <summary>Opens the workspace's store for writing, once; the program closes it.</summary>
    public required Func<CancellationToken, Task<ICheckpointStore>> OpenStore { get; init; }

    /// <summary>The exit code that the program's own commands have for a run that ended so.</summary>
    public required Func<RunStatus, int> ExitCode { get; init; }
}
