namespace AgentCore;

/// <summary>Where an agent is in its life.</summary>
public enum AgentState
{
    /// <summary>Made, not initialised. The first run initialises it.</summary>
    Created,

    /// <summary>Initialised; it can run.</summary>
    Ready,

    /// <summary>At least one run is going on.</summary>
    Busy,

    /// <summary>The last initialisation failed, or the last run of an agent that runs one at a time. The next run recovers it
    /// by initialising it again.</summary>
    Error,

    /// <summary>Shut down. It can be initialised again, unless it was disposed.</summary>
    Stopped,
}
