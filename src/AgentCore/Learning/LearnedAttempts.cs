using System.Text.Json;
using AgentCore.Learning.BuiltIn;
using AgentCore.Runs;

namespace AgentCore.Learning;

/// <summary>The attempts of one run of an agent with a learner: what was tried, what is in effect, and what came of it.</summary>
/// <remarks>A remedy stays in effect while its error doesn't come back. It helped if the run is done in the end; it didn't if its
/// error came back, or the run failed.</remarks>
internal sealed class LearnedAttempts
{
    private readonly ErrorLearner _learner;
    private readonly BaseAgent _agent;
    private readonly Run _run;
    private readonly string _path;
    private readonly AttemptChanges _inherited;
    private readonly HashSet<string> _tried = new(StringComparer.Ordinal);
    private List<Applied> _applied;

    public LearnedAttempts(ErrorLearner learner, BaseAgent agent, Run run, string path, AttemptChanges inherited)
    {
        _learner = learner;
        _agent = agent;
        _run = run;
        _path = path;
        _inherited = inherited;
        _applied = Kept() is { Length: > 0 } json ? JsonSerializer.Deserialize<List<Applied>>(json.Span, AgentJson.Options)! : [];
        foreach (var applied in _applied)
            _tried.Add(applied.Remedy == Remedies.PlainRetry ? Plain(applied.Signature) : applied.Remedy);
    }

    /// <summary>The changes that are in effect.</summary>
    public AttemptChanges Changes
    {
        get
        {
            var changes = _inherited;
            foreach (var applied in _applied)
            {
                var changed = _learner.Find(applied.Remedy) is { } remedy ? Try(remedy, changes) ?? changes : changes;
                changes = changed.RepairJson && !changes.RepairJson ? changed with { RepairScope = _path, RepairFrom = applied.From } : changed;
            }

            return changes;
        }
    }

    /// <summary>What is in effect, as the record of an attempt keeps it.</summary>
    public byte[] Json => JsonSerializer.SerializeToUtf8Bytes(_applied, AgentJson.Options);

    /// <summary>What the next attempt tries; null before the first retry and for a plain one.</summary>
    public string? Latest { get; private set; }

    /// <summary>The task as the next attempt gets it. Steps that were done may depend on the whole of it.</summary>
    public AgentTask Shape(AgentTask task, AttemptChanges changes)
    {
        if (changes.ContextShare >= 1 || task.Messages.Count <= 1 || (_run.Journal?.FindScope(_path)?.Recorded ?? 0) > 1)
            return task;

        try
        {
            return task with { Messages = ContextReduction.Apply(task.Messages, changes.ContextShare) };
        }
        catch (Exception e)
        {
            ErrorLearner.Warn(_run.Logger, e, "The context could not be reduced.");
            return task;
        }
    }

    /// <summary>Makes attempts until one is not a failure, or nothing more may be tried.</summary>
    public async ValueTask<AgentResult> RunAsync(
        Func<CancellationToken, ValueTask<AgentResult>> attempt, AgentTask task, bool synchronous, CancellationToken cancellationToken)
    {
        var retry = _agent.Options.Retry ?? _learner.Options.Retry;
        var result = await attempt(cancellationToken).ConfigureAwait(false);
        for (var retries = 0; result is { Status: RunStatus.Failed, Error: { } error } && _run.Stop is null; retries++)
        {
            var now = _agent.Options.Time.GetUtcNow();
            var signature = ErrorSignature.Of(error, Place(error), task);
            var seen = _learner.SeeAsync(signature, _run.Journal?.Store is null ? null : _run.Id, task.Type, now, _run.Logger);
            var pattern = await BlockingBridge.Settle(WhileWantedAsync(seen, cancellationToken), synchronous).ConfigureAwait(false);
            await BlockingBridge.Settle(RecordAsync(DropOf(signature.Key), helped: false, now, cancellationToken), synchronous).ConfigureAwait(false);
            // An error that a server gave for good isn't worth a plain retry, but a remedy changes what is asked.
            var plain = retry.Allows(error);
            var candidates = IsBlocked() ? [] : _learner.Candidates(error, signature, _tried, _run.Logger);
            if (_learner.Options.AutoFix == AutoFix.Suggest)
                Suggest(candidates, pattern, error);
            if (retries >= retry.MaxRetries)
                break;

            if (_learner.Options.AutoFix != AutoFix.On)
                candidates = [];
            var failure = new RemedyContext(_agent, error, signature, _agent.ReinitializeAsync);
            if (!await BlockingBridge.Settle(PrepareAsync(candidates, pattern, plain, failure, Delay(error, retry, retries), cancellationToken), synchronous).ConfigureAwait(false))
                break;
            result = await attempt(cancellationToken).ConfigureAwait(false);
        }

        if (result.Status is not (RunStatus.Done or RunStatus.Failed))
            return result;
        await BlockingBridge.Settle(RecordAsync(_applied, result.IsDone, _agent.Options.Time.GetUtcNow(), cancellationToken), synchronous).ConfigureAwait(false);
        return result;
    }

