using AgentCore.Agents;
using AgentCore.Runs;
using AgentCore.Tasks;
using AgentCore.Testing;
using AgentCore.Tests.Teams;

namespace AgentCore.Tests.Tasks;

public sealed class ParallelExecutorTests
{
    private static readonly AgentTask[] Ten = [.. Enumerable.Range(0, 10).Select(i => new AgentTask($"{i}"))];

    [Fact]
    public async Task Run_OnResultThrows_FailsItsTaskAloneAndKeepsTheOutput()
    {
        var executor = new ParallelExecutor(new ExecutorOptions { MaxParallel = 2, OnResult = (i, _) => { if (i == 1) throw new IOException("disk full"); } });

        var batch = await executor.RunAsync(["0", "1", "2"], (task, _) => Task.FromResult(AgentResult.Done($"did {task.Input}")));

        Assert.Equal(["did 0", "did 1", "did 2"], batch.Results.Select(r => r.Output));
        Assert.Equal([RunStatus.Done, RunStatus.Failed, RunStatus.Done], batch.Results.Select(r => r.Status));
        Assert.Equal("disk full", batch.Results[1].Error!.Message);
    }

    [Fact]
    public async Task Run_SomeTasksThrow_OthersKeepTheirPlace()
    {
        var executor = new ParallelExecutor(new ExecutorOptions { MaxParallel = 3 });

        var batch = await executor.RunAsync(Ten, (task, _) => task.Input is "3" or "7"
            ? throw new InvalidOperationException("odd")
            : Task.FromResult(AgentResult.Done(task.Input)));

        Assert.Equal(8, batch.Count(RunStatus.Done));
        Assert.Equal("odd", batch.Results[3].Error!.Message);
        Assert.Equal("9", batch.Results[9].Output);
    }

    [Fact]
    public async Task Run_Cancelled_KeepsWhatIsDoneInOrder()
    {
        using var cancel = new CancellationTokenSource();
        var executor = new ParallelExecutor(new ExecutorOptions { MaxParallel = 1 });

        var batch = await executor.RunAsync(Ten, async (task, token) =>
        {
            if (task.Input == "4")
            {
                await cancel.CancelAsync();
                await Task.Delay(Timeout.Infinite, token);
            }

            return AgentResult.Done(task.Input);
        }, cancel.Token);

        Assert.Equal(["0", "1", "2", "3"], batch.Results.Take(4).Select(r => r.Output));
        Assert.All(batch.Results.Skip(4), r => Assert.Equal(RunStatus.Cancelled, r.Status));
    }

    [Fact]
    public async Task Run_TaskOverItsTime_IsLimitedAndOthersGoOn()
    {
        var time = new ManualTime();
        var began = new TaskCompletionSource();
        var executor = new ParallelExecutor(new ExecutorOptions { MaxParallel = 1, TaskTimeout = TimeSpan.FromSeconds(5), Time = time });

        var run = executor.RunAsync(Ten, async (task, token) =>
        {
            if (task.Input == "0")
            {
                began.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            return AgentResult.Done(task.Input);
        });
        await began.Task;
        time.Advance(TimeSpan.FromSeconds(6));
        var batch = await run;

        Assert.Equal((RunStatus.Limited, StopKind.MaxTime), (batch.Results[0].Status, batch.Results[0].Stop!.Kind));
        Assert.Contains("ExecutorOptions.TaskTimeout", batch.Results[0].Stop!.Message, StringComparison.Ordinal);
        Assert.Equal(9, batch.Count(RunStatus.Done));
    }

    [Fact]
    public async Task Run_TaskThatIsLeftBehind_NamesItsRun()
    {
        var time = new ManualTime();
        var store = new MemoryCheckpointStore();
        using var blocked = new ManualResetEventSlim();
        var began = new TaskCompletionSource();
        using var agent = new Sync(_ =>
        {
            began.SetResult();
            blocked.Wait();
            return AgentResult.Done("late");
        });
        var executor = new ParallelExecutor(new ExecutorOptions { TaskTimeout = TimeSpan.FromSeconds(5), Time = time, Run = new RunOptions { Store = store } });

        var run = executor.RunAsync(["x"], agent);
        await began.Task;
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(6));
            await Task.Yield();
        }

        var result = (await run).Results[0];
        var left = await new RunHistory(store).ReadAsync(result.RunId!);
        blocked.Set();
        Assert.Equal((RunStatus.Limited, RunStatus.Running), (result.Status, left.Summary.Status));
    }

    [Fact]
    public async Task Run_ManyTasks_NeverMoreAtOnceThanAllowed()
    {
        var (now, most) = (0, 0);
        var executor = new ParallelExecutor(new ExecutorOptions { MaxParallel = 4 });

        var batch = await executor.RunAsync([.. Enumerable.Range(0, 200).Select(i => new AgentTask($"{i}"))], async (task, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            return AgentResult.Done(task.Input);
        });

        Assert.InRange(most, 1, 4);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), batch.Results.Select(r => r.Output));
        Assert.Equal((200, 4), (batch.Statistics.Tasks, batch.Statistics.Workers));
        Assert.InRange(batch.Statistics.ParallelEfficiency, 0, 1.01);
        Assert.True(batch.Statistics.Throughput > 0);
    }

    [Fact]
    public async Task Run_NoTasks_IsEmpty()
    {
        var batch = await new ParallelExecutor().RunAsync([], new Sync(_ => AgentResult.Done("")));

        Assert.Empty(batch.Results);
        Assert.Equal(0, batch.Statistics.ParallelEfficiency);
    }

    [Fact]
    public async Task Run_ThroughARouter_NobodyFits_IsThatTasksFailure()
    {
        var router = new TaskRouter(new AgentRegistry().Add(new Able("reader", "files.read")));
        var executor = new ParallelExecutor();

        var batch = await executor.RunAsync([new AgentTask("a") { RequiredCapabilities = ["files.read"] }, new AgentTask("b") { RequiredCapabilities = ["mail.send"] }], router);

        Assert.True(batch.Results[0].IsDone);
        Assert.Contains("'mail.send'", batch.Results[1].Error!.Message, StringComparison.Ordinal);
    }
}

/// <summary>An agent with capabilities and a role.</summary>
internal sealed class Able(string name, string capability, string? role = null, Func<AgentContext, AgentResult>? body = null)
    : BaseAgent(new AgentMetadata(name) { Capabilities = new([capability]), Role = role }, new AgentOptions { MaxConcurrentRuns = 0 })
{
    protected override AgentResult OnExecute(AgentContext context) => body?.Invoke(context) ?? AgentResult.Done($"{Metadata.Name}: {context.Task.Input}");
}
