using AgentCore.Agents;
using AgentCore.Runs;

namespace AgentCore.Teams;

/// <summary>Lets the members of a run speak: a turn is a scope, and ends whatever its member does.</summary>
internal sealed class Speaking
{
    private readonly Team _team;
    private readonly AgentContext _context;
    private readonly Conversation _conversation;
    private readonly Seat[] _seats;
    private readonly ScopeBound _bound;

    public Speaking(Team team, AgentContext context, Conversation conversation)
    {
        _team = team;
        _context = context;
        _conversation = conversation;
        _seats = new Seat[team.Members.Count];
        for (var i = 0; i < _seats.Length; i++)
            _seats[i] = new Seat(team.Members[i], i);
        _bound = new ScopeBound(team.Rules.Limits.MaxTurnTime, "TeamLimits.MaxTurnTime");
    }

    public Seat SeatOf(TeamMember member)
    {
        var index = _team.IndexOf(member);
        return index >= 0
            ? _seats[index]
            : throw new InvalidOperationException($"The protocol '{_team.Protocol.Name}' chose '{member.Name}', which is no member of team '{_team.Metadata.Name}'. Choose from TeamRun.Members.");
    }

    /// <summary>One turn.</summary>
    /// <param name="context">The team's context, or the branch that the turn has.</param>
    /// <param name="seat">Who speaks.</param>
    /// <param name="next">What the protocol said of it.</param>
    public async ValueTask<Spoken> SpeakAsync(AgentContext context, Seat seat, NextTurn next)
    {
        var task = seat.TaskOf(_conversation, _context.Task, next.Instruction);
        context.Calls = seat.Calls;
        context.Ending = next.MayHandTo is { Count: > 0 } targets && seat.Member.Agent is ChatAgent ? new HandoffTool(targets) : null;
        AgentResult result;
        try
        {
            result = await context.ScopeAsync(seat.Member.Agent, task, seat.Session, "turn", seat.Member.Name, context.IsSynchronous, _bound).ConfigureAwait(false);
        }
        catch (Exception e) when (_context.Run.Stop is null && !(e is OperationCanceledException && _context.CancellationToken.IsCancellationRequested))
        {
            result = AgentResult.Failed(AgentError.From(e));
        }
        finally
        {
            context.Ending = null;
            context.Calls = null;
        }

        if (result.Status == RunStatus.Cancelled)
            _context.CancellationToken.ThrowIfCancellationRequested();
        if (result.IsDone)
            seat.Told();
        else if (result.Stop?.Kind == StopKind.MaxTime)
            seat.Renew();
        return new Spoken(CheckHandoff(seat, next, result), seat.Calls.Take(), context.LastScope.Path, context.LastScope.Replayed);
    }

    /// <summary>What is recorded of a turn.</summary>
    public TeamTurn TurnOf(int number, Seat seat, Spoken spoken)
    {
        var result = spoken.Result;
        return new TeamTurn(number, seat.Member.Name, seat.Member.Role, result.Output, result.Status)
        {
            Tokens = UsageSum.TokensOf(result.Usage),
            Cost = CostOf(seat.Member.Agent, result),
            Tools = spoken.Calls.Count == 0 ? null : [.. spoken.Calls.Select(c => c.Tool)],
            HandedTo = result.IsDone ? (result.Data as Handoff)?.To : null,
            Error = result.Error,
            Limit = result.Status == RunStatus.Limited || result.Stop?.Kind == StopKind.MaxTokens ? result.Stop?.Message : null,
            Data = result.Data,
        };
    }

    /// <summary>A handover to nobody is a failed turn: a user's own agent may have made it up.</summary>
    private static AgentResult CheckHandoff(Seat seat, NextTurn next, AgentResult result)
    {
        if (!result.IsDone || next.MayHandTo is not { } targets || result.Data is not Handoff handoff)
            return result;

        return targets.Any(t => string.Equals(t.Name, handoff.To, StringComparison.OrdinalIgnoreCase))
            ? result
            : AgentResult.Failed(new AgentError("AgentCore.BadHandoff", $"'{seat.Member.Name}' handed over to '{handoff.To}'; it may to: {string.Join(", ", targets.Select(t => t.Name))}."), result.Output).Keep(result);
    }

    private decimal? CostOf(BaseAgent agent, AgentResult result)
    {
        if (_team.Rules.Price is not { } price || result.Usage is not { } usage)
            return null;
        if (price(agent) is { } own)
            return own.CostOf(usage);
        return result.Data is TeamResult inner ? inner.Turns.Sum(t => t.Cost) : null;
    }
}

/// <summary>What a turn came to.</summary>
internal sealed record Spoken(AgentResult Result, IReadOnlyList<(string Tool, UInt128 Key)> Calls, string Path, bool Replayed)
{
    /// <summary>Whether it counts as said: it is done, or reached a limit and has said something.</summary>
    public bool IsGood => Result.IsDone || (Result.Status == RunStatus.Limited && Result.Output.Length > 0);
}
