using System.Collections.Concurrent;
using System.Text.Json;
using AgentCore.Checkpoints;
using AgentCore.Runs;

namespace AgentCore.Tasks;

/// <summary>Tasks that wait for agents: the urgent first, but none for ever. With a store it survives a restart: what waited
/// waits again, and work that was broken off goes on with its run.</summary>
public sealed class TaskQueue
{
    private const string Collection = "tasks";
    private const string Label = "task";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, QueuedTask> _tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _leftBehind = new(StringComparer.Ordinal);
    private readonly Queue<string> _over = new();
    private readonly WaitingLine _line;
    private readonly TaskQueueOptions _options;
    private readonly ICheckpointStore? _store;
    private int _remembered;
    private TaskCompletionSource? _changed;

    /// <summary>Creates a queue that is kept in memory alone; <see cref="OpenAsync"/> gives one that a store keeps.</summary>
    /// <param name="options">How it works; null for the defaults.</param>
    public TaskQueue(TaskQueueOptions? options = null) : this(null, options)
    {
    }

    private TaskQueue(ICheckpointStore? store, TaskQueueOptions? options)
    {
        _store = store;
        _options = options ?? new TaskQueueOptions();
        _line = new WaitingLine(_options.Ageing);
    }

    /// <summary>How many tasks wait or are worked on.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _tasks.Count - _remembered;
        }
    }

    /// <summary>Opens the queue that a store keeps, with the tasks that are in it.</summary>
    /// <param name="store">The store; the queue doesn't dispose it. Runs are kept in it too.</param>
    /// <param name="options">How it works; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TaskQueue> OpenAsync(ICheckpointStore store, TaskQueueOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var queue = new TaskQueue(store, options);
        var left = new List<QueuedTask>();
        await foreach (var document in store.ListAsync(Collection, cancellationToken: cancellationToken).ConfigureAwait(false))
            left.Add(JsonSerializer.Deserialize<QueuedTask>(document.Value.Span, AgentJson.Options) ?? throw new StoreException($"Task {document.Key} is empty."));

        // Earlier versions kept a task's run only when it had ended.
        var begun = left.Where(t => t is { Agent: not null, RunId: null } and not { Status: QueuedTaskStatus.Done }).Select(t => t.Id).ToHashSet(StringComparer.Ordinal);
        var runs = begun.Count == 0 ? [] : await RunsOfAsync(store, begun, cancellationToken).ConfigureAwait(false);
        foreach (var task in left.OrderBy(t => t.Submitted))
        {
            queue.Put(task with
            {
                Status = task.Status == QueuedTaskStatus.Running ? QueuedTaskStatus.Waiting : task.Status,
                RunId = task.RunId ?? runs.GetValueOrDefault(task.Id),
            });
        }

        return queue;
    }

    /// <summary>Submits a task.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Gives up; the task may have been kept.</param>
    /// <returns>Its id. With a store it is on disk when this returns.</returns>
    public async Task<string> SubmitAsync(AgentTask task, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        var queued = new QueuedTask(Guid.CreateVersion7().ToString("n"), task, _options.Time.GetUtcNow());
        await KeepAsync(queued, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        lock (_lock)
            Put(queued);
        return queued.Id;
    }

    /// <summary>How a task stands.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The task, or null where there is none, or none any more.</returns>
    public QueuedTask? Status(string id)
    {
        lock (_lock)
            return _tasks.GetValueOrDefault(id);
    }

    /// <summary>The tasks, oldest first.</summary>
    public IReadOnlyList<QueuedTask> List()
    {
        lock (_lock)
            return [.. _tasks.Values.OrderBy(t => t.Submitted).ThenBy(t => t.Id, StringComparer.Ordinal)];
    }

    /// <summary>Cancels a task: one that waits is not begun, one that runs is stopped.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether there was something to cancel.</returns>
    public async Task<bool> CancelAsync(string id, CancellationToken cancellationToken = default)
    {
        QueuedTask? cancelled = null;
        CancellationTokenSource? run;
        List<string> forgotten = [];
        lock (_lock)
        {
            if (!_tasks.TryGetValue(id, out var task) || (task.IsOver && task.Status != QueuedTaskStatus.NeedsDecision))
                return false;
            if (!_running.TryGetValue(id, out run))
                forgotten = Put(cancelled = task with { Status = QueuedTaskStatus.Cancelled, Ended = _options.Time.GetUtcNow(), Reason = "It was cancelled." });
        }

        if (run is not null)
            await run.CancelAsync().ConfigureAwait(false);
        else
            await KeepAsync(cancelled!, durable: true, forgotten, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Lets a task that is over wait again: after a decision, or a raised limit, it goes on with its run. Where an agent
    /// didn't end when it was cancelled, and is still in that run, it is waited for first.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is no such task, or it waits, runs or is done.</exception>
    public async Task RequeueAsync(string id, CancellationToken cancellationToken = default)
    {
        QueuedTask task;
        lock (_lock)
        {
            if (!_tasks.TryGetValue(id, out task!) || !task.IsOver || task.Status == QueuedTaskStatus.Done)
                throw new InvalidOperationException($"Task {id} can't be queued again: it is {(task is null ? "not in the queue" : task.Status)}. Only tasks that failed, were stopped or cancelled can.");
            task = task with { Status = QueuedTaskStatus.Waiting, Ended = null, Reason = null };
        }

        await KeepAsync(task, durable: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        lock (_lock)
            Put(task);
    }

    /// <summary>Works on the tasks.</summary>
    /// <param name="router">Finds the agent for each task.</param>
    /// <param name="workers">How many tasks run at once: 1 or more.</param>
    /// <param name="untilEmpty">Whether to end when no task waits or runs; else it waits for more until it is cancelled.</param>
    /// <param name="cancellationToken">Ends it: tasks that run are broken off, and wait again.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="StoreException">The store failed; tasks that were begun are ended first.</exception>
    public async Task ProcessAsync(TaskRouter router, int workers = 1, bool untilEmpty = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var all = new Task[workers];
        for (var i = 0; i < workers; i++)
            all[i] = Task.Run(() => WorkAsync(router, untilEmpty, stop), CancellationToken.None);
        await Task.WhenAll(all).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task WorkAsync(TaskRouter router, bool untilEmpty, CancellationTokenSource stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                Task? changed = null;
                QueuedTask? task;
                lock (_lock)
                {
                    task = Take();
                    if (task is null && untilEmpty && _running.Count == 0)
                        return;
                    if (task is null)
                        changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                }

                if (task is null)
                    await changed!.WaitAsync(stop.Token).ConfigureAwait(false);
                else
                    await DoAsync(task, router, stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to end.
        }
        catch
        {
            // The store failed: no worker can go on.
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private QueuedTask? Take()
    {
        while (_line.TryTake(out var id))
        {
            if (!_tasks.TryGetValue(id!, out var task) || task.Status != QueuedTaskStatus.Waiting)
                continue;
            _running.Add(task.Id, new CancellationTokenSource());
            return _tasks[task.Id] = task with { Status = QueuedTaskStatus.Running, Started = _options.Time.GetUtcNow() };
        }

        return null;
    }

    private async Task DoAsync(QueuedTask task, TaskRouter router, CancellationToken stop)
    {
        CancellationTokenSource own;
        lock (_lock)
            own = _running[task.Id];
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(own.Token, stop);
        QueuedTask? ended = null;
        List<string> forgotten;
        try
        {
            var (begun, result) = await RunAsync(task, router, linked.Token).ConfigureAwait(false);

            // Broken off because the queue ends, not because somebody cancelled the task: it waits again.
            ended = result.Status == RunStatus.Cancelled && stop.IsCancellationRequested && !own.IsCancellationRequested
                ? begun with { Status = QueuedTaskStatus.Waiting, RunId = result.RunId ?? begun.RunId }
                : After(begun, result);
        }
        finally
        {
            lock (_lock)
            {
                _running.Remove(task.Id);
                forgotten = Put(ended ?? task with { Status = QueuedTaskStatus.Waiting });
            }
        }

        await KeepAsync(ended, durable: false, forgotten, CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask<(QueuedTask Begun, AgentResult Result)> RunAsync(QueuedTask task, TaskRouter router, CancellationToken cancellationToken)
    {
        BaseAgent agent;
        try
        {
            agent = task.RunId is null ? router.AgentFor(task.Task) : router.AgentOf(task.Agent!);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return (task, AgentResult.Failed(AgentError.From(e)));
        }

        // The run is kept with the task before it begins: whatever becomes of it, the task goes on with it.
        var isNew = task.RunId is null;
        task = task with { Agent = agent.Metadata.Name, RunId = task.RunId ?? (_store is null ? null : RunId.New(_options.Time.GetUtcNow())) };
        await KeepAsync(task, durable: false, cancellationToken: CancellationToken.None).ConfigureAwait(false);
        Task<AgentResult>? run = null;
        var result = await TaskCall.RunAsync(
            token => run = RunAsync(task, agent, isNew, token), _options.TaskTimeout, "TaskQueueOptions.TaskTimeout", _options.Time, cancellationToken).ConfigureAwait(false);
        if (run is { IsCompleted: false })
            LeaveBehind(task.Id, run);
        else if (_store is not null && result.RunId is null && await _store.GetAsync(RunLog.Collection, task.RunId!, CancellationToken.None).ConfigureAwait(false) is null)
            task = task with { Agent = null, RunId = null }; // The agent could not begin.
        return (task, result);
    }

    private async Task<AgentResult> RunAsync(QueuedTask task, BaseAgent agent, bool isNew, CancellationToken cancellationToken)
    {
        if (_store is null)
            return await agent.ExecuteAsync(task.Task, cancellationToken).ConfigureAwait(false);

        // What was left behind may still be in the run: two at once would break it.
        if (_leftBehind.TryGetValue(task.Id, out var before))
            await Task.WhenAny(before).WaitAsync(cancellationToken).ConfigureAwait(false);
        var options = new RunOptions { Store = _store, NewRunId = task.RunId, Labels = new Dictionary<string, string> { [Label] = task.Id } };
        return isNew || await _store.GetAsync(RunLog.Collection, task.RunId!, cancellationToken).ConfigureAwait(false) is null
            ? await agent.ExecuteAsync(task.Task, options, cancellationToken).ConfigureAwait(false)
            : await agent.ResumeAsync(task.RunId!, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Remembers work that didn't end when it was cancelled, for as long as it goes on.</summary>
    private void LeaveBehind(string task, Task work)
    {
        _leftBehind[task] = work;
        _ = work.ContinueWith(w => _leftBehind.TryRemove(new(task, w)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private QueuedTask After(QueuedTask task, AgentResult result) => task with
    {
        Status = result.Status switch
        {
            RunStatus.Done => QueuedTaskStatus.Done,
            RunStatus.Limited => QueuedTaskStatus.Limited,
            RunStatus.NeedsDecision => QueuedTaskStatus.NeedsDecision,
            RunStatus.Cancelled => QueuedTaskStatus.Cancelled,
            _ => QueuedTaskStatus.Failed,
        },
        RunId = result.RunId ?? task.RunId,
        Ended = _options.Time.GetUtcNow(),
        Output = result.Output,
        Reason = result.IsDone ? null : result.Describe(),
    };

    /// <summary>Takes a task as it is now, lets it wait where it does, and forgets the oldest that are over. The lock is held,
    /// or nobody else has the queue yet.</summary>
    /// <returns>The tasks that were forgotten.</returns>
    private List<string> Put(QueuedTask task)
    {
        var wasRemembered = _tasks.TryGetValue(task.Id, out var before) && IsRemembered(before);
        _tasks[task.Id] = task;
        _remembered += (IsRemembered(task) ? 1 : 0) - (wasRemembered ? 1 : 0);
        if (task.Status == QueuedTaskStatus.Waiting)
            _line.Add(task);
        else if (IsRemembered(task))
            _over.Enqueue(task.Id);
        _changed?.TrySetResult();
        _changed = null;
        return _remembered > _options.KeepFinished ? Forget() : [];
    }

    private List<string> Forget()
    {
        var forgotten = new List<string>();
        while (_remembered > _options.KeepFinished && _over.TryDequeue(out var oldest))
        {
            // It may have been queued again since.
            if (!_tasks.TryGetValue(oldest, out var task) || !IsRemembered(task))
                continue;
            _tasks.Remove(oldest);
            _remembered--;
            forgotten.Add(oldest);
        }

        return forgotten;
    }

    /// <summary>Whether it is kept for its outcome alone; what a person must decide on is not.</summary>
    private static bool IsRemembered(QueuedTask task) => task.IsOver && task.Status != QueuedTaskStatus.NeedsDecision;

    private ValueTask KeepAsync(QueuedTask task, bool durable, List<string>? forgotten = null, CancellationToken cancellationToken = default)
    {
        if (_store is null)
            return default;

        var batch = new StoreBatch { Durable = durable }.Put(Collection, task.Id, JsonSerializer.SerializeToUtf8Bytes(task, AgentJson.Options));
        foreach (var id in forgotten ?? [])
            batch.Delete(Collection, id);
        return _store.CommitAsync(batch, cancellationToken);
    }

    /// <summary>The runs in which tasks were done, newest first, found by their label.</summary>
    private static async Task<Dictionary<string, string>> RunsOfAsync(ICheckpointStore store, HashSet<string> tasks, CancellationToken cancellationToken)
    {
        var runs = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var run in new RunHistory(store).ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            if (run.ForkedFrom is null && run.Labels.TryGetValue(Label, out var task) && tasks.Contains(task))
                runs.TryAdd(task, run.Id);
            if (runs.Count == tasks.Count)
                break;
        }

        return runs;
    }
}
