namespace AgentCore.Tasks;

/// <summary>How a <see cref="TaskQueue"/> works.</summary>
public sealed record TaskQueueOptions
{
    private readonly TimeSpan _ageing = TimeSpan.FromSeconds(10);
    private readonly int _keepFinished = 10_000;
    private readonly TimeSpan? _taskTimeout;

    /// <summary>What one step of priority is worth: so long a task waits to be put level with one that is a step more urgent
    /// and was just submitted. Ten seconds by default; shorter is fairer, longer stricter. Priorities beyond ±100 count as
    /// ±100, so that no task waits for ever.</summary>
    public TimeSpan Ageing
    {
        get => _ageing;
        init => _ageing = value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentException($"TaskQueueOptions.Ageing is {value}; choose a positive time of at most a day.");
    }

    /// <summary>How many finished tasks are remembered; the oldest beyond are forgotten. 10,000 by default, 0 for none.</summary>
    public int KeepFinished
    {
        get => _keepFinished;
        init => _keepFinished = value >= 0
            ? value
            : throw new ArgumentException($"TaskQueueOptions.KeepFinished is {value}; choose 0 or more.");
    }

    /// <summary>The longest that one task may take; null, the default, for no limit.</summary>
    public TimeSpan? TaskTimeout
    {
        get => _taskTimeout;
        init => _taskTimeout = TimeOption.Check(value, "TaskQueueOptions.TaskTimeout");
    }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
