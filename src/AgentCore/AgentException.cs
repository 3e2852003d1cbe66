namespace AgentCore;

/// <summary>The base of what AgentCore throws by itself. Misuse by the caller is an <see cref="ArgumentException"/> or
/// <see cref="InvalidOperationException"/> instead; whatever happens inside a run becomes an <see cref="AgentResult"/>.</summary>
public class AgentException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, where, and what to do.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public AgentException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
