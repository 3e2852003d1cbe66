using System.Text.Json;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Runs;
using Microsoft.Extensions.Hosting;

namespace AgentCore.Adapters.Objects;

// Agents that live by a lifecycle: hosted services, ticks, actors.
public sealed partial class UniversalAgentAdapter
{
    private bool _hostedStarted;

    /// <summary>Beats the object once.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The object has nothing to beat, or the agent isn't initialised.</exception>
    public async Task TickAsync(CancellationToken cancellationToken = default)
    {
        if (!Life.CanTick)
            throw new InvalidOperationException($"{_type.FullName} has no tick. Name one in the binding's lifecycle.");
        await BeatAsync(new AgentTask(""), cancellationToken).ConfigureAwait(false);
    }

    private ValueTask BeatAsync(AgentTask task, CancellationToken token) => InTurnAsync(
        () => _begun ? Life.TickAsync(_target, task, token) : throw NotInitialised(), token);

    /// <summary>Beats the object by its schedule until it is cancelled. A beat that is late is not made up for.</summary>
    /// <param name="every">How often; null for the binding's schedule.</param>
    /// <param name="cancellationToken">Ends the schedule; the method then returns.</param>
    /// <exception cref="InvalidOperationException">There is no schedule.</exception>
    public async Task RunScheduleAsync(TimeSpan? every = null, CancellationToken cancellationToken = default)
    {
        var period = every ?? Binding.Lifecycle.Every
            ?? throw new InvalidOperationException($"Agent '{Metadata.Name}' has no schedule. Set the binding's lifecycle.every, or give a period.");
        if (!await InitializeAsync(cancellationToken).ConfigureAwait(false))
            throw new InvalidOperationException($"Agent '{Metadata.Name}' can't start: {LastError}");
        using var timer = new PeriodicTimer(period, Options.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
                await TickAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ending is what the caller asked for.
        }
    }

    /// <summary>A service that starts the agent with a host, beats it by its schedule, and stops it with the host.</summary>
    public IHostedService AsHostedService() => new HostedObject(this);

    /// <summary>A run of an object without a question to ask: it beats, or says that it lives.</summary>
    private async ValueTask<AgentResult> LiveAsync(AgentContext context)
    {
        if (!Life.CanTick)
        {
            var alive = (HostedCalls.Work(_target) ?? Life.Work) switch
            {
                { IsFaulted: true } task => throw Stopped(task.Exception!.InnerException!),
                { IsCompleted: true } => "finished",
                _ => "running",
            };
            return AgentResult.Done($"{_type.Name} is {alive}.");
        }

        var beats = context.Task.Get<int?>("ticks") ?? (TaskValues.InputObject(context.Task) is { } json && TaskValues.TryGet(json, "ticks", out var named) ? named.ValueKind == JsonValueKind.Number && named.TryGetInt32(out var count) ? count : throw Ticks(named.GetRawText()) : 1);
        if (beats is < 1 or > 1_000_000)
            throw Ticks(beats.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var step = new StepCall("step", "tick", null, _step.Repeatable, _step.Timeout);
        await context.LeafAsync(step, s => BeatAsync(context.Task, beats, s.CancellationToken), JsonCodec<ObjectOutcome>.For(null), synchronous: false).ConfigureAwait(false);
        return AgentResult.Done($"{_type.Name} ticked {beats} {(beats == 1 ? "time" : "times")}.");
    }

    private static ArgumentException Ticks(string given) => new($"The task's data 'ticks' is {given}; choose 1 to 1,000,000.");

    private InvalidOperationException Stopped(Exception cause)
    {
        cause = _environment.Secrets.Hidden(cause) ?? cause;
        return new InvalidOperationException($"{_type.Name} has stopped: {cause.Message}", cause);
    }

    private async ValueTask<ObjectOutcome> BeatAsync(AgentTask task, int beats, CancellationToken token)
    {
        for (var i = 0; i < beats; i++)
        {
            token.ThrowIfCancellationRequested();
            await BeatAsync(task, token).ConfigureAwait(false);
        }

        return new ObjectOutcome("");
    }

    /// <summary>Hosted services start by their interface, where no lifecycle member did it already.</summary>
    private async ValueTask BeginHostedAsync(CancellationToken token)
    {
        if (Binding.Lifecycle.Start is null && HostedCalls.Start(_target) is { } start)
        {
            await start(token).ConfigureAwait(false);
            _hostedStarted = true;
        }
    }

    private async ValueTask EndHostedAsync(CancellationToken token)
    {
        if (_hostedStarted && Binding.Lifecycle.Stop is null && HostedCalls.Stop(_target) is { } stop)
            await stop(token).ConfigureAwait(false);
        _hostedStarted = false;
    }

    private sealed class HostedObject(UniversalAgentAdapter agent) : BackgroundService
    {
        public override async Task StartAsync(CancellationToken cancellationToken)
        {
            if (!await agent.InitializeAsync(cancellationToken).ConfigureAwait(false))
                throw new InvalidOperationException($"Agent '{agent.Metadata.Name}' can't start: {agent.LastError}");
            await base.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await base.StopAsync(cancellationToken).ConfigureAwait(false);
            await agent.ShutdownAsync(cancellationToken).ConfigureAwait(false);
        }

        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            agent.Binding.Lifecycle.Every is null || !agent.Life.CanTick ? Task.CompletedTask : agent.RunScheduleAsync(null, stoppingToken);
    }
}
