using AgentCore.Checkpoints;
using AgentCore.Teams;
using AgentCore.Testing;

namespace AgentCore.Tests.Teams.Trials;

/// <summary>One random team, run once, and where a journal is kept resumed from some place in it: it must end within its bounds,
/// for a reason that it tells, with nothing left behind.</summary>
internal static class TeamTrial
{
    // Real time. The slowest team has a minute of its own, which is 0.6 s; the rest is for a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<TeamTrialResult> RunAsync(int seed)
    {
        var world = new TrialWorld();
        var random = new Random(seed);
        using var cancel = new CancellationTokenSource();
        if (random.NextDouble() < 0.05)
            cancel.CancelAfter(random.Next(1, 20));
        var store = random.NextDouble() < 0.4 ? new MemoryCheckpointStore() : null;
        var told = new List<TeamTurn>();
        using var team = new TrialTeam(seed, world).Create();
        try
        {
            var run = team.ExecuteAsync("the task", new RunOptions { Store = store, OnEvent = e => { if (e is TurnEndedEvent turn) told.Add(turn.Turn); } }, cancel.Token);
            if (await Task.WhenAny(run, Task.Delay(Patience)) != run)
                return new TeamTrialResult(team, null, "it hangs");

            var result = await run;
            var breach = Check(team, result, told, world);
            if (breach is null && store is not null && result.RunId is not null && !cancel.IsCancellationRequested)
                breach = await ResumeAsync(seed, random, store, result.RunId, told);
            return new TeamTrialResult(team, result, breach ?? await LeakAsync(world));
        }
        catch (Exception e)
        {
            return new TeamTrialResult(team, null, $"Execute threw {e}");
        }
        finally
        {
            world.Released.TrySetResult();
        }
    }

    private static string? Check(Team team, AgentResult result, List<TeamTurn> told, TrialWorld world)
    {
        if (result.Stop is not { } stop)
            return $"it ended as {result.Status} without a reason: {result.Describe()}";
        if (!Fits(result.Status, stop.Kind))
            return $"it ended as {result.Status} for the reason {stop.Kind}: {stop.Message}";
        if (result is { Status: RunStatus.Cancelled, Data: null })
            return null; // Before the team began.
        if (result.GetData<TeamResult>() is not { } data)
            return $"its result has no turns: {result.Describe()}";
        if (data.Turns.Count > team.Rules.Limits.MaxTurns)
            return $"it took {data.Turns.Count} turns of {team.Rules.Limits.MaxTurns}";
        if (team.Rules.Limits.MaxTokens is { } most && data.Turns.SkipLast(team.Members.Count).Sum(t => t.Tokens) is var used && used >= most)
            return $"it used {used} tokens of {most}, and went on";
        if (result.Output.Length == 0 && data.Turns.Any(t => t is { IsGood: true, Text.Length: > 0 }) && team.Protocol is not ConcurrentProtocol)
            return "its last good output is lost";
        if (data.Turns.FirstOrDefault(t => t.Status == RunStatus.Failed && string.IsNullOrEmpty(t.Error?.Message)) is { } silent)
            return $"turn {silent.Number} failed without an error";

        // What the clock, a decision or a cancellation cut short may not have got to its end.
        var cut = stop.Kind is StopKind.MaxTime or StopKind.Decision or StopKind.Cancelled || told.Any(t => t.Limit?.Contains("took longer", StringComparison.Ordinal) == true) || team.Options.Retry is not null;
        return cut ? null : world.Thrown.FirstOrDefault(message => !told.Any(t => t.Error?.Message.Contains(message, StringComparison.Ordinal) == true)) is { } lost ? $"'{lost}' was thrown by a member and is lost" : null;
    }

    private static bool Fits(RunStatus status, StopKind kind) => status switch
    {
        RunStatus.Done => kind is StopKind.Completed or StopKind.Condition,
        RunStatus.Limited => kind is StopKind.MaxTurns or StopKind.MaxTokens or StopKind.MaxCost or StopKind.MaxTime or StopKind.NoProgress,
        RunStatus.Failed => kind is StopKind.Failure or StopKind.Preflight or StopKind.Decision,
        RunStatus.NeedsDecision => kind is StopKind.Decision,
        RunStatus.Cancelled => kind is StopKind.Cancelled,
        _ => false,
    };

    /// <summary>Kills the run after some record, and resumes it: it must not find its journal to be another's.</summary>
    private static async Task<string?> ResumeAsync(int seed, Random random, MemoryCheckpointStore store, string run, List<TeamTurn> before)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        await foreach (var record in store.ReadAsync(run))
            records.Add(record);
        var prefix = random.Next(1, records.Count);
        await using var killed = new MemoryCheckpointStore();
        var batch = new StoreBatch();
        for (var i = 0; i < prefix; i++)
            batch.Append(run, i, records[i]);
        await killed.CommitAsync(batch);

        var world = new TrialWorld();
        var told = new List<TeamTurn>();
        using var team = new TrialTeam(seed, world).Create();
        try
        {
            var resumed = team.ResumeAsync(run, new RunOptions { Store = killed, OnEvent = e => { if (e is TurnEndedEvent turn) told.Add(turn.Turn); } });
            if (await Task.WhenAny(resumed, Task.Delay(Patience)) != resumed)
                return $"resumed after record {prefix} of {records.Count} it hangs";
            var result = await resumed;
            return result.Error?.Type.Contains("ReplayMismatch", StringComparison.Ordinal) == true ? $"resumed after record {prefix} of {records.Count}: {result.Describe()}\n  {Difference(before, told)}"
                : result.Stop is null ? $"resumed after record {prefix} of {records.Count} it ended without a reason: {result.Describe()}"
                : null;
        }
        finally
        {
            world.Released.TrySetResult();
        }
    }

    private static string Difference(List<TeamTurn> before, List<TeamTurn> after)
    {
        var i = 0;
        while (i < before.Count && i < after.Count && Line(before[i]) == Line(after[i]))
            i++;
        return $"turn event {i}:\n  was {string.Join("\n      ", before.Skip(i).Take(2).Select(Line))}\n  now {string.Join("\n      ", after.Skip(i).Take(2).Select(Line))}";
    }

    private static string Line(TeamTurn turn) =>
        $"{turn.Number} {turn.Member} {turn.Status} '{turn.Text.ReplaceLineEndings(" ")}' {turn.Tokens} tokens, tools {string.Join(",", turn.Tools ?? [])}, handed to {turn.HandedTo}, {turn.Limit} {(turn.Error is null ? "" : turn.Error.Type + " " + turn.Error.Retryable)}";

    /// <summary>What got stuck on purpose is let go; then nobody may be at work.</summary>
    private static async Task<string?> LeakAsync(TrialWorld world)
    {
        world.Released.TrySetResult();
        for (var i = 0; world.Active > 0 && i < 2_000; i++)
            await Task.Delay(5);
        return world.Active == 0 ? null : $"{world.Active} members are still at work";
    }
}

/// <summary>What a trial came to.</summary>
internal sealed record TeamTrialResult(Team Team, AgentResult? Result, string? Breach);
