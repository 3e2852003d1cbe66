using Microsoft.Extensions.AI;

namespace AgentCore.Agents;

/// <summary>How a <see cref="ChatAgent"/> works with its model.</summary>
public sealed record ChatAgentOptions
{
    private readonly int _maxModelCalls = 20;
    private readonly int _maxSlips = 3;
    private readonly int _maxRepeats = 3;

    /// <summary>What the model is told to be and to do; null for nothing.</summary>
    public string? Instructions { get; init; }

    /// <summary>Further options for the model: temperature, longest reply. Tools, instructions and response format are set by
    /// the agent. Null for the client's defaults.</summary>
    public ChatOptions? Model { get; init; }

    /// <summary>How many model calls a run may make: 1 or more, 20 by default. A run over it ends as
    /// <see cref="RunStatus.Limited"/>.</summary>
    public int MaxModelCalls
    {
        get => _maxModelCalls;
        init => _maxModelCalls = AtLeastOne(nameof(MaxModelCalls), value);
    }

    /// <summary>How many replies in a row may be slips (an unknown tool, bad arguments, a tool that isn't allowed, output that
    /// doesn't fit the schema) before the run fails; 3 by default. Each slip is told to the model.</summary>
    public int MaxSlips
    {
        get => _maxSlips;
        init => _maxSlips = AtLeastOne(nameof(MaxSlips), value);
    }

    /// <summary>How often in a run the same tool may be called with the same arguments one after the other; 3 by default. The
    /// model is told in place of a further call; when it goes on in its next reply, the run ends as
    /// <see cref="RunStatus.Limited"/>.</summary>
    public int MaxRepeats
    {
        get => _maxRepeats;
        init => _maxRepeats = AtLeastOne(nameof(MaxRepeats), value);
    }

    /// <summary>How conversations that grow too long are made shorter; null, the default, for not at all.</summary>
    public ChatCompaction? Compaction { get; init; }

    private static int AtLeastOne(string name, int value) => value >= 1
        ? value
        : throw new ArgumentException($"ChatAgentOptions.{name} is {value}; choose 1 or more.");
}
