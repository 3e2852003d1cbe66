using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>One record of a run's journal, format 1. <see cref="RunRecordFormat"/> writes and reads it.</summary>
internal sealed record RunRecord(string Kind)
{
    // The kinds. Their names are part of the format.
    public const string Run = "run";
    public const string Resume = "resume";
    public const string Intent = "intent";
    public const string Done = "done";
    public const string Fail = "fail";
    public const string Unknown = "unknown";
    public const string Scope = "scope";
    public const string Close = "close";
    public const string Attempt = "attempt";
    public const string Ask = "ask";
    public const string Decide = "decide";
    public const string Version = "version";
    public const string Checkpoint = "checkpoint";
    public const string End = "end";

    public static bool IsKnown(string kind) => kind is Run or Resume or Intent or Done or Fail or Unknown or Scope or Close
        or Attempt or Ask or Decide or Version or Checkpoint or End;

    /// <summary>The step or scope: ordinals from the run down, such as <c>3.1</c>; empty for the run.</summary>
    public string Path { get; init; } = "";

    /// <summary>When it was written, in Unix milliseconds.</summary>
    public long At { get; init; }

    /// <summary>Name of the step, scope, agent, version marker or decider.</summary>
    public string? Name { get; init; }

    /// <summary>Kind of the step (model, tool, step) or scope (agent, turn, branch); status or verdict of others.</summary>
    public string? Type { get; init; }

    /// <summary>Hash of what the step was asked.</summary>
    public string? Hash { get; init; }

    public bool Repeatable { get; init; }

    /// <summary>First ordinal of the group of branches that a scope belongs to; attempt number; version; format version.</summary>
    public long? Number { get; init; }

    /// <summary>Raw JSON: a step's value, a task, a state, a result.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Raw JSON: a tool's arguments; the state that a run started with.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>Reference of the blob that holds the value instead.</summary>
    public string? Blob { get; init; }

    /// <summary>The run from which a forked one takes its random numbers and ids.</summary>
    public string? Origin { get; init; }

    public AgentError? Error { get; init; }

    public UsageDetails? Usage { get; init; }

    /// <summary>A stop's message; a run's session.</summary>
    public string? Text { get; init; }

    /// <summary>How many records a run's session had when the run began.</summary>
    public long? SessionPosition { get; init; }

    /// <summary>Steps that an attempt does again; labels of a run, as name and value in turn.</summary>
    public IReadOnlyList<string>? List { get; init; }

    /// <summary>When an approval ends, in Unix milliseconds.</summary>
    public long? Expires { get; init; }

    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds(At);
}
