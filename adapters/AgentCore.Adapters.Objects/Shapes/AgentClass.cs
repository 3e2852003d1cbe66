namespace AgentCore.Adapters.Objects;

/// <summary>How much it takes to wrap a class.</summary>
public enum AgentClass
{
    /// <summary>By convention: a standard verb and one data argument.</summary>
    A,

    /// <summary>By heuristic: a domain verb, no argument, a changed argument, a protected template method.</summary>
    B,

    /// <summary>By a binding: several data arguments, a runtime context, a callback or reply channel.</summary>
    C,

    /// <summary>Ticks, hosted services and actors: a lifecycle and nothing to ask.</summary>
    D,

    /// <summary>Nothing to execute: data, a factory, a definition in a class.</summary>
    E,
}
