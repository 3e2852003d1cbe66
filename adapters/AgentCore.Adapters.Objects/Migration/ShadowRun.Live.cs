using System.Diagnostics;

namespace AgentCore.Adapters.Objects.Migration;

// Agents that live by themselves.
internal sealed partial class ShadowRun
{
    /// <summary>An agent without a question: it is started, beaten or asked whether it lives, and stopped.</summary>
    private async Task<Verification> LiveAsync(UniversalAgentAdapter agent, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var side = await Side.OfAsync(async token =>
        {
            if (!await agent.InitializeAsync(token).ConfigureAwait(false))
                throw new InvalidOperationException(agent.LastError?.Message);
            var result = (await agent.ExecuteAsync("tick", token).ConfigureAwait(false)).EnsureDone();
            await agent.ShutdownAsync(token).ConfigureAwait(false);
            return new Side(result.Output, null, null);
        }, options.Timeout, cancellationToken).ConfigureAwait(false);
        if (side.Error is null)
            return new Verification(MigrationStatus.Verified, side.Text!) { Wrapped = watch.Elapsed };
        if (agent.Blamed.Count > 0)
            return Gap(agent.Blamed, agent.LastError?.Message ?? side.Error);
        if (side.TimedOut)
            return Waits(side, agent) ?? new Verification(MigrationStatus.TimedOut, side.Error);
        if (agent.Shape.EngineDriven)
            return Gap(["construct.instance"], $"only its engine can make {agent.Shape.Name}, with the scene around it ({agent.LastError?.Message ?? side.Error}): run it there, and give what speaks with it in code (UniversalAgentOptions.Factory)");

        var original = new OriginalRun(agent);
        await using var ended = original.ConfigureAwait(false);
        var direct = await Side.OfAsync(async token =>
        {
            await original.LiveAsync(token).ConfigureAwait(false);
            return new Side("", null, null);
        }, options.Timeout, cancellationToken).ConfigureAwait(false);
        return direct switch
        {
            { Cause: { } cause } when await BlamedAsync(cause, agent, original.Target, cancellationToken).ConfigureAwait(false) is { } blame => Gap(blame.At, $"{blame.Why}: {direct.Error}"),
            { Error: { } error, TimedOut: false, Outside.First: { } before } => Gap(["surroundings"], $"{error}, after {before.GetType().Name}: {before.Message}"),
            { Error: { } error, TimedOut: false } => new Verification(MigrationStatus.SameError, $"both fail alike: {error}"),
            _ => new Verification(MigrationStatus.Failed, side.Error),
        };
    }
}
