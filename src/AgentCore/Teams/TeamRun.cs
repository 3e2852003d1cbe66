using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Teams;

/// <summary>A team's run as its protocol and conditions see it.</summary>
public sealed class TeamRun
{
    private readonly List<ChatMessage> _messages = [];
    private readonly List<TeamTurn> _turns = [];

    internal TeamRun(Team team, AgentContext context)
    {
        Team = team;
        Context = context;
    }

    /// <summary>The team.</summary>
    public Team Team { get; }

    /// <summary>The run's context: model calls and steps of a protocol are done through it.</summary>
    public AgentContext Context { get; }

    /// <summary>The members, in the team's order.</summary>
    public IReadOnlyList<TeamMember> Members => Team.Members;

    /// <summary>What the team is asked.</summary>
    public AgentTask Task => Context.Task;

    /// <summary>The conversation: what led here, the task, and what was said; each member's messages are user messages with
    /// its name as author. Not to be changed.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>The turns so far, failed ones included.</summary>
    public IReadOnlyList<TeamTurn> Turns => _turns;

    /// <summary>The last turn; null before the first.</summary>
    public TeamTurn? LastTurn => _turns.Count > 0 ? _turns[^1] : null;

    /// <summary>The team's output if it ended now: the last good turn's text, or what the protocol set.</summary>
    public string Output { get; private set; } = "";

    /// <summary>The tokens that the run has used.</summary>
    public long Tokens => UsageSum.TokensOf(Context.Usage);

    /// <summary>What the turns have cost, as far as prices are known.</summary>
    public decimal Cost { get; private set; }

    /// <summary>What the protocol adds to the result; see <see cref="TeamResult.Details"/>.</summary>
    public object? Details { get; set; }

    internal StopReason? Stop { get; private set; }

    internal List<ChatMessage> MessageList => _messages;

    /// <summary>Sets the team's output, in place of the last good turn's text.</summary>
    /// <param name="output">The output.</param>
    public void SetOutput(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Output = output;
    }

    /// <summary>Ends the run, when the protocol comes to its end next, for another reason than that it is done. The kinds of
    /// limits and <see cref="StopKind.NoProgress"/> give <see cref="RunStatus.Limited"/>, others <see cref="RunStatus.Done"/>.</summary>
    /// <param name="reason">The reason.</param>
    public void StopWith(StopReason reason) => Stop = reason ?? throw new ArgumentNullException(nameof(reason));

    /// <summary>A member by name, ignoring case.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="AgentException">There is none.</exception>
    public TeamMember Member(string name) => Team.Find(name)
        ?? throw new AgentException($"Team '{Team.Metadata.Name}' has no member '{name}'. The members are: {string.Join(", ", Members.Select(m => m.Name))}.");

    /// <summary>Where a member is in the team's order, from 0; -1 for none of it.</summary>
    /// <param name="member">The member.</param>
    public int IndexOf(TeamMember member) => Team.IndexOf(member);

    /// <summary>Finds a member by name, ignoring case.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The member, or null where there is none.</returns>
    public TeamMember? Find(string name) => Team.Find(name);

    internal void Add(TeamTurn turn)
    {
        _turns.Add(turn);
        Cost += turn.Cost ?? 0;
        if (turn.IsGood && turn.Text.Length > 0)
            Output = turn.Text;
    }
}
