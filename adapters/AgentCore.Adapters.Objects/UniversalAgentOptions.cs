using AgentCore.Adapters.Objects.Migration;
using Microsoft.Extensions.AI;

namespace AgentCore.Adapters.Objects;

/// <summary>What a wrapped object may be given, and how it runs as an agent.</summary>
public sealed record UniversalAgentOptions
{
    /// <summary>Where constructor and method parameters that are no data come from; null for nowhere.</summary>
    public IServiceProvider? Services { get; init; }

    /// <summary>Makes the object, in place of its constructor.</summary>
    public Func<IServiceProvider?, object>? Factory { get; init; }

    /// <summary>The model for parameters of type <see cref="IChatClient"/>.</summary>
    public IChatClient? Client { get; init; }

    /// <summary>What the services are a part of, and what ends with the agent; null where the services are the caller's.</summary>
    internal Loading.ProgramScope? Scope { get; init; }

    /// <summary>Stands in for the binding's gaps while the agent is tried; null where nothing does.</summary>
    internal StandIns? StandIns { get; init; }

    /// <summary>How it runs; null for the defaults (one run at a time, as the object may keep state between calls).</summary>
    public AgentOptions? Agent { get; init; }

    /// <summary>What it may do, as for any agent; null for nothing.</summary>
    public AgentMetadata? Metadata { get; init; }
}
