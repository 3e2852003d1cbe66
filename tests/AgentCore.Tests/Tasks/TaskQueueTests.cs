using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Tasks;
using AgentCore.Testing;
using AgentCore.Tests.Teams;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCore.Tests.Tasks;

public sealed class TaskQueueTests
{
    private readonly List<string> _done = [];
    private readonly ManualTime _time = new();

    private TaskRouter Router(Func<AgentContext, AgentResult>? body = null) => new(new AgentRegistry().Add(new Able("a", "*", body: c =>
    {
        lock (_done)
            _done.Add(c.Task.Input);
        return body?.Invoke(c) ?? AgentResult.Done($"did {c.Task.Input}");
    })));

    private static AgentTask Of(string input, int priority) => new(input) { Priority = priority };

    [Fact]
    public async Task Process_Priorities_UrgentFirstThenInOrder()
    {
        var queue = new TaskQueue(new TaskQueueOptions { Time = _time });
        foreach (var task in new[] { Of("low", -1), Of("one", 0), Of("two", 0), Of("high", 5), Of("most", int.MaxValue), Of("least", int.MinValue) })
            await queue.SubmitAsync(task);

        await queue.ProcessAsync(Router());

        Assert.Equal(["most", "high", "one", "two", "low", "least"], _done);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public async Task Process_LowPriorityThatWaitedLong_ComesBeforeNewUrgentOnes()
    {
        var queue = new TaskQueue(new TaskQueueOptions { Time = _time, Ageing = TimeSpan.FromSeconds(10) });
        await queue.SubmitAsync(Of("low", 0));
        _time.Advance(TimeSpan.FromSeconds(29));
        await queue.SubmitAsync(Of("urgent soon", 3));
        _time.Advance(TimeSpan.FromSeconds(2));
        await queue.SubmitAsync(Of("urgent late", 3));

        await queue.ProcessAsync(Router());

        Assert.Equal(["urgent soon", "low", "urgent late"], _done);
    }

    [Fact]
    public void Order_AnySubmissions_NoneWaitsLongerThanItsDisadvantage()
    {
        var ageing = TimeSpan.FromSeconds(10);
        Prop.ForAll(ArbMap.Default.ArbFor<(int Priority, byte Wait)[]>(), tasks =>
        {
            var line = new WaitingLine(ageing);
            var at = DateTimeOffset.UnixEpoch;
            var all = tasks.Select((t, i) => new QueuedTask($"{i}", Of("", t.Priority), at += TimeSpan.FromSeconds(t.Wait))).ToList();
            all.ForEach(line.Add);
            var order = new List<QueuedTask>();
            while (line.TryTake(out var id))
                order.Add(all[int.Parse(id!, null)]);
            return order.Count == all.Count && order.Zip(order.Skip(1)).All(p => Due(p.First) <= Due(p.Second));
        }).QuickCheckThrowOnFailure();

        DateTimeOffset Due(QueuedTask t) => t.Submitted - (Math.Clamp(t.Task.Priority, -100, 100) * ageing);
    }

    [Fact]
    public async Task Process_TaskFails_IsKeptWithItsReasonAndOthersGoOn()
    {
        var queue = new TaskQueue();
        var bad = await queue.SubmitAsync("bad");
        var good = await queue.SubmitAsync("good");
        var lost = await queue.SubmitAsync(new AgentTask("lost") { Type = "nowhere", RequiredCapabilities = ["x"] });
        var only = new TaskRouter(new AgentRegistry().Add(new Able("a", "y", body: c => c.Task.Input == "bad" ? throw new InvalidOperationException("no") : AgentResult.Done("ok"))));

        await queue.ProcessAsync(only);

        Assert.Equal((QueuedTaskStatus.Failed, "failed: InvalidOperationException: no"), (queue.Status(bad)!.Status, queue.Status(bad)!.Reason));
        Assert.Equal(QueuedTaskStatus.Done, queue.Status(good)!.Status);
        Assert.Contains("'x'", queue.Status(lost)!.Reason!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_Waiting_IsNotBegun()
    {
        var queue = new TaskQueue();
        var id = await queue.SubmitAsync("x");

        Assert.True(await queue.CancelAsync(id));
        await queue.ProcessAsync(Router());

        Assert.Empty(_done);
        Assert.Equal(QueuedTaskStatus.Cancelled, queue.Status(id)!.Status);
        Assert.False(await queue.CancelAsync(id));
        Assert.False(await queue.CancelAsync("unknown"));
    }

    [Fact]
    public async Task Cancel_Running_StopsIt()
    {
        var queue = new TaskQueue();
        var began = new TaskCompletionSource();
        var id = await queue.SubmitAsync("x");
        var agents = new AgentRegistry().Add(new Async(async c => { began.SetResult(); await Task.Delay(Timeout.Infinite, c.CancellationToken); return AgentResult.Done(""); }));

        var work = queue.ProcessAsync(new TaskRouter(agents));
        await began.Task;
        Assert.True(await queue.CancelAsync(id));
        await work;

        Assert.Equal(QueuedTaskStatus.Cancelled, queue.Status(id)!.Status);
    }

    [Fact]
    public async Task Process_Cancelled_TaskThatRanWaitsAgain()
    {
        var queue = new TaskQueue();
        var began = new TaskCompletionSource();
        using var cancel = new CancellationTokenSource();
        var id = await queue.SubmitAsync("x");
        var agents = new AgentRegistry().Add(new Async(async c => { began.SetResult(); await Task.Delay(Timeout.Infinite, c.CancellationToken); return AgentResult.Done(""); }));

        var work = queue.ProcessAsync(new TaskRouter(agents), workers: 3, cancellationToken: cancel.Token);
        await began.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.Equal(QueuedTaskStatus.Waiting, queue.Status(id)!.Status);
        await queue.ProcessAsync(Router());
        Assert.Equal(QueuedTaskStatus.Done, queue.Status(id)!.Status);
    }

    [Fact]
    public async Task Process_NotUntilEmpty_TakesWhatComesLater()
    {
        var queue = new TaskQueue();
        using var cancel = new CancellationTokenSource();
        var done = new TaskCompletionSource();

        var work = queue.ProcessAsync(Router(_ => { done.SetResult(); return AgentResult.Done(""); }), workers: 2, untilEmpty: false, cancel.Token);
        await queue.SubmitAsync("later");
        await done.Task;
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => work);
        Assert.Equal(["later"], _done);
    }

    [Fact]
    public async Task Process_ManyWorkers_DoEachTaskOnce()
    {
        var queue = new TaskQueue();
        for (var i = 0; i < 500; i++)
            await queue.SubmitAsync($"{i}");

        await queue.ProcessAsync(Router(), workers: 8);

        Assert.Equal(500, _done.Distinct().Count());
        Assert.Equal(500, _done.Count);
    }

    [Fact]
    public async Task Finished_BeyondTheLimit_AreForgottenOldestFirst()
    {
        var store = new MemoryCheckpointStore();
        var queue = await TaskQueue.OpenAsync(store, new TaskQueueOptions { KeepFinished = 2 });
        for (var i = 0; i < 5; i++)
            await queue.SubmitAsync($"{i}");

        await queue.ProcessAsync(Router());

        Assert.Equal(["3", "4"], queue.List().Select(t => t.Task.Input));
        Assert.Equal(["3", "4"], (await TaskQueue.OpenAsync(store)).List().Select(t => t.Task.Input));
    }

    [Fact]
    public async Task Open_AfterARestart_WaitingTasksWaitInTheirOrder()
    {
        var store = new MemoryCheckpointStore();
        var first = await TaskQueue.OpenAsync(store);
        await first.SubmitAsync(Of("low", 0));
        await first.SubmitAsync(Of("high", 9));

        var second = await TaskQueue.OpenAsync(store);
        await second.ProcessAsync(Router());

        Assert.Equal(["high", "low"], _done);
        Assert.All((await TaskQueue.OpenAsync(store)).List(), t => Assert.Equal(QueuedTaskStatus.Done, t.Status));
    }

    [Fact]
    public async Task Open_KilledWhileATaskRan_GoesOnWithItsRun()
    {
        var store = new MemoryCheckpointStore();
        var calls = new List<string>();
        var killed = true;
        var began = new TaskCompletionSource();
        TaskRouter Create() => new(new AgentRegistry().Add(new Async(async c =>
        {
            await c.StepAsync("first", null, _ => { calls.Add("first"); return Task.CompletedTask; });
            if (killed)
            {
                began.SetResult();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
            }

            await c.StepAsync("second", null, _ => { calls.Add("second"); return Task.CompletedTask; });
            return AgentResult.Done("both");
        }, name: "worker")));
        var queue = await TaskQueue.OpenAsync(store);
        var id = await queue.SubmitAsync("x");
        _ = queue.ProcessAsync(Create());
        await began.Task;

        // The process is gone here: what it has committed is all that is left.
        killed = false;
        var after = await TaskQueue.OpenAsync(store);
        await after.ProcessAsync(Create());

        Assert.Equal("both", after.Status(id)!.Output);
        Assert.Equal(["first", "second"], calls);
    }

    [Fact]
    public async Task Process_AgentThatCannotBegin_NamesNoRunAndCanBeDoneLater()
    {
        var store = new MemoryCheckpointStore();
        using var agent = new Sync(_ => AgentResult.Done("done"));
        var router = new TaskRouter(new AgentRegistry().Add(agent));
        var queue = await TaskQueue.OpenAsync(store);
        var id = await queue.SubmitAsync("x");
        agent.Shutdown();

        await queue.ProcessAsync(router);
        var failed = queue.Status(id)!;
        agent.Initialize();
        await queue.RequeueAsync(id);
        await queue.ProcessAsync(router);

        Assert.Equal((QueuedTaskStatus.Failed, null, null), (failed.Status, failed.RunId, failed.Agent));
        Assert.Contains("Stopped", failed.Reason, StringComparison.Ordinal);
        Assert.Equal("done", (await new RunHistory(store).ReadAsync(queue.Status(id)!.RunId!)).Result!.Output);
    }

    [Fact]
    public async Task Process_AgentThatCannotBeInitialised_NamesItsRun()
    {
        var store = new MemoryCheckpointStore();
        using var agent = new Sync(_ => AgentResult.Done("done")) { Initializing = () => throw new IOException("no disk") };
        var queue = await TaskQueue.OpenAsync(store);
        var id = await queue.SubmitAsync("x");

        await queue.ProcessAsync(new TaskRouter(new AgentRegistry().Add(agent)));

        Assert.Equal("no disk", (await new RunHistory(store).ReadAsync(queue.Status(id)!.RunId!)).Result!.Error!.Message);
    }

    [Fact]
    public async Task Requeue_AfterADecision_GoesOnWithItsRun()
    {
        var store = new MemoryCheckpointStore();
        var queue = await TaskQueue.OpenAsync(store);
        var id = await queue.SubmitAsync("x");
        var router = new TaskRouter(new AgentRegistry().Add(new AgentCore.Teams.PersonAgent("ann")));

        await queue.ProcessAsync(router);
        var waits = queue.Status(id)!;
        var step = (await new RunHistory(store).ReadAsync(waits.RunId!)).Pending[0].Step;
        await new RunHistory(store).DecideAsync(waits.RunId!, step, new Decision(Verdict.Answer, "ann") { Result = JsonSerializer.SerializeToElement("yes") });
        await queue.RequeueAsync(id);
        await queue.ProcessAsync(router);

        Assert.Equal(QueuedTaskStatus.NeedsDecision, waits.Status);
        Assert.Equal((QueuedTaskStatus.Done, "yes"), (queue.Status(id)!.Status, queue.Status(id)!.Output));
        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.RequeueAsync(id));
    }

    [Fact]
    public async Task Requeue_TaskThatWasLeftBehind_GoesOnWithItsRun()
    {
        var deaf = new Deaf();
        var queue = await TaskQueue.OpenAsync(new MemoryCheckpointStore(), new TaskQueueOptions { Time = _time, TaskTimeout = TimeSpan.FromMinutes(1) });
        var id = await queue.SubmitAsync("x");

        var work = queue.ProcessAsync(deaf.Router());
        await deaf.Began.Task;
        await EndAsync(work);
        var left = queue.Status(id)!;
        await queue.RequeueAsync(id);
        work = queue.ProcessAsync(deaf.Router());
        deaf.End.SetResult();
        await work;

        Assert.Equal(QueuedTaskStatus.Limited, left.Status);
        Assert.Equal(left.RunId, queue.Status(id)!.RunId);
        Assert.Equal((QueuedTaskStatus.Done, "sent 1"), (queue.Status(id)!.Status, queue.Status(id)!.Output));
    }

    [Fact]
    public async Task Requeue_WhatWasLeftBehindStillGoesOn_WaitsForItWithinItsTime()
    {
        var deaf = new Deaf();
        var queue = await TaskQueue.OpenAsync(new MemoryCheckpointStore(), new TaskQueueOptions { Time = _time, TaskTimeout = TimeSpan.FromMinutes(1) });
        var id = await queue.SubmitAsync("x");

        var work = queue.ProcessAsync(deaf.Router());
        await deaf.Began.Task;
        await EndAsync(work);
        await queue.RequeueAsync(id);
        await EndAsync(queue.ProcessAsync(deaf.Router()));

        Assert.Equal((QueuedTaskStatus.Limited, 1), (queue.Status(id)!.Status, deaf.Sent));
        deaf.End.SetResult();
    }

    [Fact]
    public async Task Open_StoppedWhileATaskIgnoredItsToken_GoesOnWithItsRun()
    {
        var store = new MemoryCheckpointStore();
        var deaf = new Deaf();
        var queue = await TaskQueue.OpenAsync(store, new TaskQueueOptions { Time = _time });
        var id = await queue.SubmitAsync("x");
        using var stop = new CancellationTokenSource();

        var work = queue.ProcessAsync(deaf.Router(), cancellationToken: stop.Token);
        await deaf.Began.Task;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EndAsync(work));

        // The process is gone here, and with it what it left behind.
        deaf.Hears = true;
        var after = await TaskQueue.OpenAsync(store);
        var kept = after.Status(id)!;
        await after.ProcessAsync(deaf.Router());

        Assert.Equal(QueuedTaskStatus.Waiting, kept.Status);
        Assert.Equal((QueuedTaskStatus.Done, "sent 1", kept.RunId), (after.Status(id)!.Status, after.Status(id)!.Output, after.Status(id)!.RunId));
        deaf.End.SetResult();
    }

