using System.Diagnostics;

namespace AgentCore.Benchmarks;

/// <summary>Synchronous callers that block the pool.</summary>
internal sealed class BlockingRows : IRows
{
    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        ThreadPool.GetMinThreads(out var workers, out var io);
        ThreadPool.SetMinThreads(2, io);
        using var agent = new Yielding();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Task.Run(() => agent.Execute("x"))));
        yield return Row.AtMost("1,000 blocked pool threads, minimum of 2", Stopwatch.GetElapsedTime(start).TotalMilliseconds, "ms", 2_000);
        ThreadPool.SetMinThreads(workers, io);
    }

    private sealed class Yielding() : AsyncAgent(new AgentMetadata("yielding"), new AgentOptions { MaxConcurrentRuns = 0 })
    {
        protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context)
        {
            await Task.Delay(20, context.CancellationToken);
            await Task.Yield();
            return AgentResult.Done("ok");
        }
    }
}
