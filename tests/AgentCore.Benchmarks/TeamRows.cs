using System.Diagnostics;
using AgentCore.Agents;
using AgentCore.Tasks;
using AgentCore.Teams;

namespace AgentCore.Benchmarks;

/// <summary>What a team's turn takes however long the conversation, many teams at once, and tasks.</summary>
internal sealed class TeamRows : IRows
{
    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        // Semantic Kernel's group chat on this client: 4.4 µs a turn at 10 turns, 59.7 µs at 1,000.
        yield return await TurnAsync("team turn, 10 turns, instant model", 10, Chat, 4.4);
        yield return await TurnAsync("team turn, 1,000 turns, instant model", 1_000, Chat, 59.7);
        yield return await TurnAsync("team turn, 1,000 turns, instant agent", 1_000, name => new Instant(name), 59.7);

        await TeamsAtOnceAsync(100);
        yield return Row.RatioAtMost("1,000 teams of 3 at once over 200 ms", await TeamsAtOnceAsync(1_000), "ms", 600, 1.5);

        yield return await DispatchAsync();
        yield return await BusyAsync();
    }

    private static ChatAgent Chat(string name) => ChatAgent.Create(name, new InstantClient()).Build();

    private static async Task<Row> TurnAsync(string row, int turns, Func<string, BaseAgent> member, double baseline)
    {
        // The same text again and again is what the guard against circles would stop.
        using var team = new Team("bench", new RoundRobinProtocol(), [member("a"), member("b"), member("c")], new TeamOptions { Progress = null, Limits = new() { MaxTurns = turns } });
        var figures = await Measure.OperationAsync(async () =>
        {
            var result = await team.ExecuteAsync("hi");
            if (result.Stop?.Kind != StopKind.MaxTurns)
                throw new InvalidOperationException(result.Describe());
        }, Math.Max(5, 10_000 / turns));
        return Row.AtMost(row, figures.Nanoseconds / turns / 1_000, "µs", 3, baseline);
    }

    private static async Task<double> TeamsAtOnceAsync(int count)
    {
        using var slow = new InstantClient(TimeSpan.FromMilliseconds(200));
        var teams = Enumerable.Range(0, count).Select(i => new Team($"t{i}", new SequentialProtocol(),
            [ChatAgent.Create("a", slow).Build(), ChatAgent.Create("b", slow).Build(), ChatAgent.Create("c", slow).Build()])).ToList();
        var start = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(teams.Select(team => team.ExecuteAsync("hi")));
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (var result in results)
            result.EnsureDone();
        return time;
    }

    /// <summary>Submitting a task, taking it, finding its agent, running it and keeping its outcome, above the bare run.</summary>
    private static async Task<Row> DispatchAsync()
    {
        const int Count = 2_000;
        var agents = new AgentRegistry();
        for (var i = 0; i < 8; i++)
            agents.Add(new Instant($"a{i}"));
        var router = new TaskRouter(agents);
        var queue = new TaskQueue(new TaskQueueOptions { KeepFinished = 100 });
        var task = new AgentTask("hi") { PreferredRole = "worker" };
        using var bare = new Instant("bare");
        var figures = await Measure.TogetherAsync(5,
            async () =>
            {
                for (var i = 0; i < Count; i++)
                    await bare.ExecuteAsync(task);
            },
            async () =>
            {
                for (var i = 0; i < Count; i++)
                    await queue.SubmitAsync(task);
                await queue.ProcessAsync(router);
            });
        return Row.Above("task dispatch, above the bare run", figures[1].Nanoseconds / Count / 1_000, "µs", figures[0].Nanoseconds / Count / 1_000, 5);
    }

    private static async Task<Row> BusyAsync()
    {
        var tasks = new AgentTask[10_000];
        Array.Fill(tasks, new AgentTask("hi"));
        var executor = new ParallelExecutor(new ExecutorOptions { MaxParallel = 16 });
        var busy = 0L;
        var start = Stopwatch.GetTimestamp();
        await executor.RunAsync(tasks, async (_, token) =>
        {
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(10, token);
            Interlocked.Add(ref busy, Stopwatch.GetTimestamp() - began);
            return AgentResult.Done("ok");
        });
        return Row.RatioAtLeast("16 workers busy, 10,000 tasks of 10 ms", 100.0 * busy / 16 / (Stopwatch.GetTimestamp() - start), "%", 100, 0.95);
    }

    private sealed class Instant(string name) : AsyncAgent(new AgentMetadata(name) { Role = "worker" }, new AgentOptions { MaxConcurrentRuns = 0 })
    {
        protected override ValueTask<AgentResult> OnExecuteAsync(AgentContext context) => new(AgentResult.Done("ok"));
    }
}
