using AgentCore.Agents;
using AgentCore.Learning;
using AgentCore.Runs;
using AgentCore.Telemetry;
using Polly;
using Polly.Retry;

namespace AgentCore;

// The attempts of a run: its time limit, its retries, and what an attempt came to.
public abstract partial class BaseAgent
{
    // How long cancelled code may take to end before it is left behind: longer than its steps and the turns of a team may, which
    // say more precisely what was left behind.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(4);

    private static readonly ResiliencePropertyKey<Action<AgentError, TimeSpan>> Waiting = new("waiting");

    private ResiliencePipeline<AgentResult>? _retries;

    /// <summary>Whether its code ends when it is cancelled, whatever it waits for.</summary>
    internal virtual bool EndsByItself => false;

    /// <summary>Makes the agent ready where it isn't, and makes attempts.</summary>
    private ValueTask<AgentResult> AttemptsAsync(
        Run run, AgentContext? parent, int ordinal, AgentTask task, AgentSession? session, StateBag state, bool synchronous, CancellationToken cancellationToken)
    {
        var limit = LimitWithin(parent);
        if (Options.Retry is null && Options.Learner is null && limit is null && _state == AgentState.Ready)
            return AttemptAsync(new AgentContext(run, parent, ordinal, this, task, session, state, synchronous, cancellationToken), isBounded: parent is null);

        return GuardedAttemptsAsync(run, parent, ordinal, task, session, state, synchronous, limit, cancellationToken);
    }

    private async ValueTask<AgentResult> GuardedAttemptsAsync(
        Run run, AgentContext? parent, int ordinal, AgentTask task, AgentSession? session, StateBag state, bool synchronous, (TimeSpan Time, string Option)? limit, CancellationToken cancellationToken)
    {
        using var deadline = limit is { Time: var timeout } ? new CancellationTokenSource(timeout, Options.Time) : null;
        using var linked = deadline is null ? null : CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var token = linked?.Token ?? cancellationToken;
        AgentContext? context = null;
        AgentResult? last = null;
        var attempt = 0;
        var learned = Options.Learner is { } learner
            ? new LearnedAttempts(learner, this, run, parent is null ? "" : StepTable.Join(parent.Path, ordinal), parent?.Changes ?? AttemptChanges.None)
            : null;

        async ValueTask<AgentResult> NextAsync(CancellationToken _)
        {
            if (++attempt > 1)
            {
                run.ThrowIfStopped();
                await BlockingBridge.Settle(context!.SupersedeAsync(attempt, last!.Error!, learned), synchronous).ConfigureAwait(false);
            }

            var changes = learned?.Changes;
            // Another attempt begins with the state that this one began with.
            var own = Options.Retry is null && learned is null ? state : state.Copy();
            context = new AgentContext(run, parent, ordinal, this, changes is null ? task : learned!.Shape(task, changes), session, own, synchronous, token, changes);
            return last = await AttemptAsync(context, isBounded: parent is null || deadline is not null).ConfigureAwait(false);
        }

        async ValueTask<AgentResult> AllAsync()
        {
            if (run.Saved is { IsReplay: true } || (Options.Retry is null && learned is null))
                return await NextAsync(token).ConfigureAwait(false);
            if (learned is not null)
                return await learned.RunAsync(NextAsync, task, synchronous, token).ConfigureAwait(false);
            return await BlockingBridge.Settle(RetriedAsync(NextAsync, (error, wait) => RetryNote.Tell(run, context!.Path, this, error, wait, null), token), synchronous).ConfigureAwait(false);
        }

        AgentResult result;
        try
        {
            result = await ReadyAsync(synchronous, token).ConfigureAwait(false) ?? await AllAsync().ConfigureAwait(false);
        }
        catch (RunStoppedException) when (run.Stop is not null)
        {
            // Its store failed; no attempt could be kept.
            result = context!.Complete(last);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            result = AgentResult.Cancelled(last?.Output ?? "", last?.Data);
            result.Usage = last?.Usage;
        }
        catch (Exception e)
        {
            // Not the agent's code threw, but what decides on another attempt, or is told of it.
            result = AgentResult.Failed(AgentError.From(e), last?.Output ?? "");
            if (last is not null)
                result.Keep(last);
        }

        if (result.Status == RunStatus.Cancelled && deadline is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            var limited = AgentResult.Limited(new StopReason(StopKind.MaxTime,
                $"Agent '{Metadata.Name}' took longer than {limit!.Value.Option}, {limit.Value.Time}; raise it to go on."), result.Output, result.Data);
            return limited.Keep(result);
        }

        return result;
    }

