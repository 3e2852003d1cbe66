using Microsoft.Extensions.AI;

namespace AgentCore;

/// <summary>What the code inside a step is told.</summary>
/// <param name="IdempotencyKey">The same for every attempt at this step of this run, after a crash too: hand it to services
/// that take such a key, and a repeated attempt has no second effect.</param>
/// <param name="CancellationToken">Cancelled when the run is, or when the step's time is up.</param>
public sealed record StepContext(string IdempotencyKey, CancellationToken CancellationToken)
{
    /// <summary>Whether the step was begun before, in this process or in one that ended.</summary>
    public bool Repeated { get; init; }

    private static readonly object Slot = typeof(StepContext);

    /// <summary>The step within which a tool is called; null where no run journals it.</summary>
    /// <param name="arguments">The arguments that the tool's function received.</param>
    public static StepContext? From(AIFunctionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Context?.TryGetValue(Slot, out var value) == true ? value as StepContext : null;
    }

    internal void AttachTo(AIFunctionArguments arguments) =>
        (arguments.Context ??= new Dictionary<object, object?>())[Slot] = this;
}
