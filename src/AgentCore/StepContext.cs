using AgentCore.Models;
using AgentCore.Runs;
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

    internal StepTokens? Tokens { get; init; }

    /// <summary>Counts what the step's own code uses of models: it is part of the step's usage, kept with it, and counts against
    /// the run's tokens.</summary>
    /// <param name="usage">What one call used.</param>
    public void AddUsage(UsageDetails usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        Tokens?.Add(usage);
    }

    /// <summary>Refuses where the run's tokens are used up: for code in a step that calls models itself, before each call. It only
    /// looks, so that of calls at the same time each may pass; <see cref="Counted"/> reserves what a call may use.</summary>
    /// <exception cref="RunStoppedException">They are; the run is limited.</exception>
    public void ThrowIfOverTokens() => Tokens?.ThrowIfOver();

    /// <summary>A model for the step's own code: each of its calls is counted in the step, waits where it doesn't fit into the
    /// run's tokens beside those in flight, and is refused where they are used up.</summary>
    /// <param name="client">The model; it stays its owner's to dispose.</param>
    public IChatClient Counted(IChatClient client) => new CountedChatClient(client ?? throw new ArgumentNullException(nameof(client)), this);

    /// <summary>The step within which a tool is called; null where no run journals it and the tool counts no tokens.</summary>
    /// <param name="arguments">The arguments that the tool's function received.</param>
    public static StepContext? From(AIFunctionArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Context?.TryGetValue(Slot, out var value) == true ? value as StepContext : null;
    }

    internal void AttachTo(AIFunctionArguments arguments) =>
        (arguments.Context ??= new Dictionary<object, object?>())[Slot] = this;
}
