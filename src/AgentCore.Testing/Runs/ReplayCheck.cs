using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Runs;

namespace AgentCore.Testing;

/// <summary>Checks that an agent's runs can be resumed wherever they were killed: runs it once, then resumes it from every
/// prefix of its journal.</summary>
public static class ReplayCheck
{
    /// <summary>Runs a task, then resumes it from each prefix of the journal, each time with a new agent.</summary>
    /// <param name="create">Makes the agent with its models and tools; called for each run.</param>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>What was found.</returns>
    public static async Task<ReplayReport> VerifyAsync(Func<BaseAgent> create, AgentTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(task);
        var store = new MemoryCheckpointStore();
        await using var owned = store.ConfigureAwait(false);
        using var first = create();
        var whole = await first.ExecuteAsync(task, new RunOptions { Store = store }, cancellationToken).ConfigureAwait(false);
        var records = new List<ReadOnlyMemory<byte>>();
        await foreach (var record in store.ReadAsync(whole.RunId!, 0, cancellationToken).ConfigureAwait(false))
            records.Add(record);

        var problems = new List<string>();
        for (var prefix = 1; prefix < records.Count; prefix++)
        {
            var problem = await ResumeAsync(create, whole, records, prefix, cancellationToken).ConfigureAwait(false);
            if (problem is not null)
                problems.Add($"killed after record {prefix} of {records.Count}: {problem}");
        }

        return new ReplayReport(whole, records.Count, problems);
    }

    /// <summary>Runs a task, resumes it from each prefix of its journal, and throws where a resumed run goes wrong.</summary>
    /// <param name="create">Makes the agent with its models and tools; called for each run.</param>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <exception cref="ReplayCheckException">A resumed run differs.</exception>
    public static async Task<AgentResult> EnsureAsync(Func<BaseAgent> create, AgentTask task, CancellationToken cancellationToken = default)
    {
        var report = await VerifyAsync(create, task, cancellationToken).ConfigureAwait(false);
        return report.IsGood ? report.Result : throw new ReplayCheckException(report);
    }

    private static async Task<string?> ResumeAsync(
        Func<BaseAgent> create, AgentResult whole, List<ReadOnlyMemory<byte>> records, int prefix, CancellationToken cancellationToken)
    {
        var store = new MemoryCheckpointStore();
        await using var owned = store.ConfigureAwait(false);
        var batch = new StoreBatch();
        for (var i = 0; i < prefix; i++)
            batch.Append(whole.RunId!, i, records[i]);
        await store.CommitAsync(batch, cancellationToken).ConfigureAwait(false);

        using var agent = create();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var redone = new List<string>();
        foreach (var record in records.Take(prefix).Select((r, i) => RunRecordFormat.Read(r, whole.RunId!, i)))
        {
            if (record.Kind == RunRecord.Done)
                done.Add(record.Path);
            else if (record.Kind == RunRecord.Attempt)
                done.ExceptWith(record.List ?? []);
        }

        var options = new RunOptions
        {
            Store = store,
            OnEvent = e =>
            {
                if (e is StepStartedEvent started && done.Contains(e.Step))
                    redone.Add($"{e.Step} '{started.Name}'");
            },
        };
        var resumed = await agent.ResumeAsync(whole.RunId!, options, cancellationToken).ConfigureAwait(false);
        if (redone.Count > 0)
            return $"finished steps were done again: {string.Join(", ", redone)}";

        // An open step that isn't repeatable must stop the run; what follows it can't be compared.
        var open = OpenStep(records, prefix, whole.RunId!);
        if (open is not null)
        {
            return resumed.Status == RunStatus.NeedsDecision
                ? null
                : $"step {open} has an unknown outcome, but the run ended as {resumed.Describe()}";
        }

        if (resumed.Status != whole.Status)
            return $"it ended as {resumed.Describe()}, the uninterrupted run as {whole.Describe()}";
        if (resumed.Output != whole.Output)
            return $"its output is '{resumed.Output}', that of the uninterrupted run '{whole.Output}'";
        return Json(resumed.Data) != Json(whole.Data) ? $"its data is {Json(resumed.Data)}, that of the uninterrupted run {Json(whole.Data)}" : null;
    }

    private static string? OpenStep(List<ReadOnlyMemory<byte>> records, int prefix, string run)
    {
        var table = new StepTable();
        for (var i = 0; i < prefix; i++)
            table.Apply(RunRecordFormat.Read(records[i], run, i));
        return table.Steps.Where(s => s.Value is { Intent: { Kind: RunRecord.Intent, Repeatable: false }, Outcome: null, Verdict: null })
            .Select(s => s.Key).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    private static string Json(object? data) => data is null ? "null" : JsonSerializer.Serialize(data, AgentJson.Options);
}

/// <summary>What a replay check found.</summary>
/// <param name="Result">The uninterrupted run's result.</param>
/// <param name="Records">How many records its journal has.</param>
/// <param name="Problems">What went wrong, one line for each place where it was killed; empty when nothing did.</param>
public sealed record ReplayReport(AgentResult Result, int Records, IReadOnlyList<string> Problems)
{
    /// <summary>Whether every resumed run was right.</summary>
    public bool IsGood => Problems.Count == 0;
}

/// <summary>A resumed run differs from the uninterrupted one.</summary>
public sealed class ReplayCheckException : AgentException
{
    internal ReplayCheckException(ReplayReport report)
        : base($"{report.Problems.Count} of {report.Records - 1} resumed runs went wrong:\n{string.Join('\n', report.Problems.Take(10))}") => Report = report;

    /// <summary>What was found.</summary>
    public ReplayReport Report { get; }
}
