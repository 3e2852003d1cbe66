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
    private readonly Seat[] _seats;
    private readonly ScopeBound _bound;
    private StopReason? _stop;
    private AgentError? _error;

    public TeamLoop(Team team, AgentContext context)
    {
        _team = team;
        _context = context;
        _run = new TeamRun(team, context);
        _conversation = new Conversation(_run.MessageList);
        _seats = [.. team.Members.Select((member, i) => new Seat(member, i))];
        _bound = new ScopeBound(team.Rules.Limits.MaxTurnTime, "TeamLimits.MaxTurnTime");
    }

    public async ValueTask<AgentResult> RunAsync()
    {
        _conversation.Begin(_context.Session?.Messages ?? [], _context.Task.Messages, new ChatMessage(ChatRole.User, _context.Task.Input));
        try
        {
            await foreach (var next in _team.Protocol.LeadAsync(_run).ConfigureAwait(false))
            {
                if (!await TakeAsync(next).ConfigureAwait(false))
                    break;
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
    private async ValueTask<bool> TakeAsync(NextTurn next)
    {
        if (next.Members.Count == 1)
            return await TakeAsync(next.Members[0], next.Instruction).ConfigureAwait(false);

        if (!MayGoOn())
            return false;

        // Those that still fit; the limit is told before the next turn.
        var room = Math.Min(next.Members.Count, _team.Rules.Limits.MaxTurns - _run.Turns.Count);
        var seats = next.Members.Take(room).Select(SeatOf).ToList();
        var spoken = await _context.ParallelAsync([.. seats.Select(seat => InBranch(seat, next.Instruction))]).ConfigureAwait(false);
        for (var i = 0; i < spoken.Count; i++)
            Record(seats[i], spoken[i].Result, spoken[i].Scope);
        for (var i = 0; i < spoken.Count && _stop is null; i++)
        {
            if (!IsGood(spoken[i].Result))
                await FailedAsync(seats[i], spoken[i].Result, next.Instruction).ConfigureAwait(false);
        }

        return _stop is null && (room == next.Members.Count || MayGoOn());
    }

    private Func<AgentContext, Task<(AgentResult Result, (string, bool) Scope)>> InBranch(Seat seat, string? instruction) =>
        async branch => (await SpeakAsync(branch, seat, instruction).ConfigureAwait(false), branch.LastScope);

    private async ValueTask<bool> TakeAsync(TeamMember member, string? instruction)
    {
        if (!MayGoOn())
            return false;

        var seat = SeatOf(member);
        var result = await SpeakAsync(_context, seat, instruction).ConfigureAwait(false);
        Record(seat, result, _context.LastScope);
        if (!IsGood(result))
            await FailedAsync(seat, result, instruction).ConfigureAwait(false);
        return _stop is null;
    }

    /// <summary>One turn, which ends whatever the member does.</summary>
    private async ValueTask<AgentResult> SpeakAsync(AgentContext context, Seat seat, string? instruction)
    {
        var task = seat.TaskOf(_conversation, _context.Task, instruction);
        AgentResult result;
        try
        {
            result = await context.ScopeAsync(seat.Member.Agent, task, seat.Session, "turn", seat.Member.Name, context.IsSynchronous, _bound).ConfigureAwait(false);
        }
        catch (Exception e) when (_context.Run.Stop is null && !(e is OperationCanceledException && _context.CancellationToken.IsCancellationRequested))
        {
            result = AgentResult.Failed(AgentError.From(e));
        }

        if (result.IsDone)
            seat.Told();
        else if (result.Stop?.Kind == StopKind.MaxTime)
            seat.Renew();
        if (result.Status == RunStatus.Cancelled)
            _context.CancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>Does with a failed turn what the policy says: tries again, goes on without it, lets another speak, or stops.</summary>
    private async ValueTask FailedAsync(Seat seat, AgentResult result, string? instruction)
    {
        var policy = seat.Member.OnFailure ?? _team.Rules.OnFailure;
        for (var retry = 0; retry < policy.Retries && result.Error is null or { Retryable: true }; retry++)
        {
            if (!MayGoOn())
                return;
            result = await SpeakAsync(_context, seat, instruction).ConfigureAwait(false);
            Record(seat, result, _context.LastScope);
            if (IsGood(result))
                return;
        }

        if (policy.Then == FailureAction.Skip)
            return;
        if (policy.Then == FailureAction.Replace && _team.Find(policy.Substitute ?? "") is { } substitute && substitute != seat.Member)
        {
            if (!MayGoOn())
                return;
            seat = SeatOf(substitute);
            result = await SpeakAsync(_context, seat, instruction).ConfigureAwait(false);
            Record(seat, result, _context.LastScope);
            if (IsGood(result))
                return;
        }

        _error = result.Error ?? new AgentError("AgentCore.TurnFailed", result.Describe()) { Retryable = result.Status == RunStatus.Limited };
        _stop = new StopReason(StopKind.Failure, $"The turn of '{seat.Member.Name}' failed, and the policy is to stop: {result.Describe()}");
    }

    private void Record(Seat seat, AgentResult result, (string Path, bool Replayed) scope)
    {
        var turn = new TeamTurn(_run.Turns.Count + 1, seat.Member.Name, seat.Member.Role, result.Output, result.Status)
        {
            Tokens = TeamRun.TokensOf(result.Usage),
            Error = result.Error,
            Limit = result.Status == RunStatus.Limited ? result.Stop?.Message : null,
            Data = result.Data,
        };
        if (IsGood(result) && turn.Text.Length > 0)
            _conversation.Add(seat, turn.Text, known: result.IsDone && seat.Session is not null);
        _run.Add(turn);
        if (_context.Run.HasWatcher)
            _context.Run.Emit(new TurnEndedEvent(turn), _context, scope.Path, scope.Replayed);
    }

    /// <summary>Whether another turn may be taken; where not, says which limit is reached.</summary>
    private bool MayGoOn()
    {
        _context.CancellationToken.ThrowIfCancellationRequested();
        var limits = _team.Rules.Limits;
        if (_run.Turns.Count >= limits.MaxTurns)
            _stop = new StopReason(StopKind.MaxTurns, $"Team '{_team.Metadata.Name}' took {_run.Turns.Count} turns, all that TeamLimits.MaxTurns allows; raise it to go on.");
        else if (limits.MaxTokens is { } most && _run.Tokens is var used && used >= most)
            _stop = new StopReason(StopKind.MaxTokens, $"Team '{_team.Metadata.Name}' has used {used} tokens of the {most} that TeamLimits.MaxTokens allows; raise it to go on.");
        return _stop is null;
    }

    private AgentResult Result()
    {
        var data = Data();
        switch (_stop?.Kind)
        {
            case null or StopKind.Condition:
                Keep();
                return AgentResult.Done(_run.Output, data, _stop ?? new StopReason(StopKind.Completed, $"The protocol '{_team.Protocol.Name}' came to its end after {_run.Turns.Count} turns."));
            case StopKind.Failure:
                return AgentResult.Failed(_error!, _run.Output, _stop, data);
            default:
                return AgentResult.Limited(_stop!, _run.Output, data);
        }
    }

    /// <summary>A session keeps what the team was asked and what it answered.</summary>
    private void Keep()
    {
        if (_context.Session is { } session)
            session.Stage([new ChatMessage(ChatRole.User, _context.Task.Input), new ChatMessage(ChatRole.Assistant, _run.Output) { AuthorName = _team.Metadata.Name }]);
    }

    private TeamResult Data() => new(_team.Protocol.Name, [.. _team.Members.Select(m => new TeamSeat(m.Name, m.Role))], [.. _run.Turns]) { Details = _run.Details };

    private Seat SeatOf(TeamMember member)
    {
        foreach (var seat in _seats)
        {
            if (ReferenceEquals(seat.Member, member))
                return seat;
        }

        throw new InvalidOperationException($"The protocol '{_team.Protocol.Name}' chose '{member.Name}', which is no member of team '{_team.Metadata.Name}'. Choose from TeamRun.Members.");
    }

    private static bool IsGood(AgentResult result) => result.IsDone || (result.Status == RunStatus.Limited && result.Output.Length > 0);
}
