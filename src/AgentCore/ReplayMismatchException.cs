namespace AgentCore;

/// <summary>A resumed run took another way than its journal: the agent's code or definition was changed, or does something
/// outside steps that isn't the same each time.</summary>
public sealed class ReplayMismatchException : AgentException
{
    internal ReplayMismatchException(string step, string expected, string found)
        : base($"Step {step} of the journal is {expected}, but the agent now asks for {found}. "
            + "If the agent's code was changed on purpose, guard the change with context.Version, or start the run anew; "
            + "if not, look for something random, timed or shared outside its steps.")
    {
        Step = step;
        Expected = expected;
        Found = found;
    }

    /// <summary>The step, such as <c>3.1</c>.</summary>
    public string Step { get; }

    /// <summary>What the journal has.</summary>
    public string Expected { get; }

    /// <summary>What the agent asked for.</summary>
    public string Found { get; }
}
