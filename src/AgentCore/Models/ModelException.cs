namespace AgentCore.Models;

/// <summary>A model's server, or the way to it, failed: it refused the request, could not be reached, or its answer broke off
/// or made no sense. The message names the endpoint, the status and what to do, and never a key.</summary>
public sealed class ModelException : AgentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, where, and what to do; no secrets.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public ModelException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>The HTTP status; null where no answer came, or where one that began well broke later.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The server's own code for the error, such as <c>context_length_exceeded</c>; null where it gave none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>How long the server asks to wait before the next try; null where it didn't say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed later: a rate limit, an overloaded or unreachable server, a cut connection.</summary>
    public bool IsTransient { get; init; }
}
