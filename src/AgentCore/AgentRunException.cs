namespace AgentCore;

/// <summary>A run did not end well; thrown by <see cref="AgentResult.EnsureDone"/>.</summary>
public sealed class AgentRunException : AgentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="result">The run's result.</param>
    public AgentRunException(AgentResult result)
        : base($"The run {(result ?? throw new ArgumentNullException(nameof(result))).Describe()}") => Result = result;

    /// <summary>The run's result.</summary>
    public AgentResult Result { get; }
}
