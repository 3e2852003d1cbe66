using System.Diagnostics;
using AgentCore.Runs;

namespace AgentCore.Tasks;

/// <summary>Runs batches of tasks over agents, several at once. A batch always gives a result for each task, in the order of
/// the tasks, whatever failed, ran out of time or was cancelled.</summary>
/// <param name="options">How; null for the defaults.</param>
public sealed class ParallelExecutor(ExecutorOptions? options = null)
{
    private readonly ExecutorOptions _options = options ?? new ExecutorOptions();

    /// <summary>Runs tasks with one agent. Where it takes one run at a time, so does the batch.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="cancellationToken">Cancels the batch: what is done keeps its result.</param>
    public Task<BatchResult> RunAsync(IReadOnlyList<AgentTask> tasks, BaseAgent agent, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return AllAsync(tasks, (task, token) => OneAsync(task, _ => agent, token), cancellationToken);
    }

    /// <summary>Runs tasks, each with the agent that a router finds for it.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="router">The router.</param>
    /// <param name="cancellationToken">Cancels the batch: what is done keeps its result.</param>
    public Task<BatchResult> RunAsync(IReadOnlyList<AgentTask> tasks, TaskRouter router, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(router);
        return AllAsync(tasks, (task, token) => OneAsync(task, router.AgentFor, token), cancellationToken);
    }

    /// <summary>Runs tasks by a function.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="work">Does one task; what it throws is that task's failure.</param>
    /// <param name="cancellationToken">Cancels the batch: what is done keeps its result.</param>
    public Task<BatchResult> RunAsync(
        IReadOnlyList<AgentTask> tasks, Func<AgentTask, CancellationToken, Task<AgentResult>> work, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return AllAsync(tasks, (task, token) => BoundedAsync(t => work(task, t), token), cancellationToken);
    }

    private async Task<BatchResult> AllAsync(IReadOnlyList<AgentTask> tasks, Func<AgentTask, CancellationToken, Task<AgentResult>> one, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var results = new AgentResult?[tasks.Count];
        var start = Stopwatch.GetTimestamp();
        var workers = new Task<TimeSpan>[Math.Min(_options.MaxParallel, tasks.Count)];
        var next = -1;
        for (var i = 0; i < workers.Length; i++)
            workers[i] = Task.Run(WorkAsync, CancellationToken.None);
        var busy = TimeSpan.Zero;
        foreach (var worker in workers)
            busy += await worker.ConfigureAwait(false);

        var elapsed = Stopwatch.GetElapsedTime(start);
        return new BatchResult([.. results.Select(r => r ?? AgentResult.Cancelled())], new BatchStatistics(tasks.Count, workers.Length, elapsed, busy));

        // Takes tasks one after the other until there are no more; how long it was at work.
        async Task<TimeSpan> WorkAsync()
        {
            var worked = TimeSpan.Zero;
            while (!cancellationToken.IsCancellationRequested && Interlocked.Increment(ref next) is var index && index < tasks.Count)
            {
                var began = Stopwatch.GetTimestamp();
                var result = await one(tasks[index], cancellationToken).ConfigureAwait(false);
                worked += Stopwatch.GetElapsedTime(began);
                results[index] = Told(index, result);
            }

            return worked;
        }
    }

    private async Task<AgentResult> OneAsync(AgentTask task, Func<AgentTask, BaseAgent> agentFor, CancellationToken cancellationToken)
    {
        Task<AgentResult>? run = null;
        string? id = null;
        var result = await BoundedAsync(
            token =>
            {
                var agent = agentFor(task);
                id = (_options.Run.Store ?? agent.Options.Store) is null ? null : RunId.New(agent.Options.Time.GetUtcNow());
                return run = agent.ExecuteAsync(task, _options.Run with { NewRunId = id }, token);
            },
            cancellationToken).ConfigureAwait(false);

        // A run that was left behind has told of nothing, but is in the store.
        if (run is { IsCompleted: false })
            result.RunId ??= id;
        return result;
    }

    private Task<AgentResult> BoundedAsync(Func<CancellationToken, Task<AgentResult>> work, CancellationToken cancellationToken) =>
        TaskCall.RunAsync(work, _options.TaskTimeout, "ExecutorOptions.TaskTimeout", _options.Time, cancellationToken);

    private AgentResult Told(int index, AgentResult result)
    {
        try
        {
            _options.OnResult?.Invoke(index, result);
            return result;
        }
        catch (Exception e)
        {
            return AgentResult.Failed(AgentError.From(e), result.Output, data: result.Data).Keep(result);
        }
    }
}

/// <summary>How a <see cref="ParallelExecutor"/> runs batches.</summary>
public sealed record ExecutorOptions
{
    private readonly int _maxParallel = Environment.ProcessorCount;
    private readonly TimeSpan? _taskTimeout;

    /// <summary>How many tasks run at once: 1 or more; as many as there are processors by default. Agents that wait for
    /// models bear far more.</summary>
    public int MaxParallel
    {
        get => _maxParallel;
        init => _maxParallel = value >= 1
            ? value
            : throw new ArgumentException($"ExecutorOptions.MaxParallel is {value}; choose 1 or more.");
    }

    /// <summary>The longest that one task may take; null, the default, for no limit. A task over it ends as
    /// <see cref="RunStatus.Limited"/>, and the batch goes on.</summary>
    public TimeSpan? TaskTimeout
    {
        get => _taskTimeout;
        init => _taskTimeout = TimeOption.Check(value, "ExecutorOptions.TaskTimeout");
    }

    /// <summary>How each task's run is done: its store, events, token limit. A session can't be shared by tasks at once.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>Called with each task's place in the batch and its result as soon as it has one, from many threads. What it
    /// throws fails the task, whose output is kept.</summary>
    public Action<int, AgentResult>? OnResult { get; init; }

    /// <summary>The clock of the time limit; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What a batch came to.</summary>
/// <param name="Results">A result for each task, in their order; tasks that were not begun are cancelled.</param>
/// <param name="Statistics">How it went.</param>
public sealed record BatchResult(IReadOnlyList<AgentResult> Results, BatchStatistics Statistics)
{
    /// <summary>How many ended in a way.</summary>
    /// <param name="status">The way.</param>
    public int Count(RunStatus status) => Results.Count(r => r.Status == status);
}

/// <summary>How a batch went.</summary>
/// <param name="Tasks">How many tasks it had.</param>
/// <param name="Workers">How many were run at once at most.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Busy">How long the tasks took together.</param>
public sealed record BatchStatistics(int Tasks, int Workers, TimeSpan Elapsed, TimeSpan Busy)
{
    /// <summary>Tasks per second.</summary>
    public double Throughput => Elapsed > TimeSpan.Zero ? Tasks / Elapsed.TotalSeconds : 0;

    /// <summary>How many times faster it was than one task after the other.</summary>
    public double Speedup => Elapsed > TimeSpan.Zero ? Busy / Elapsed : 0;

    /// <summary>The share of the time for which the workers were busy, 0 to 1: the speedup over the number of workers.</summary>
    public double ParallelEfficiency => Workers > 0 ? Speedup / Workers : 0;
}
