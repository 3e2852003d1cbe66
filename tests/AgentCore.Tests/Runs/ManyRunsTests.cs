using AgentCore.Checkpoints;
using AgentCore.Runs;

namespace AgentCore.Tests.Runs;

public sealed class ManyRunsTests
{
    [Fact]
    public async Task Execute_AThousandRunsOnOneStoreWithFiftyCancelled_EachEndsInAStateThatIsExplained()
    {
        var folder = Directory.CreateTempSubdirectory("agentcore-many-").FullName;
        try
        {
            await using var store = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = folder });
            var random = new Random(7);
            var cancelled = Enumerable.Range(0, 1_000).OrderBy(_ => random.Next()).Take(50).ToHashSet();
            var gate = new TaskCompletionSource();
            using var agent = new Async(
                async c =>
                {
                    for (var i = 0; i < 3; i++)
                        await c.StepAsync("step", i, async s => { await gate.Task.WaitAsync(s.CancellationToken); return i; }, i == 1 ? null : StepOptions.Repeat);
                    return AgentResult.Done(c.Task.Input);
                },
                new AgentOptions { MaxConcurrentRuns = 0 });

            using var cancel = new CancellationTokenSource();
            var runs = Enumerable.Range(0, 1_000).Select(i => agent.ExecuteAsync($"{i}", new RunOptions { Store = store }, cancelled.Contains(i) ? cancel.Token : default)).ToArray();
            await cancel.CancelAsync();
            gate.SetResult();
            var results = await Task.WhenAll(runs);

            var history = new RunHistory(store);
            for (var i = 0; i < results.Length; i++)
            {
                var run = await history.ReadAsync(results[i].RunId!);
                Assert.Equal(cancelled.Contains(i) ? RunStatus.Cancelled : RunStatus.Done, run.Summary.Status);
                Assert.Equal(results[i].Status, run.Result!.Status);
                Assert.Equal($"{i}", run.Task.Input);
                Assert.Equal(cancelled.Contains(i) ? "cancelled" : "done", run.Result.Describe());
            }

            Assert.Equal(50, results.Count(r => r.Status == RunStatus.Cancelled));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
