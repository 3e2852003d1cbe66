namespace AgentCore;

/// <summary>A step of the run failed. It is the same exception when the step fails and when its failure is read back from the
/// journal, so the error's type is data: see <see cref="Error"/>.</summary>
public sealed class StepFailedException : AgentException
{
    internal StepFailedException(string name, AgentError error)
        : base($"Step {error.Step} '{name}' failed: {error.Message}")
    {
        Name = name;
        Error = error;
    }

    /// <summary>The step's name.</summary>
    public string Name { get; }

    /// <summary>What went wrong.</summary>
    public AgentError Error { get; }
}