    [Fact]
    public async Task Open_KilledBeforeTheRunBegan_BeginsIt()
    {
        var store = new MemoryCheckpointStore();
        var kept = new QueuedTask("1", "x", DateTimeOffset.UtcNow) { Status = QueuedTaskStatus.Running, Agent = "a", RunId = "20300101-000000000-aaaaaaaaaa" };
        await store.CommitAsync(new StoreBatch().Put("tasks", "1", JsonSerializer.SerializeToUtf8Bytes(kept, AgentJson.Options)));

        var queue = await TaskQueue.OpenAsync(store);
        await queue.ProcessAsync(Router());

        Assert.Equal((QueuedTaskStatus.Done, kept.RunId), (queue.Status("1")!.Status, queue.Status("1")!.RunId));
        Assert.Equal(["x"], _done);
    }

    [Fact]
    public async Task Open_TaskThatWaitsWithoutTheRunThatItBegan_FindsIt()
    {
        var store = new MemoryCheckpointStore();
        var deaf = new Deaf { Hears = true };
        var run = await deaf.Agent.ExecuteAsync("x", new RunOptions { Store = store, Labels = new Dictionary<string, string> { ["task"] = "1" } });
        await store.CommitAsync(new StoreBatch().Put("tasks", "1", JsonSerializer.SerializeToUtf8Bytes(new QueuedTask("1", "x", DateTimeOffset.UtcNow) { Agent = "deaf" }, AgentJson.Options)));

        var queue = await TaskQueue.OpenAsync(store);
        await queue.ProcessAsync(deaf.Router());

        Assert.Equal((run.RunId, "sent 1"), (queue.Status("1")!.RunId, queue.Status("1")!.Output));
    }

