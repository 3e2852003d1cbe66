using System.Diagnostics;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Runs tasks through an agent as it is and through its wrapping, on two fresh objects, and compares what they give.</summary>
/// <param name="binding">How it is called.</param>
/// <param name="options">With what.</param>
/// <param name="standIns">What stands in for the binding's gaps; null where they are told and nothing runs.</param>
internal sealed partial class ShadowRun(ObjectBinding binding, VerifyOptions options, StandIns? standIns = null)
{
    private const int Reruns = 6;

    public async Task<Verification> RunAsync(CancellationToken cancellationToken)
    {
        var verdict = await JudgeAsync(cancellationToken).ConfigureAwait(false);
        return standIns is null && verdict.Status == MigrationStatus.Gaps && !verdict.Refused.Contains("lifecycle.initialize", StringComparer.Ordinal) && SetupNeed.Of(binding) is { } setup
            ? verdict with { Message = $"{verdict.Message}; lifecycle.initialize: {setup}", Refused = [.. verdict.Refused, "lifecycle.initialize"] }
            : verdict;
    }

    private async Task<Verification> JudgeAsync(CancellationToken cancellationToken)
    {
        if (standIns is null && binding.Gaps.Count > 0 && options.Services is null && binding.Services is null)
            return await TrialRun.RunAsync(binding, options, cancellationToken).ConfigureAwait(false);

        Verification? first = null;
        for (var sample = 0; ; sample++)
        {
            UniversalAgentAdapter wrapped;
            try
            {
                wrapped = ObjectAgents.Open(binding, new UniversalAgentOptions { Services = options.Services, Client = options.Client ?? new StandInClient(), StandIns = standIns });
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                return new Verification(MigrationStatus.Failed, $"it can't be loaded: {e.Message}");
            }

            try
            {
                if (wrapped.Class == AgentClass.E)
                    return new Verification(MigrationStatus.Nothing, wrapped.Explain().Why);
                if (wrapped.Choice.Method is null)
                    return await LiveAsync(wrapped, cancellationToken).ConfigureAwait(false);
                List<AgentTask> tasks = [.. options.Tasks, .. options.TasksOf.GetValueOrDefault(binding.Name, [])];
                if (tasks.Count > 0)
                    return await CompareAsync(wrapped, tasks, cancellationToken).ConfigureAwait(false);

                // A task of our own making may be what the agent stumbles over: another is tried before it is blamed.
                var samples = SampleTask.For(wrapped.Binding, wrapped.Choice.Method.Source);
                var verdict = await CompareAsync(wrapped, [samples[sample]], cancellationToken).ConfigureAwait(false);
                first ??= verdict;
                if (verdict.Status is not (MigrationStatus.SameError or MigrationStatus.Gaps) || verdict.Refused.Any(place => place.StartsWith("construct.", StringComparison.Ordinal)))
                    return verdict;
                if (sample + 1 == samples.Count)
                    return first;
            }
            finally
            {
                await AsideAsync(() =>
                {
                    wrapped.Dispose();
                    return true;
                }, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static Verification Gap(IReadOnlyList<string> places, string? why) => new(MigrationStatus.Gaps, $"{string.Join(", ", places)}: {why}") { Refused = places };

    private async Task<Verification> CompareAsync(UniversalAgentAdapter wrapped, List<AgentTask> tasks, CancellationToken cancellationToken)
    {
        var original = new OriginalRun(wrapped);
        await using var ended = original.ConfigureAwait(false);
        TimeSpan originalTime = default, wrappedTime = default;
        string? note = null;
        Exception? cause = null;
        string? goneOn = null;
        Exception? told = null, before = null, caught = null;
        var varies = false;
        foreach (var task in tasks)
        {
            var watch = Stopwatch.StartNew();
            var direct = await DirectAsync(original, task, cancellationToken).ConfigureAwait(false);
            originalTime += watch.Elapsed;
            watch.Restart();
            var goesOn = GoesOn(direct, wrapped.Choice.Method!);
            var shadow = direct.TimedOut && !goesOn
                ? direct
                : await Side.OfAsync(async token => Side.Of(await wrapped.ExecuteAsync(task, token).ConfigureAwait(false)), options.Timeout, cancellationToken).ConfigureAwait(false);
            wrappedTime += watch.Elapsed;
            if (goesOn && shadow.Stopped)
            {
                goneOn = "begun by both, and ended when they were told to";
                continue;
            }

            caught ??= direct.Outside?.First;
            told ??= direct.Told is { } said && shadow.Told is not null ? said : null;
            if (Comparison.Of(direct, shadow, task, options.Timeout, wrapped.Choice.Method!.HasCancellation) is { } verdict)
            {
                if (verdict.Status == MigrationStatus.TimedOut && Waits(direct.TimedOut ? direct : shadow, wrapped) is { } waits)
                    return waits with { Original = originalTime, Wrapped = wrappedTime };
                // That one side fails alone is chance only where the original fails now and then.
                var alike = direct.Error is null == shadow.Error is null;
                if (verdict.Status != MigrationStatus.Different || !await VariesAsync(wrapped, direct, task, byFailing: !alike, cancellationToken).ConfigureAwait(false))
                    return verdict with { Original = originalTime, Wrapped = wrappedTime };
                varies = true;
                if (!alike)
                    continue;
            }

            if (direct.Error is { } same)
                (note, cause, before) = (note ?? $"both fail alike: {same}", cause ?? direct.Cause, before ?? direct.Outside?.First);
        }

        if (cause is not null && await BlamedAsync(cause, wrapped, original.Target, cancellationToken).ConfigureAwait(false) is { } blame)
            return Gap(blame.At, $"{blame.Why}: {note!["both fail alike: ".Length..]}") with { Original = originalTime, Wrapped = wrappedTime };

        if (note is not null && before is not null)
            return Gap(["surroundings"], $"{note["both fail alike: ".Length..]}, after {before.GetType().Name}: {before.Message}") with { Original = originalTime, Wrapped = wrappedTime };
        if (note is null && told is not null)
            return Gap(["surroundings"], $"its answer passes on that something isn't here: {told.GetType().Name}: {told.Message}") with { Original = originalTime, Wrapped = wrappedTime };

        var message = note ?? $"{tasks.Count} {(tasks.Count == 1 ? "task" : "tasks")} {(goneOn ?? (varies ? "done by both; what the original gives varies from run to run" : "alike"))}{(wrapped.Environment.Client is StandInClient { Asked: true } ? ", with a stand-in for the model" : "")}{(note is null ? Unheard(wrapped) : "")}{(caught is null ? "" : $"; it went on after {caught.GetType().Name}: {caught.Message}")}";
        return new Verification(note is null ? MigrationStatus.Verified : MigrationStatus.SameError, message) { Original = originalTime, Wrapped = wrappedTime };
    }

    /// <summary>It gives nothing back, and raises an event that would tell: nobody listens unless the binding says so.</summary>
    private static string Unheard(UniversalAgentAdapter agent) =>
        agent is { Binding: { Result: "auto", Arguments: var arguments }, Choice.Method.Return.Kind: ResultKind.Nothing } && !arguments.Any(a => a.From == ArgumentSource.Collect)
        && agent.Shape.Events.FirstOrDefault(e => e.TypeName is not ("EventHandler" or "Action")) is { } told
            ? $"; it gives nothing back: take what it tells by its event with 'result: event:{told.Name}'"
            : "";

    /// <summary>What is to blame; beside stand-ins only where the code tells it for sure. Null where it can't be told.</summary>
    private async Task<Blame?> BlamedAsync(Exception cause, UniversalAgentAdapter agent, object? target, CancellationToken cancellationToken)
    {
        try
        {
            var blame = await AsideAsync(() => Blame.Of(cause, agent, target), cancellationToken).ConfigureAwait(false);
            return blame is { Certain: true } || standIns is not { Used: true } ? blame : null;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            // The failure is the agent's still, though a library isn't there that some other part of it names.
            return null;
        }
    }

    /// <summary>Does what calls the agent's code beside its runs, a property or its Dispose; one that never returns is left behind.</summary>
    private async Task<T?> AsideAsync<T>(Func<T?> act, CancellationToken cancellationToken)
    {
        try
        {
            return await Task.Factory.StartNew(act, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(options.Timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return default;
        }
    }

    /// <summary>It doesn't end, as it tries again to reach what isn't here, or waits for somebody to type.</summary>
    private static Verification? Waits(Side side, UniversalAgentAdapter agent) => side.Outside?.First is { } first
        ? Gap(["surroundings"], $"it goes on trying to reach what isn't here: {first.GetType().Name}: {first.Message}")
        : CodeReader.OfClass(agent.WrappedType).Any(Outside.IsConsole) ? Gap(["surroundings"], "it waits for what somebody types at the console") : null;

    /// <summary>RunAsync(token), a stream of events: it works until it is told to stop, and that is no failure.</summary>
    private static bool GoesOn(Side side, MethodShape method) =>
        side.Stopped && method.HasCancellation && method.Return.Kind is ResultKind.Nothing or ResultKind.AsyncStream;

    private Task<Side> DirectAsync(OriginalRun original, AgentTask task, CancellationToken cancellationToken) =>
        Side.OfAsync(async token => Side.Of(await original.RunAsync(task, token).ConfigureAwait(false)), options.Timeout, cancellationToken);

    /// <summary>Whether fresh originals give something else than the first gave: chance, an id or a clock is in it. Where one side failed alone, whether
    /// of the originals some fail and some don't.</summary>
    private async Task<bool> VariesAsync(UniversalAgentAdapter wrapped, Side first, AgentTask task, bool byFailing, CancellationToken cancellationToken)
    {
        bool failed = false, worked = false;
        for (var i = 0; i < Reruns; i++)
        {
            var original = new OriginalRun(wrapped);
            await using var ended = original.ConfigureAwait(false);
            var again = await DirectAsync(original, task, cancellationToken).ConfigureAwait(false);
            if (again.TimedOut)
                return false;
            (failed, worked) = (failed || again.Error is not null, worked || again.Error is null);
            if (byFailing ? failed && worked : again.Text != first.Text || again.Data != first.Data || again.Error != first.Error)
                return true;
        }

        return false;
    }
}
