using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Teams;

/// <summary>One run of a team: asks the protocol who speaks, lets them, and ends where a limit, a condition or the protocol
/// says so.</summary>
internal sealed class TeamLoop
{
    private readonly Team _team;
    private readonly AgentContext _context;
    private readonly TeamRun _run;
    private readonly Conversation _conversation;
    private readonly Speaking _speaking;
    private readonly ProgressGuard? _guard;
    private StopReason? _stop;
    private AgentError? _error;

    public TeamLoop(Team team, AgentContext context)
    {
        _team = team;
        _context = context;
        _run = new TeamRun(team, context);
        _conversation = new Conversation(_run.MessageList);
        _speaking = new Speaking(team, context, _conversation);
        _guard = team.Rules.Progress is { } progress ? new ProgressGuard(progress, team.Members.Count) : null;
        context.Run.LogsCalls = true;
        context.Run.KeepSteps(team.Rules.OnFailure.Retries > 0 || team.Members.Any(m => m.OnFailure is { Retries: > 0 }));
    }

    public async ValueTask<AgentResult> RunAsync()
    {
        if (_team.Errors() is { } errors)
            return AgentResult.Failed(new AgentError("AgentCore.Preflight", errors) { Retryable = false }, stop: new StopReason(StopKind.Preflight, errors), data: Data());

        _conversation.Begin(_context.Session?.Messages ?? [], _context.Task.Messages, new ChatMessage(ChatRole.User, _context.Task.Input));
        try
        {
            var lead = new Lead(_team.Protocol.LeadAsync(_run), _context);
            await using (lead.ConfigureAwait(false))
            {
                while (await lead.NextAsync().ConfigureAwait(false) is { } next && await TakeAsync(next).ConfigureAwait(false))
                    ;
            }
        }
        catch (Exception) when (_context.Run.Stop is not null)
        {
            // The stop says how the run ended; what was said until then is kept with it.
            return AgentResult.Done(_run.Output, Data());
        }
        catch (OperationCanceledException) when (_context.CancellationToken.IsCancellationRequested)
        {
            return AgentResult.Cancelled(_run.Output, Data());
        }
        catch (Exception e)
        {
            _error = AgentError.From(e);
            _stop = new StopReason(StopKind.Failure, $"The protocol '{_team.Protocol.Name}' failed: {_error}");
        }

        return Result();
    }

    /// <summary>Lets the members speak that the protocol chose.</summary>
    /// <returns>Whether the run goes on.</returns>
    private ValueTask<bool> TakeAsync(NextTurn next) => next.Members.Count == 1 ? TakeOneAsync(next) : TakeTogetherAsync(next);

    private async ValueTask<bool> TakeOneAsync(NextTurn next)
    {
        if (!MayGoOn())
            return false;

        var seat = _speaking.SeatOf(next.Members[0]);
        var spoken = await _speaking.SpeakAsync(_context, seat, next).ConfigureAwait(false);
        Record(seat, spoken);
        if (!spoken.IsGood && _stop is null)
            await FailedAsync(seat, spoken, next).ConfigureAwait(false);
        return _stop is null;
    }

    private async ValueTask<bool> TakeTogetherAsync(NextTurn next)
    {
        if (!MayGoOn())
            return false;

        // Those that still fit; the limit is told before the next turn.
        var room = Math.Min(next.Members.Count, _team.Rules.Limits.MaxTurns - _run.Turns.Count);
        var seats = next.Members.Take(room).Select(_speaking.SeatOf).ToList();
        var spoken = await _context.ParallelAsync(
            [.. seats.Select(seat => (Func<AgentContext, Task<Spoken>>)(branch => _speaking.SpeakAsync(branch, seat, next).AsTask()))]).ConfigureAwait(false);
        for (var i = 0; i < spoken.Count; i++)
            Record(seats[i], spoken[i]);
        for (var i = 0; i < spoken.Count && _stop is null; i++)
        {
            if (!spoken[i].IsGood)
                await FailedAsync(seats[i], spoken[i], next).ConfigureAwait(false);
        }

        return _stop is null && (room == next.Members.Count || MayGoOn());
    }

