namespace AgentCore.Adapters.Processes;

/// <summary>What a process may use before it is ended.</summary>
public sealed record ProcessLimits
{
    private readonly TimeSpan _startTimeout = TimeSpan.FromSeconds(30);
    private readonly TimeSpan _taskTimeout = TimeSpan.FromMinutes(10);
    private readonly TimeSpan _healthTimeout = TimeSpan.FromSeconds(5);
    private readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(5);
    private readonly long _maxOutputBytes = 10 * 1024 * 1024;
    private readonly int _maxLastLines = 20;
    private readonly int _maxRestarts = 5;
    private readonly TimeSpan _restartDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest from its start to its greeting; 30 seconds by default.</summary>
    public TimeSpan StartTimeout
    {
        get => _startTimeout;
        init => _startTimeout = Positive(nameof(StartTimeout), value);
    }

    /// <summary>The longest that one task may take; 10 minutes by default.</summary>
    public TimeSpan TaskTimeout
    {
        get => _taskTimeout;
        init => _taskTimeout = Positive(nameof(TaskTimeout), value);
    }

    /// <summary>The longest that its answer to a health check may take; 5 seconds by default.</summary>
    public TimeSpan HealthTimeout
    {
        get => _healthTimeout;
        init => _healthTimeout = Positive(nameof(HealthTimeout), value);
    }

    /// <summary>How long it may be idle before its health is checked ahead of the next task; one minute by default.</summary>
    public TimeSpan HealthAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest that it may take to end when it is asked to, before it is killed; 5 seconds by default.</summary>
    public TimeSpan StopTimeout
    {
        get => _stopTimeout;
        init => _stopTimeout = Positive(nameof(StopTimeout), value);
    }

    /// <summary>How many bytes it may write to standard output in one task, noise included: 1 KiB or more, 10 MiB by
    /// default.</summary>
    public long MaxOutputBytes
    {
        get => _maxOutputBytes;
        init => _maxOutputBytes = value is >= 1024 and <= int.MaxValue
            ? value
            : throw new ArgumentException($"ProcessLimits.MaxOutputBytes is {value}; choose 1,024 to {int.MaxValue}.");
    }

    /// <summary>How many of the last lines of standard error are kept for error messages: 0 to 1,000, 20 by default.</summary>
    public int MaxLastLines
    {
        get => _maxLastLines;
        init => _maxLastLines = value is >= 0 and <= 1000
            ? value
            : throw new ArgumentException($"ProcessLimits.MaxLastLines is {value}; choose 0 to 1,000.");
    }

    /// <summary>How often in a row it may fail (a start, a crash, a timeout) before it isn't started again: 0 to 1,000, 5 by
    /// default. A task that is done, or a shutdown, sets the count back.</summary>
    public int MaxRestarts
    {
        get => _maxRestarts;
        init => _maxRestarts = value is >= 0 and <= 1000
            ? value
            : throw new ArgumentException($"ProcessLimits.MaxRestarts is {value}; choose 0 to 1,000.");
    }

    /// <summary>The wait before the first restart, doubled with each further one up to <see cref="MaxRestartDelay"/>; half a
    /// second by default.</summary>
    public TimeSpan RestartDelay
    {
        get => _restartDelay;
        init => _restartDelay = value >= TimeSpan.Zero
            ? value
            : throw new ArgumentException($"ProcessLimits.RestartDelay is {value}; choose zero or more.");
    }

    /// <summary>The longest wait before a restart; 30 seconds by default.</summary>
    public TimeSpan MaxRestartDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before a restart.</summary>
    internal TimeSpan DelayAfter(int failures)
    {
        var doubled = RestartDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 30));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, MaxRestartDelay.TotalMilliseconds));
    }

    private static TimeSpan Positive(string name, TimeSpan value) => value > TimeSpan.Zero && value <= TimeSpan.FromDays(20)
        ? value
        : throw new ArgumentException($"ProcessLimits.{name} is {value}; choose a positive time of at most 20 days.");
}