    /// <summary>Chooses what the next attempt changes, and makes ready for it. A remedy that can't be made ready doesn't fit.</summary>
    /// <returns>Whether there is a next attempt.</returns>
    private async ValueTask<bool> PrepareAsync(
        IReadOnlyList<Remedy> candidates, ErrorPattern? pattern, bool plain, RemedyContext failure, TimeSpan delay, CancellationToken cancellationToken)
    {
        var signature = failure.Signature.Key;
        var plainFailed = _tried.Contains(Plain(signature));
        while (true)
        {
            var chosen = _learner.Choose(candidates, pattern, plain, plainFailed, _agent.Options.Time.GetUtcNow());
            if (chosen is null && !plain)
                return false;
            RetryNote.Tell(_run, _path, _agent, failure.Error, delay + (chosen?.Wait ?? TimeSpan.Zero), chosen?.Id);
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, _agent.Options.Time, cancellationToken).ConfigureAwait(false);
            delay = TimeSpan.Zero;
            _tried.Add(chosen?.Id ?? Plain(signature));
            if (chosen is null || await IsReadyAsync(chosen, failure, cancellationToken).ConfigureAwait(false))
            {
                Latest = chosen?.Id;
                _applied.Add(new Applied(signature, chosen?.Id ?? Remedies.PlainRetry, Math.Max(0, (_run.Journal?.FindScope(_path)?.Recorded ?? 0) - 1)));
                return true;
            }

            candidates = [.. candidates.Where(c => c != chosen)];
        }
    }

    private async ValueTask<bool> IsReadyAsync(Remedy remedy, RemedyContext failure, CancellationToken cancellationToken)
    {
        if (Try(remedy, Changes) is null)
            return false;

        try
        {
            return await Bounded.WaitAsync(PreparedAsync(), AgentContext.Grace, _agent.Options.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            ErrorLearner.Warn(_run.Logger, e, $"The remedy {remedy.Id} could not be made ready.");
            return false;
        }

        async Task<bool> PreparedAsync()
        {
            await remedy.PrepareAsync(failure, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    /// <summary>What a remedy makes of changes; null where it can't say.</summary>
    private AttemptChanges? Try(Remedy remedy, AttemptChanges changes)
    {
        try
        {
            return remedy.Change(changes);
        }
        catch (Exception e)
        {
            ErrorLearner.Warn(_run.Logger, e, $"What the remedy {remedy.Id} changes can't be told.");
            return null;
        }
    }

    /// <summary>An error that came back: what was applied against it didn't help, and is in effect no more.</summary>
    private List<Applied> DropOf(string signature)
    {
        var dropped = _applied.Where(a => a.Signature == signature).ToList();
        _applied = [.. _applied.Where(a => a.Signature != signature)];
        return dropped;
    }

    private async ValueTask RecordAsync(IReadOnlyList<Applied> outcomes, bool helped, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var applied in outcomes)
            await WhileWantedAsync(_learner.RecordAsync(applied.Signature, applied.Remedy, helped, now, _run.Logger), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits for what the learner keeps while the run is wanted. Afterwards it is left behind, and is kept without anyone
    /// waiting: a store that hangs must not hold a cancelled run.</summary>
    private static async ValueTask<T?> WhileWantedAsync<T>(ValueTask<T> kept, CancellationToken cancellationToken)
    {
        if (kept.IsCompleted)
            return await kept.ConfigureAwait(false);

        try
        {
            return await kept.AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return default;
        }
    }

    private void Suggest(IReadOnlyList<Remedy> candidates, ErrorPattern? pattern, AgentError error)
    {
        if (pattern is null || candidates.Count == 0)
            return;

        // What can't be told apart by what is known of it is tried in their order; a plain retry only where it is known to help.
        var now = _agent.Options.Time.GetUtcNow();
        IEnumerable<string> choices = candidates.Select(r => r.Id);
        if (error.Retryable && pattern.Remedies.ContainsKey(Remedies.PlainRetry))
            choices = choices.Append(Remedies.PlainRetry);
        var best = choices.MaxBy(id => pattern.Remedies.GetValueOrDefault(id)?.At(now, _learner.Options).Mean ?? 0.5)!;
        var score = pattern.Remedies.GetValueOrDefault(best);
        var name = best == Remedies.PlainRetry ? "to try again without a change" : best;
        var advice = score is { Successes: < 0.5 }
            ? "Nothing that was tried against it has helped yet."
            : $"A remedy for it is {name}: {score?.ToString() ?? "it was not tried yet"}. {_learner.Options.HowToApply} to have it applied.";
        _run.Emit(new NoteEvent($"Error {pattern.Key} was seen {pattern.Count} times. {advice}"), null, _path);
    }

    private string Place(AgentError error)
    {
        var step = error.Step is { Length: > 0 } path ? _run.Journal?.Find(path)?.Intent : null;
        return step is null ? _agent.Metadata.Name : $"{_agent.Metadata.Name}: {step.Type} {step.Name}";
    }

    private TimeSpan Delay(AgentError error, RetryOptions retry, int retries)
    {
        var doubled = Math.Min(retry.Delay.TotalMilliseconds * Math.Pow(2, retries), retry.MaxDelay.TotalMilliseconds);
        var delay = TimeSpan.FromMilliseconds(doubled * (0.75 + _learner.Jitter() / 2));
        // A longer wait than the longest isn't sat out: there, only a remedy is tried.
        return error.RetryAfter > delay && error.RetryAfter <= retry.MaxDelay ? error.RetryAfter.Value : delay;
    }

    /// <summary>Whether the failure is of a step that must not be repeated.</summary>
    private bool IsBlocked() => _run.Journal is { } journal && journal.FailedLast(_path).Any(p => !journal.IsRepeatable(p));

    private static string Plain(string signature) => $"{signature} {Remedies.PlainRetry}";

    private ReadOnlyMemory<byte> Kept() => _run.Journal?.FindScope(_path)?.Remedies ?? default;

    /// <summary>What was applied against an error, and the last ordinal that its scope had then.</summary>
    private sealed record Applied(string Signature, string Remedy, int From);
}