    /// <summary>Makes one attempt.</summary>
    /// <param name="context">Its context.</param>
    /// <param name="isBounded">Whether code that doesn't end when it is cancelled is left behind here; where not, whoever called
    /// the agent is.</param>
    private async ValueTask<AgentResult> AttemptAsync(AgentContext context, bool isBounded)
    {
        var activity = AgentTelemetry.StartAgent(context);
        AgentResult? returned = null;
        Task<AgentResult>? bounded = null;
        try
        {
            // Synchronous code is given a thread of its own: it could not be left behind otherwise. Within another run its caller did so.
            var work = IsSynchronous && context is { Parent: null, IsSynchronous: false, CancellationToken.CanBeCanceled: true }
                ? new ValueTask<AgentResult>(Task.Run(() => InvokeAsync(context).AsTask(), CancellationToken.None))
                : InvokeAsync(context);
            if (isBounded && !work.IsCompleted && !EndsByItself && context.CancellationToken.CanBeCanceled)
                bounded = work.AsTask();
            returned = await (bounded is null ? work : new(Bounded.WaitAsync(bounded, Grace, context.Run.Time, context.CancellationToken))).ConfigureAwait(false)
                ?? AgentResult.Failed($"Agent '{Metadata.Name}' returned null; return an AgentResult.");
        }
        catch (RunStoppedException) when (context.Run.Stop is not null)
        {
            // The stop says how the run ended.
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            returned = AgentResult.Cancelled();
            if (bounded is { IsCompleted: false })
                LeaveBehind(context, bounded);
        }
        catch (Exception e)
        {
            returned = AgentResult.Failed(AgentError.From(e));
        }

        var result = context.Complete(returned);
        AgentTelemetry.EndAgent(activity, context, result);
        return result;
    }

    private async ValueTask<AgentResult> RetriedAsync(Func<CancellationToken, ValueTask<AgentResult>> attempt, Action<AgentError, TimeSpan> waits, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(Waiting, waits);
            return await Retries().ExecuteAsync(c => attempt(c.CancellationToken), context).ConfigureAwait(false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline<AgentResult> Retries()
    {
        if (_retries is not null)
            return _retries;

        var retry = Options.Retry!;
        return _retries = new ResiliencePipelineBuilder<AgentResult> { TimeProvider = Options.Time }
            .AddRetry(new RetryStrategyOptions<AgentResult>
            {
                MaxRetryAttempts = retry.MaxRetries,
                Delay = retry.Delay,
                MaxDelay = retry.MaxDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                // A wait that the server asks for takes the place of ours; one over the longest is not worth sitting out.
                DelayGenerator = arguments => new ValueTask<TimeSpan?>(arguments.Outcome.Result?.Error?.RetryAfter is { } wait && wait > retry.Delay ? wait : null),
                OnRetry = arguments =>
                {
                    arguments.Context.Properties.GetValue(Waiting, null!)(arguments.Outcome.Result!.Error!, arguments.RetryDelay);
                    return default;
                },
                ShouldHandle = arguments => new ValueTask<bool>(
                    arguments.Outcome.Result is { Status: RunStatus.Failed, Error: { } error } && retry.Allows(error)),
            })
            .Build();
    }
}
