using AgentCore.Checkpoints;
using AgentCore.Learning;
using AgentCore.Runs;
using AgentCore.Tools;
using Microsoft.Extensions.Logging;

namespace AgentCore;

/// <summary>How an agent runs. The defaults: one run at a time, no retry, no time limit, no journal.</summary>
public sealed record AgentOptions
{
    private readonly int _maxConcurrentRuns = 1;
    private readonly TimeSpan? _timeout;

    /// <summary>How many runs may go on at once; 1, the default, makes others wait, first come first served. 0 for no limit:
    /// the agent keeps nothing between steps that two runs could both change.</summary>
    public int MaxConcurrentRuns
    {
        get => _maxConcurrentRuns;
        init => _maxConcurrentRuns = value >= 0
            ? value
            : throw new ArgumentException($"AgentOptions.MaxConcurrentRuns is {value}; choose 1 or more, or 0 for no limit.");
    }

    /// <summary>How failed runs are tried again; null, the default, for not at all.</summary>
    public RetryOptions? Retry { get; init; }

    /// <summary>Learns which remedies help against which errors, and applies them to retries; null, the default, for not at
    /// all.</summary>
    public ErrorLearner? Learner { get; init; }

    /// <summary>The longest that a run may take, retries included, 49 days at most; null for no limit. A run over it ends as
    /// <see cref="RunStatus.Limited"/>, also where asynchronous code of it doesn't end. As long at most does a run wait for a turn
    /// that code which was left behind keeps.</summary>
    public TimeSpan? Timeout
    {
        get => _timeout;
        init => _timeout = TimeOption.Check(value, "AgentOptions.Timeout");
    }

    /// <summary>The tools that its runs may call, as far as <see cref="AgentMetadata.Capabilities"/> allow; null for
    /// none.</summary>
    public ToolRegistry? Tools { get; init; }

    /// <summary>How kept values of the agent's own types are brought up to date; null where none was ever changed.</summary>
    public StateMigrations? Migrations { get; init; }

    /// <summary>Where runs are kept when their <see cref="RunOptions"/> name no store; null for nowhere (journal off).</summary>
    public ICheckpointStore? Store { get; init; }

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the agent logs; nowhere by default.</summary>
    public ILogger? Logger { get; init; }
}

/// <summary>How a failed run is tried again: the agent's code runs anew, finished steps return their kept results, and the
/// failed step is done again. Only repeatable steps are repeated.</summary>
public sealed record RetryOptions
{
    private readonly int _maxRetries = 3;
    private readonly TimeSpan _delay = TimeSpan.FromSeconds(1);
    private readonly TimeSpan _maxDelay = TimeSpan.FromSeconds(30);

    /// <summary>How often to try again after the first failure: 1 to 100, 3 by default.</summary>
    public int MaxRetries
    {
        get => _maxRetries;
        init => _maxRetries = value is >= 1 and <= 100
            ? value
            : throw new ArgumentException($"RetryOptions.MaxRetries is {value}; choose 1 to 100.");
    }

    /// <summary>The wait before the first retry, doubled with each further one and spread by jitter: zero to one day, one second
    /// by default.</summary>
    public TimeSpan Delay
    {
        get => _delay;
        init => _delay = Wait(value, "Delay");
    }

    /// <summary>The longest wait before one retry: zero to one day, 30 seconds by default. Where a model's server asks for a longer one, the run
    /// fails at once and says so, or goes on with what a learner knows against it.</summary>
    public TimeSpan MaxDelay
    {
        get => _maxDelay;
        init => _maxDelay = Wait(value, "MaxDelay");
    }

    /// <summary>Which errors are worth a retry; all by default.</summary>
    public Func<AgentError, bool> ShouldRetry { get; init; } = static _ => true;

    /// <summary>Whether a failed run may be tried again as it was.</summary>
    internal bool Allows(AgentError error)
    {
        try
        {
            return error.Retryable && !(error.RetryAfter > MaxDelay) && ShouldRetry(error);
        }
        catch (Exception e)
        {
            throw new AgentException($"RetryOptions.ShouldRetry threw an exception when it was asked about '{error}': {AgentError.From(e)}", e);
        }
    }

    // A day is the most that Polly takes.
    private static TimeSpan Wait(TimeSpan value, string option) => value >= TimeSpan.Zero && value <= TimeSpan.FromDays(1)
        ? value
        : throw new ArgumentException($"RetryOptions.{option} is {value}; choose zero to one day.");
}