    /// <summary>Does with a failed turn what the policy says: tries again, goes on without it, lets another speak, or stops.</summary>
    private async ValueTask FailedAsync(Seat seat, Spoken spoken, NextTurn next)
    {
        var policy = seat.Member.OnFailure ?? _team.Rules.OnFailure;
        string? once = null;
        for (var retry = 0; retry < policy.Retries && spoken.Result.Error is null or { Retryable: true }; retry++)
        {
            once = BegunOnce(spoken);
            if (once is not null)
                break;
            if (_stop is not null || !MayGoOn())
                return;
            spoken = await _speaking.SpeakAsync(_context, seat, next).ConfigureAwait(false);
            Record(seat, spoken);
            if (spoken.IsGood)
                return;
        }

        if (policy.Then == FailureAction.Skip)
            return;
        if (policy.Then == FailureAction.Replace && _team.Find(policy.Substitute!) is { } substitute)
        {
            if (_stop is not null || !MayGoOn())
                return;
            (seat, once) = (_speaking.SeatOf(substitute), null);
            spoken = await _speaking.SpeakAsync(_context, seat, next).ConfigureAwait(false);
            Record(seat, spoken);
            if (spoken.IsGood)
                return;
        }

        _error = spoken.Result.Error ?? new AgentError("AgentCore.TurnFailed", spoken.Result.Describe());
        _stop = new StopReason(StopKind.Failure, $"The turn of '{seat.Member.Name}' failed, and the policy is to stop: {spoken.Result.Describe()}{once}");
    }

    /// <summary>Why a turn is not tried again: a new try would repeat a step of it that must not be. Null where it may be.</summary>
    private string? BegunOnce(Spoken spoken)
    {
        // A run from before this was looked at goes on as it did.
        if (_context.Run.Journal?.BegunOnce(spoken.Path) is not { } step || _context.Version($"retry after turn {_run.Turns.Count}", 1) == 0)
            return null;
        return $" It was not tried again, as step {step} must not be repeated; the member's own AgentOptions.Retry goes on after it.";
    }

    private void Record(Seat seat, Spoken spoken)
    {
        var turn = _speaking.TurnOf(_run.Turns.Count + 1, seat, spoken);
        if (turn.IsGood && turn.Text.Length > 0)
            _conversation.Add(seat, turn.Text, known: spoken.Result.IsDone && seat.Session is not null);
        _run.Add(turn);
        if (_context.Run.HasWatcher)
            _context.Run.Emit(new TurnEndedEvent(turn), _context, spoken.Path, spoken.Replayed);

        if (_stop is null && _team.Rules.Until is { } until && until.Holds(_run, turn))
            _stop = new StopReason(StopKind.Condition, $"After turn {turn.Number} a condition held: {until.Description}.");
        if (_guard?.Add(_run, turn, seat.Number, spoken.Calls) is { } circle)
            _stop ??= new StopReason(StopKind.NoProgress, circle);
    }

    /// <summary>Whether another turn may be taken; where not, says which limit is reached.</summary>
    private bool MayGoOn()
    {
        _context.CancellationToken.ThrowIfCancellationRequested();
        var limits = _team.Rules.Limits;
        if (_run.Turns.Count >= limits.MaxTurns)
            _stop = Limit(StopKind.MaxTurns, $"took {_run.Turns.Count} turns, all that TeamLimits.MaxTurns allows");
        else if (limits.MaxTokens is { } tokens && _run.Tokens >= tokens)
            _stop = Limit(StopKind.MaxTokens, $"has used {_run.Tokens} tokens of the {tokens} that TeamLimits.MaxTokens allows");
        else if (limits.MaxCost is { } cost && _run.Cost >= cost)
            _stop = Limit(StopKind.MaxCost, FormattableString.Invariant($"has cost {_run.Cost:0.####} of the {cost:0.####} that TeamLimits.MaxCost allows"));
        return _stop is null;

        StopReason Limit(StopKind kind, string what) => new(kind, $"Team '{_team.Metadata.Name}' {what}; raise it to go on.");
    }

    private AgentResult Result()
    {
        var data = Data();
        _stop ??= _run.Stop ?? new StopReason(StopKind.Completed, $"The protocol '{_team.Protocol.Name}' came to its end after {_run.Turns.Count} turns.");
        switch (_stop.Kind)
        {
            case StopKind.Failure:
                return AgentResult.Failed(_error ?? new AgentError(nameof(AgentException), _stop.Message), _run.Output, _stop, data);
            case StopKind.MaxTurns or StopKind.MaxTokens or StopKind.MaxCost or StopKind.MaxTime or StopKind.NoProgress:
                return AgentResult.Limited(_stop, _run.Output, data);
            default:
                // A session keeps what the team was asked and what it answered.
                _context.Stage([new ChatMessage(ChatRole.User, _context.Task.Input), new ChatMessage(ChatRole.Assistant, _run.Output) { AuthorName = _team.Metadata.Name }]);
                return AgentResult.Done(_run.Output, data, _stop);
        }
    }

    private TeamResult Data() => new(_team.Protocol.Name, [.. _team.Members.Select(m => new TeamSeat(m.Name, m.Role))], [.. _run.Turns]) { Details = _run.Details };
}
