using System.Text;
using System.Text.Json;
using AgentCore.Checkpoints;
using Microsoft.Extensions.AI;

namespace AgentCore.Runs;

/// <summary>A run with its steps, as its journal has them.</summary>
/// <param name="Summary">The run in a line.</param>
/// <param name="Task">What it was asked.</param>
/// <param name="Steps">Its steps and scopes, in the order in which they were begun.</param>
/// <param name="Result">Its last result; null while it has none.</param>
/// <param name="Records">How many records its journal has.</param>
public sealed record RunDetails(RunSummary Summary, AgentTask Task, IReadOnlyList<RunStep> Steps, AgentResult? Result, int Records)
{
    /// <summary>What a person must still decide before it can go on.</summary>
    public IReadOnlyList<PendingDecision> Pending { get; private init; } = [];

    internal static RunDetails Of(string id, IReadOnlyList<RunRecord> records, RunSummary? summary)
    {
        var first = records[0];
        if (first.Kind != RunRecord.Run)
            throw new StoreException($"Run {id} does not begin with its task, but with a record of kind '{first.Kind}'.");

        var steps = new Dictionary<string, RunStep>(StringComparer.Ordinal);
        var order = new List<string>();
        AgentResult? result = null;
        IReadOnlyList<PendingDecision> pending = [];
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            switch (record.Kind)
            {
                case RunRecord.Intent or RunRecord.Scope or RunRecord.Ask:
                    if (steps.TryAdd(record.Path, new RunStep(record.Path, record.Type ?? "", record.Name ?? "", record.Time, i)))
                        order.Add(record.Path);
                    steps[record.Path] = steps[record.Path] with
                    {
                        Arguments = Text(record.Extra),
                        Question = record.Kind == RunRecord.Ask ? record.Text : null,
                        IsRepeatable = record.Repeatable,
                        Started = record.Time,
                    };
                    break;
                case RunRecord.Unknown when steps.TryGetValue(record.Path, out var open):
                    steps[record.Path] = open with { Usage = record.Usage };
                    break;
                case RunRecord.Done or RunRecord.Fail or RunRecord.Close when steps.TryGetValue(record.Path, out var step):
                    steps[record.Path] = step with
                    {
                        Ended = record.Time,
                        Value = record.Blob is null ? Text(record.Value) : $"(in blob {record.Blob})",
                        Error = record.Error,
                        Usage = record.Usage,
                        ScopeStatus = record.Kind == RunRecord.Close ? record.Type : null,
                    };
                    break;
                case RunRecord.Decide when steps.TryGetValue(record.Path, out var step):
                    steps[record.Path] = step with { Decision = $"{record.Type} by {record.Name}", Value = record.Value.IsEmpty ? step.Value : Text(record.Value) };
                    (result, pending) = (null, [.. pending.Where(p => p.Step != record.Path)]);
                    break;
                case RunRecord.End:
                    result = RunLog.Result(record);
                    result.RunId = id;
                    pending = result.Pending;
                    break;
                case RunRecord.Resume:
                    (result, pending) = (null, []);
                    break;
            }
        }

        var task = JsonSerializer.Deserialize<AgentTask>(first.Value.Span, AgentJson.Options)!;
        summary ??= new RunSummary(id, first.Name!, result?.Status ?? RunStatus.Running, first.Time, records[^1].Time, task.Input) { Session = first.Text };
        return new RunDetails(summary, task, [.. order.Select(p => steps[p])], result, records.Count) { Pending = pending };
    }

    private static string? Text(ReadOnlyMemory<byte> json) => json.IsEmpty ? null : Encoding.UTF8.GetString(json.Span);
}

/// <summary>A step or scope of a run.</summary>
/// <param name="Path">Its place: ordinals joined by dots, such as <c>3.1</c>.</param>
/// <param name="Kind"><c>model</c>, <c>tool</c>, <c>step</c>, <c>ask</c>, or for scopes <c>agent</c>, <c>turn</c>, <c>branch</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Started">When it was last begun.</param>
/// <param name="Record">The number of its first record: forking at this number does it anew.</param>
public sealed record RunStep(string Path, string Kind, string Name, DateTimeOffset Started, int Record)
{
    /// <summary>When it ended; null while it is open.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>What it was asked, as JSON.</summary>
    public string? Arguments { get; init; }

    /// <summary>What it returned, as JSON.</summary>
    public string? Value { get; init; }

    /// <summary>Why it failed.</summary>
    public AgentError? Error { get; init; }

    /// <summary>Tokens of a model call.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>What was asked of a person.</summary>
    public string? Question { get; init; }

    /// <summary>What was decided, and by whom.</summary>
    public string? Decision { get; init; }

    /// <summary>How a scope ended; null for steps and open scopes.</summary>
    public string? ScopeStatus { get; init; }

    /// <summary>Whether doing it twice does no harm.</summary>
    public bool IsRepeatable { get; init; }
}
