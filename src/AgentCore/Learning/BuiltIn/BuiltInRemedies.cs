using System.Globalization;

namespace AgentCore.Learning.BuiltIn;

/// <summary>Waits before the next attempt.</summary>
internal sealed class RetryLaterRemedy(TimeSpan delay, Func<AgentError, bool>? when)
    : Remedy("retry-later", string.Create(CultureInfo.InvariantCulture, $"after={delay.TotalSeconds:0.###}s"))
{
    internal override TimeSpan Wait => delay;

    public override bool Fits(AgentError error, ErrorSignature signature) => (when ?? ErrorHints.Busy)(error);

    public override async ValueTask PrepareAsync(RemedyContext context, CancellationToken cancellationToken) =>
        await Task.Delay(delay, context.Agent.Options.Time, cancellationToken).ConfigureAwait(false);
}

/// <summary>Makes the agent anew. Not where another of its runs would lose what it works with.</summary>
internal sealed class ReinitializeRemedy(Func<AgentError, bool> when) : Remedy("reinitialize")
{
    public override bool Fits(AgentError error, ErrorSignature signature) => when(error);

    public override ValueTask PrepareAsync(RemedyContext context, CancellationToken cancellationToken) =>
        context.Agent.Options.MaxConcurrentRuns == 1 ? context.ReinitializeAsync(cancellationToken) : default;
}

/// <summary>Changes something for the attempts that follow.</summary>
internal sealed class ChangeRemedy(
    string name, string parameters, Func<AgentError, bool>? when, Func<AttemptChanges, AttemptChanges> change,
    Func<AgentError, ErrorSignature, bool>? otherwise = null) : Remedy(name, parameters)
{
    public override bool Fits(AgentError error, ErrorSignature signature) => when?.Invoke(error) ?? otherwise!(error, signature);

    public override AttemptChanges Change(AttemptChanges changes) => change(changes);
}
