namespace AgentCore.Adapters.Processes;

/// <summary>A child process failed: it could not be started, ended by itself, was over a limit, or reported an error. The
/// message names the program, the exit code or signal, and its last lines.</summary>
public sealed class ProcessException : AgentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failure">What failed.</param>
    /// <param name="message">What failed, where, and what to do; no secrets.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public ProcessException(ProcessFailure failure, string message, Exception? innerException = null) : base(message, innerException) =>
        Failure = failure;

    /// <summary>What failed.</summary>
    public ProcessFailure Failure { get; }

    /// <summary>The exit code, 128 and the signal's number where a signal ended it; null where it had not ended.</summary>
    public int? ExitCode { get; init; }
}

/// <summary>The ways in which a child process fails.</summary>
public enum ProcessFailure
{
    /// <summary>It was not found, could not be started, or did not greet in time.</summary>
    Start,

    /// <summary>It ended before it answered.</summary>
    Exit,

    /// <summary>It wrote more than it may.</summary>
    Output,

    /// <summary>It answered that it failed; it is still there.</summary>
    Reported,

    /// <summary>It failed too often in a row and isn't started again.</summary>
    Restarts,
}