    /// <summary>Lets time pass until work ends.</summary>
    private async Task EndAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            await Task.Yield();
        }

        await work;
    }

    /// <summary>Sends something, and then waits without looking at its token.</summary>
    private sealed class Deaf
    {
        private int _sent;

        public Deaf() => Agent = new Async(
            async c =>
            {
                var sent = await c.StepAsync("send", null, _ => Task.FromResult(Interlocked.Increment(ref _sent)));
                Began.TrySetResult();
                if (!Hears)
                    await End.Task;
                return AgentResult.Done($"sent {sent}");
            },
            new AgentOptions { MaxConcurrentRuns = 0 },
            "deaf");

        public BaseAgent Agent { get; }

        public bool Hears { get; set; }

        public int Sent => _sent;

        public TaskCompletionSource Began { get; } = new();

        public TaskCompletionSource End { get; } = new();

        public TaskRouter Router() => new(new AgentRegistry().Add(Agent));
    }

    [Fact]
    public async Task Process_StoreFails_EndsWithItsError()
    {
        var store = new Failing();
        var queue = await TaskQueue.OpenAsync(store);
        await queue.SubmitAsync("x");
        await queue.SubmitAsync("y");
        store.Fails = true;

        await Assert.ThrowsAsync<StoreException>(() => queue.ProcessAsync(Router(), workers: 2));

        Assert.All(queue.List(), t => Assert.Equal(QueuedTaskStatus.Waiting, t.Status));
    }

    private sealed class Failing : ICheckpointStore
    {
        private readonly MemoryCheckpointStore _inner = new();

        public bool Fails { get; set; }

        public string Kind => "failing";

        public ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default) =>
            Fails ? ValueTask.FromException(new StoreException("The disk is gone.")) : _inner.CommitAsync(batch, cancellationToken);

        public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string log, long from = 0, CancellationToken cancellationToken = default) => _inner.ReadAsync(log, from, cancellationToken);

        public ValueTask<StoredDocument?> GetAsync(string collection, string key, CancellationToken cancellationToken = default) => _inner.GetAsync(collection, key, cancellationToken);

        public IAsyncEnumerable<StoredDocument> ListAsync(string collection, bool descending = false, string prefix = "", CancellationToken cancellationToken = default) => _inner.ListAsync(collection, descending, prefix, cancellationToken);

        public ValueTask<string> PutBlobAsync(string log, ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => _inner.PutBlobAsync(log, data, cancellationToken);

        public ValueTask<ReadOnlyMemory<byte>> GetBlobAsync(string log, string reference, CancellationToken cancellationToken = default) => _inner.GetBlobAsync(log, reference, cancellationToken);

        public ValueTask DisposeAsync() => _inner.DisposeAsync();
    }
}
