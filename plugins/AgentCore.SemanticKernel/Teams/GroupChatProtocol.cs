using System.Threading.Channels;
using AgentCore.Teams;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;
using Microsoft.SemanticKernel.Agents.Chat;

namespace AgentCore.SemanticKernel;

/// <summary>A team that takes turns as a Semantic Kernel <c>AgentGroupChat</c> does: its engine selects who speaks and decides
/// when it is over. The turns are ours: bounded, journalled and resumed like those of any team.</summary>
public sealed class GroupChatProtocol : TeamProtocol
{
    private readonly GroupChatSelection _selection;
    private readonly GroupChatTermination _termination;
    private readonly int _maximumIterations;

    /// <summary>Creates the protocol.</summary>
    /// <param name="selection">Who speaks next; null for one after the other.</param>
    /// <param name="termination">When it ends; null for not by itself.</param>
    /// <param name="maximumIterations">How many turns the chat takes at most, 1 or more; 99 by default, as in Semantic Kernel.</param>
    /// <exception cref="ArgumentException">There are less than one.</exception>
    public GroupChatProtocol(GroupChatSelection? selection = null, GroupChatTermination? termination = null, int maximumIterations = 99)
    {
        if (maximumIterations < 1)
            throw new ArgumentException($"GroupChatProtocol's maximumIterations are {maximumIterations}; choose 1 or more.", nameof(maximumIterations));

        _selection = selection ?? GroupChatSelection.Sequential();
        _termination = termination ?? GroupChatTermination.Never;
        _maximumIterations = maximumIterations;
    }

    /// <inheritdoc/>
    public override string Name => "group-chat";

    /// <inheritdoc/>
    public override IEnumerable<TeamFinding> Check(Team team)
    {
        ArgumentNullException.ThrowIfNull(team);
        if (_selection.First is { } first && !IsIn(team, first))
            yield return TeamFinding.Error("protocol.selection", $"begins with '{first}', who is no member.");
        foreach (var name in _termination.Members.Where(m => !IsIn(team, m)).Distinct(StringComparer.OrdinalIgnoreCase))
            yield return TeamFinding.Error("protocol.termination", $"listens to '{name}', who is no member.");
        if (ReferenceEquals(_termination, GroupChatTermination.Never) && team.Rules.Until is null && _maximumIterations >= team.Rules.Limits.MaxTurns)
            yield return TeamFinding.Warning("until", "has no exit but its limits: give it a termination, a condition, or fewer iterations.");
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(run.Context.CancellationToken);
        var turns = Channel.CreateUnbounded<Turn>();
        var chat = CreateChat(run, turns.Writer, end.Token);

        // The chat and the team take turns too: while one goes on, the other waits.
        var engine = DriveAsync(chat, turns.Writer, end.Token);
        try
        {
            await foreach (var turn in turns.Reader.ReadAllAsync(end.Token).ConfigureAwait(false))
            {
                yield return NextTurn.Of(turn.Member);
                turn.Said.TrySetResult(run.LastTurn?.Text ?? "");
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await engine.ConfigureAwait(false);
        }
    }

    private static bool IsIn(Team team, string name) => team.Members.Any(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase));

    private AgentGroupChat CreateChat(TeamRun run, ChannelWriter<Turn> turns, CancellationToken end)
    {
        Agent[] agents = [.. run.Members.Select(member => new PresentedAgent(member.Name, member.Agent.Metadata.Description, async (_, _) =>
        {
            var turn = new Turn(member);
            await turns.WriteAsync(turn, end).ConfigureAwait(false);
            return await turn.Said.Task.WaitAsync(end).ConfigureAwait(false);
        }))];
        var termination = _termination.Create(run, agents);
        termination.MaximumIterations = _maximumIterations;
        var chat = new AgentGroupChat(agents)
        {
            ExecutionSettings = new AgentGroupChatSettings { SelectionStrategy = _selection.Create(run, agents), TerminationStrategy = termination },
        };
        chat.AddChatMessages([.. run.Messages.Select(Messages.ToKernel)]);
        return chat;
    }

    /// <summary>Runs the chat's own loop; how it ends, also by an exception, is told to the reader of the turns.</summary>
    private static async Task DriveAsync(AgentGroupChat chat, ChannelWriter<Turn> turns, CancellationToken end)
    {
        try
        {
            await foreach (var _ in chat.InvokeAsync(end).ConfigureAwait(false))
            {
                // What is said is in the team's turns.
            }

            turns.TryComplete();
        }
        catch (Exception e)
        {
            turns.TryComplete(e);
        }
    }

    /// <summary>A turn that the chat has given to a member.</summary>
    private sealed record Turn(TeamMember Member)
    {
        public TaskCompletionSource<string> Said { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
