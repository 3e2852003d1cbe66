namespace AgentCore;

/// <summary>The run was stopped (a decision is needed, a limit was reached, the journal does not fit), so that no further step
/// may be done. Agents let it pass; catching it changes nothing, as the run's status wins over what the agent returns.</summary>
public sealed class RunStoppedException : OperationCanceledException
{
    internal RunStoppedException(string message) : base(message)
    {
    }
}
