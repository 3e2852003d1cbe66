using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>A run in a line: what lists show.</summary>
/// <param name="Id">Its id; ids sort by age.</param>
/// <param name="Agent">The agent.</param>
/// <param name="Status">How it stands. A run that is <see cref="RunStatus.Running"/> without a process can be resumed.</param>
/// <param name="Started">When it began.</param>
/// <param name="Updated">When it last changed its status.</param>
/// <param name="Input">The task, cut to 200 characters.</param>
public sealed record RunSummary(string Id, string Agent, RunStatus Status, DateTimeOffset Started, DateTimeOffset Updated, string Input)
{
    /// <summary>How it ended or why it waits, in words.</summary>
    public string? Note { get; init; }

    /// <summary>Tokens of all its model calls; null where there was none.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>The session that it went on with.</summary>
    public string? Session { get; init; }

    /// <summary>The run that it was forked from.</summary>
    public string? ForkedFrom { get; init; }

    /// <summary>Names and values that were given with the run.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
