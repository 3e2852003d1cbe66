using System.Globalization;
using AgentCore.Learning.BuiltIn;

namespace AgentCore.Learning;

/// <summary>The built-in remedies. Each is offered for the errors that it could help against; <c>when</c> decides otherwise.</summary>
public static class Remedies
{
    /// <summary>The id under which plain retries are counted.</summary>
    public const string PlainRetry = "retry";

    /// <summary>A retry after 15 seconds, half the context, mended JSON, a fresh start, doubled timeouts.</summary>
    public static IReadOnlyList<Remedy> Standard { get; } =
        [RetryLater(TimeSpan.FromSeconds(15)), ReduceContext(0.5), RepairJson(), Reinitialize(), RaiseTimeout(2)];

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="delay">How long.</param>
    /// <param name="when">For which errors; null for those that speak of load, rates, locks and connections.</param>
    public static Remedy RetryLater(TimeSpan delay, Func<AgentError, bool>? when = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(delay, TimeSpan.Zero);
        return new RetryLaterRemedy(delay, when);
    }

    /// <summary>Keeps only the newest part of what models are asked, and cuts what is too long by itself.</summary>
    /// <param name="keep">The share that is kept, between 0 and 1.</param>
    /// <param name="when">For which errors; null for those that speak of a context or request that is too long.</param>
    public static Remedy ReduceContext(double keep, Func<AgentError, bool>? when = null)
    {
        if (keep is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(keep), keep, "Choose a share between 0 and 1.");
        return new ChangeRemedy("reduce-context", $"keep={Text(keep)}", when ?? ErrorHints.TooLong, c => c with { ContextShare = c.ContextShare * keep });
    }

    /// <summary>Asks another model.</summary>
    /// <param name="modelId">Its id, as the agent's client takes it.</param>
    /// <param name="when">For which errors; null for those of model calls and of what models answered.</param>
    public static Remedy SwitchModel(string modelId, Func<AgentError, bool>? when = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(modelId);
        return new ChangeRemedy("switch-model", $"to={modelId}", when, c => c with { ModelId = modelId }, ErrorHints.IsOfModel);
    }

    /// <summary>Mends a model's reply that looks like JSON and isn't.</summary>
    /// <param name="when">For which errors; null for those that speak of JSON.</param>
    public static Remedy RepairJson(Func<AgentError, bool>? when = null) =>
        new ChangeRemedy("repair-json", "", when ?? ErrorHints.Json, c => c with { RepairJson = true });

    /// <summary>Shuts the agent down and initialises it again. For agents that run one at a time.</summary>
    /// <param name="when">For which errors; null for those that speak of connections, processes and what is closed.</param>
    public static Remedy Reinitialize(Func<AgentError, bool>? when = null) => new ReinitializeRemedy(when ?? ErrorHints.Broken);

    /// <summary>Multiplies the timeouts of steps and tools.</summary>
    /// <param name="factor">By how much, more than 1.</param>
    /// <param name="when">For which errors; null for timeouts.</param>
    public static Remedy RaiseTimeout(double factor, Func<AgentError, bool>? when = null)
    {
        if (factor is not (> 1 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "Choose a factor above 1 and up to 100.");
        return new ChangeRemedy("raise-timeout", $"by={Text(factor)}", when ?? ErrorHints.Timeout, c => c with { TimeoutFactor = c.TimeoutFactor * factor });
    }

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
