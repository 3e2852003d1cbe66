using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Text;

namespace AgentCore.Runs;

/// <summary>Writes the beginning and the end of a run, each with the summary that lists show.</summary>
internal static class RunLog
{
    public const string Collection = "runs";

    public static async ValueTask BeginAsync(Run run, BaseAgent agent, AgentTask task, StateBag state, RunOptions options, SavedRun? saved)
    {
        var now = saved is null ? run.StartedAt : run.NowMilliseconds();
        var session = options.Session;
        var lacking = session?.Lacking(saved?.Id) ?? [];
        if (saved is null)
        {
            var record = new RunRecord(RunRecord.Run)
            {
                At = now,
                Number = RunRecordFormat.Version,
                Name = agent.Metadata.Name,
                Hash = agent.Metadata.DefinitionHash,
                Value = JsonSerializer.SerializeToUtf8Bytes(task, AgentJson.Options),
                Extra = state.Write(),
                Text = session?.Id,
                SessionPosition = session?.Position + lacking.Count,
                List = [.. options.Labels.SelectMany(l => new[] { l.Key, l.Value })],
            };
            await run.Journal!.CommitAsync(record, durable: false, b =>
            {
                Put(b, Summary(run, agent, task, options, RunStatus.Running, now));
                session?.AppendLacking(b, lacking);
            }).ConfigureAwait(false);
            session?.KeepLacking(lacking.Count);
            return;
        }

        if (saved.DefinitionHash is { } before && agent.Metadata.DefinitionHash is { } after && before != after)
            run.Emit(new NoteEvent($"The definition of '{agent.Metadata.Name}' has changed since the run began; a step that differs stops the run."), null, "");
        var resume = new RunRecord(RunRecord.Resume) { At = now, Name = agent.Metadata.Name, Hash = agent.Metadata.DefinitionHash };
        await run.Journal!.CommitAsync(resume, durable: false, b =>
        {
            Put(b, saved.Summary with { Status = RunStatus.Running, Updated = DateTimeOffset.FromUnixTimeMilliseconds(now), Note = null });
            session?.AppendLacking(b, lacking);
        }).ConfigureAwait(false);
        session?.KeepLacking(lacking.Count);
        var again = run.Journal.FailedLast("").Where(run.Journal.IsRepeatable).ToList();
        if (again.Count > 0)
            await run.Journal.CommitAsync(new RunRecord(RunRecord.Attempt) { At = now, List = again }, durable: false).ConfigureAwait(false);
    }

    public static ValueTask EndAsync(Run run, BaseAgent agent, AgentResult result, AgentSession? session)
    {
        var now = run.NowMilliseconds();
        var end = new RunRecord(RunRecord.End)
        {
            At = now,
            Type = result.Status.ToString(),
            Error = result.Error,
            Usage = result.Usage,
            Value = ValueOf(result),
        };
        return run.Journal!.CommitAsync(end, durable: true, batch =>
        {
            if (result.IsDone || result.Status == RunStatus.Failed)
                session?.AppendTo(batch, result.IsDone ? null : run.Id);
            Put(batch, new RunSummary(run.Id, agent.Metadata.Name, result.Status, DateTimeOffset.FromUnixTimeMilliseconds(run.StartedAt), DateTimeOffset.FromUnixTimeMilliseconds(now), run.Input)
            {
                Note = result.IsDone && result.Stop is null ? null : result.Describe(),
                Usage = result.Usage,
                Session = session?.Id,
                ForkedFrom = run.Saved?.Summary.ForkedFrom,
                Labels = run.Saved?.Summary.Labels ?? run.Options.Labels,
            });
        });
    }

    public static void Put(StoreBatch batch, RunSummary summary) =>
        batch.Put(Collection, summary.Id, JsonSerializer.SerializeToUtf8Bytes(summary, AgentJson.Options));

    /// <summary>A result as the record of its run's or scope's end holds it.</summary>
    public static byte[] ValueOf(AgentResult result) => JsonSerializer.SerializeToUtf8Bytes(
        new Ending(result.Output, DataOf(result.Data), result.Stop, result.Pending, result.RolledBackTo), AgentJson.Options);

    /// <summary>A failed result that can be kept where the whole of it can't: without its data, and without a large output.</summary>
    public static AgentResult Small(AgentResult failed) =>
        AgentResult.Failed(failed.Error!, failed.Output.Length <= 100_000 ? failed.Output : "", failed.Stop).Keep(failed);

    public static AgentResult Result(RunRecord end)
    {
        var ending = JsonSerializer.Deserialize<Ending>(end.Value.Span, AgentJson.Options) is { Output: not null } known && known.Pending?.Contains(null!) != true
            ? known
            : throw new JsonException("it has no result");
        var result = AgentResult.Restore(Enum.Parse<RunStatus>(end.Type!), ending.Output, ending.Data, end.Error, ending.Stop, ending.Pending ?? []);
        result.Usage = end.Usage;
        result.RolledBackTo = ending.RolledBackTo;
        return result;
    }

    private static RunSummary Summary(Run run, BaseAgent agent, AgentTask task, RunOptions options, RunStatus status, long now)
    {
        run.Input = ShortText.Cut(task.Input, 200);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(now);
        return new RunSummary(run.Id, agent.Metadata.Name, status, at, at, run.Input) { Session = options.Session?.Id, Labels = options.Labels };
    }

    private static JsonElement? DataOf(object? data)
    {
        try
        {
            return data is null ? null : JsonSerializer.SerializeToElement(data, data.GetType(), AgentJson.Options);
        }
        catch (Exception e)
        {
            // A user's type: its own code may throw anything.
            throw new AgentException($"The result's data, a {data!.GetType().Name}, can't be kept, as it doesn't serialise to JSON; return data that does, or run without a store. {e.Message}", e);
        }
    }

    private sealed record Ending(string Output, JsonElement? Data, StopReason? Stop, IReadOnlyList<PendingDecision>? Pending, string? RolledBackTo);
}
