using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>How agents are compared with their wrappings.</summary>
public sealed record VerifyOptions
{
    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    /// <summary>The tasks for every agent. One that has none gets a short text, with a plain value for each piece of data that its
    /// method asks for.</summary>
    public IReadOnlyList<AgentTask> Tasks { get; init; } = [];

    /// <summary>Further tasks by the name of the agent that they are for, such as those of its recorded runs.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AgentTask>> TasksOf { get; init; } = new Dictionary<string, IReadOnlyList<AgentTask>>();

    /// <summary>The longest that one side may take for one task; 10 seconds by default.</summary>
    public TimeSpan Timeout
    {
        get => _timeout;
        init => _timeout = value > TimeSpan.Zero ? value : throw new ArgumentException($"VerifyOptions.Timeout is {value}; choose a positive time.");
    }

    /// <summary>Where constructor and method parameters that are no data come from.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>The model for parameters of type <see cref="IChatClient"/>.</summary>
    public IChatClient? Client { get; init; }
}

/// <summary>How a migration runs.</summary>
public sealed record MigrationOptions
{
    private readonly int _parallelism = Math.Clamp(Environment.ProcessorCount, 2, 256);

    /// <summary>The workspace folder: bindings go to its <c>agents</c> folder, and so does the record of progress.</summary>
    public required string Workspace { get; init; }

    /// <summary>What to look for; null for whatever looks like an agent.</summary>
    public ScanOptions? Scan { get; init; }

    /// <summary>The assembly of a program whose host gives what agents need and nobody else fills; it is written into the bindings that name none. Null for none.</summary>
    public string? Services { get; init; }

    /// <summary>How to compare; null to only wrap.</summary>
    public VerifyOptions? Verify { get; init; }

    /// <summary>How many agents at once: 1 to 256; the number of processors by default.</summary>
    public int Parallelism
    {
        get => _parallelism;
        init => _parallelism = value is >= 1 and <= 256 ? value : throw new ArgumentException($"MigrationOptions.Parallelism is {value}; choose 1 to 256.");
    }

    /// <summary>Write bindings over those that are there, which may have been completed by hand.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether what an earlier, stopped one did is not done again; true by default.</summary>
    public bool Resume { get; init; } = true;

    /// <summary>Told of each agent as it is done.</summary>
    public IProgress<MigrationProgress>? Progress { get; init; }
}

/// <summary>How far a migration is.</summary>
/// <param name="Done">How many agents are done.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Item">The one that was done last.</param>
public sealed record MigrationProgress(int Done, int Total, MigrationItem Item);
