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
    private readonly Random _jitter = new(0);
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
                var changed = _learner.Find(applied.Remedy)?.Change(changes) ?? changes;
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
    public AgentTask Shape(AgentTask task) =>
        Changes.ContextShare < 1 && task.Messages.Count > 1 && (_run.Journal?.FindScope(_path)?.Recorded ?? 0) <= 1
            ? task with { Messages = ContextReduction.Apply(task.Messages, Changes.ContextShare) }
            : task;

    /// <summary>Makes attempts until one is not a failure, or nothing more may be tried.</summary>
    public async ValueTask<AgentResult> RunAsync(
        Func<CancellationToken, ValueTask<AgentResult>> attempt, AgentTask task, bool synchronous, CancellationToken cancellationToken)
    {
        var retry = _agent.Options.Retry ?? _learner.Options.Retry;
        var result = await attempt(cancellationToken).ConfigureAwait(false);
        for (var retries = 0; result is { Status: RunStatus.Failed, Error: { } error } && _run.Stop is null; retries++)
        {
            var now = _agent.Options.Time.GetUtcNow();
            var signature = ErrorSignature.Of(error, Place(error));
            var pattern = await BlockingBridge.Settle(_learner.SeeAsync(signature, _run.Journal?.Store is null ? null : _run.Id, task.Type, now, _run.Logger), synchronous).ConfigureAwait(false);
            await BlockingBridge.Settle(DropAsync(signature.Key, now), synchronous).ConfigureAwait(false);
            // An error that a server gave for good isn't worth a plain retry, but a remedy changes what is asked.
            var plain = error.Retryable && !(error.RetryAfter > retry.MaxDelay) && retry.ShouldRetry(error);
            var candidates = IsBlocked() ? [] : _learner.Candidates(error, signature, _tried);
            if (_learner.Options.AutoFix == AutoFix.Suggest)
                Suggest(candidates, pattern);
            if (retries >= retry.MaxRetries)
                break;

            var chosen = _learner.Options.AutoFix == AutoFix.On
                ? _learner.Choose(candidates, pattern, plain, _tried.Contains(Plain(signature.Key)), now)
                : null;
            if (chosen is null && !plain)
                break;
            await BlockingBridge.Settle(PrepareAsync(chosen, error, signature, retry, retries, cancellationToken), synchronous).ConfigureAwait(false);
            result = await attempt(cancellationToken).ConfigureAwait(false);
        }

        if (result.Status is not (RunStatus.Done or RunStatus.Failed))
            return result;
        foreach (var applied in _applied)
            await BlockingBridge.Settle(_learner.RecordAsync(applied.Signature, applied.Remedy, result.IsDone, _agent.Options.Time.GetUtcNow(), _run.Logger), synchronous).ConfigureAwait(false);
        return result;
    }

    private async ValueTask PrepareAsync(
        Remedy? chosen, AgentError error, ErrorSignature signature, RetryOptions retry, int retries, CancellationToken cancellationToken)
    {
        Latest = chosen?.Id;
        _tried.Add(chosen?.Id ?? Plain(signature.Key));
        _applied.Add(new Applied(signature.Key, chosen?.Id ?? Remedies.PlainRetry, Math.Max(0, (_run.Journal?.FindScope(_path)?.Recorded ?? 0) - 1)));
        var time = _agent.Options.Time;
        if (Delay(error, retry, retries) is var delay && delay > TimeSpan.Zero)
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        if (chosen is not null)
            await chosen.PrepareAsync(new RemedyContext(_agent, error, signature, _agent.ReinitializeAsync), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>An error that came back: what was applied against it didn't help, and is in effect no more.</summary>
    private async ValueTask DropAsync(string signature, DateTimeOffset now)
    {
        foreach (var applied in _applied.Where(a => a.Signature == signature))
            await _learner.RecordAsync(applied.Signature, applied.Remedy, helped: false, now, _run.Logger).ConfigureAwait(false);
        _applied = [.. _applied.Where(a => a.Signature != signature)];
    }

    private void Suggest(IReadOnlyList<Remedy> candidates, ErrorPattern? pattern)
    {
        if (pattern is null || candidates.Count == 0)
            return;

        var now = _agent.Options.Time.GetUtcNow();
        var best = candidates.Select(r => (Remedy: r, Score: pattern.Remedies.GetValueOrDefault(r.Id)?.At(now, _learner.Options)))
            .MaxBy(r => r.Score?.Mean ?? 0.5);
        var known = best.Score is { } score ? $"it helped in about {score.Mean:P0} of {score.Trials} tries" : "it was not tried yet";
        _run.Emit(new NoteEvent($"Error {pattern.Key} was seen {pattern.Count} times. A remedy for it is {best.Remedy.Id}: {known}. Set autoFix to on to have it applied."), null, _path);
    }

    private string Place(AgentError error)
    {
        var step = error.Step is { Length: > 0 } path ? _run.Journal?.Find(path)?.Intent : null;
        return step is null ? _agent.Metadata.Name : $"{_agent.Metadata.Name}: {step.Type} {step.Name}";
    }

    private TimeSpan Delay(AgentError error, RetryOptions retry, int retries)
    {
        var doubled = Math.Min(retry.Delay.TotalMilliseconds * Math.Pow(2, retries), retry.MaxDelay.TotalMilliseconds);
        var delay = TimeSpan.FromMilliseconds(doubled * (0.75 + _jitter.NextDouble() / 2));
        return error.RetryAfter > delay ? error.RetryAfter.Value : delay;
    }

    /// <summary>Whether the failure is of a step that must not be repeated.</summary>
    private bool IsBlocked() => _run.Journal is { } journal && journal.FailedLast(_path).Any(p => !journal.IsRepeatable(p));

    private static string Plain(string signature) => $"{signature} {Remedies.PlainRetry}";

    private ReadOnlyMemory<byte> Kept() => _run.Journal?.FindScope(_path)?.Remedies ?? default;

    /// <summary>What was applied against an error, and the last ordinal that its scope had then.</summary>
    private sealed record Applied(string Signature, string Remedy, int From);
}
