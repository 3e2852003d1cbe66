using System.Diagnostics;
using AgentCore.Agents;
using AgentCore.Testing;

namespace AgentCore.Benchmarks;

/// <summary>What the journal costs, over a store in memory.</summary>
internal sealed class JournalRows : IRows
{
    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        using var client = new InstantClient();
        using var agent = ChatAgent.Create("bench", client).Build();
        await using var freshStore = new MemoryCheckpointStore();
        await using var lateStore = new MemoryCheckpointStore();
        var session = new AgentSession();
        for (var i = 0; i < 1_000; i++)
            await agent.ExecuteAsync("hi", new RunOptions { Session = session });
        var turns = await Measure.TogetherAsync(
            200,
            async () => await agent.ExecuteAsync("hi", new RunOptions { Session = new AgentSession(), Store = freshStore }),
            async () => await agent.ExecuteAsync("hi", new RunOptions { Session = session, Store = lateStore }));
        var (fresh, late) = (turns[0].Nanoseconds, turns[1].Nanoseconds);
        yield return Row.RatioAtMost("journalled turn, after turn 1,000", late / 1_000, "us", fresh / 1_000, 1.25);

        await using var store = new MemoryCheckpointStore();
        using var stepper = new Stepper();
        stepper.Fail = true;
        var best = double.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            stepper.Fail = true;
            var run = await stepper.ExecuteAsync("x", new RunOptions { Store = store });
            stepper.Fail = false;
            var start = Stopwatch.GetTimestamp();
            (await stepper.ResumeAsync(run.RunId!, new RunOptions { Store = store })).EnsureDone();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Stepper.Steps);
        }

        yield return Row.AtMost("resume of 1,000 steps, each", best, "us", 20);
    }

    private sealed class Stepper() : AsyncAgent("stepper")
    {
        public const int Steps = 1_000;

        public bool Fail { get; set; }

        protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
        {
            var sum = 0;
            for (var i = 0; i < Steps; i++)
                sum += await context.StepAsync("step", i, _ => Task.FromResult(1), StepOptions.Repeat);
            return Fail ? throw new InvalidOperationException("killed") : AgentResult.Done($"{sum}");
        }
    }
}
