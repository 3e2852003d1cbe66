using AgentCore.Teams;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;
using Microsoft.SemanticKernel.Agents.Chat;

namespace AgentCore.SemanticKernel;

/// <summary>When a Semantic Kernel group chat ends: its termination strategies, made anew for each run.</summary>
public sealed class GroupChatTermination
{
    private readonly Func<TeamRun, IReadOnlyList<Agent>, TerminationStrategy> _create;
    private readonly string[] _members;
    private readonly GroupChatTermination[] _parts;

    private GroupChatTermination(string[] members, Func<TeamRun, IReadOnlyList<Agent>, TerminationStrategy> create, params GroupChatTermination[] parts)
    {
        _members = members;
        _parts = parts;
        _create = create;
    }

    /// <summary>The members that it listens to, those of its parts included.</summary>
    internal IEnumerable<string> Members => _parts.SelectMany(p => p.Members).Concat(_members);

    /// <summary>Not by itself: the number of turns and the team's limits end it.</summary>
    public static GroupChatTermination Never { get; } = new([], (_, _) => new NeverTermination());

    /// <summary>When the last message matches a regular expression.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="members">The members whose messages count; none for all.</param>
    public static GroupChatTermination WhenSaid(string expression, params string[] members)
    {
        ArgumentException.ThrowIfNullOrEmpty(expression);
        return new GroupChatTermination(members, (_, _) => new RegexTerminationStrategy(expression));
    }

    /// <summary>When a kernel function says so: it is given who spoke (<c>_agent_</c>) and the conversation (<c>_history_</c>),
    /// and its model calls are steps of the run.</summary>
    /// <param name="function">The function.</param>
    /// <param name="kernel">The kernel with the model that it uses.</param>
    /// <param name="isEnd">Whether its answer ends the chat; null for the word "yes" or "true" in it.</param>
    /// <param name="members">The members after whose turns it is asked; none for all.</param>
    public static GroupChatTermination ByFunction(KernelFunction function, Kernel kernel, Func<string, bool>? isEnd = null, params string[] members)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(kernel);
        isEnd ??= static answer => answer.Contains("yes", StringComparison.OrdinalIgnoreCase) || answer.Contains("true", StringComparison.OrdinalIgnoreCase);
        return new GroupChatTermination(members, (run, _) => new KernelFunctionTerminationStrategy(function, StrategyKernel.Of(kernel, function, run))
        {
            ResultParser = result => isEnd(result.GetValue<object>()?.ToString() ?? ""),
        });
    }

    /// <summary>When one of several says so.</summary>
    /// <param name="parts">The others.</param>
    public static GroupChatTermination Any(params GroupChatTermination[] parts) => Aggregate(parts, AggregateTerminationCondition.Any);

    /// <summary>When all of several say so.</summary>
    /// <param name="parts">The others.</param>
    public static GroupChatTermination All(params GroupChatTermination[] parts) => Aggregate(parts, AggregateTerminationCondition.All);

    /// <summary>A strategy of the caller's own.</summary>
    /// <param name="create">Makes it for a run; it must be a <c>TerminationStrategy</c>. What it says must follow from the
    /// conversation, so that a resumed run ends at the same place.</param>
    public static GroupChatTermination From(Func<object> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new GroupChatTermination([], (_, _) => create() as TerminationStrategy
            ?? throw new InvalidOperationException("GroupChatTermination.From was given something else than a TerminationStrategy of Semantic Kernel."));
    }

    internal TerminationStrategy Create(TeamRun run, IReadOnlyList<Agent> agents)
    {
        var strategy = _create(run, agents);
        if (_members.Length > 0)
            strategy.Agents = [.. _members.Select(m => GroupChatSelection.Find(agents, m))];
        return strategy;
    }

    private static GroupChatTermination Aggregate(GroupChatTermination[] parts, AggregateTerminationCondition condition)
    {
        ArgumentNullException.ThrowIfNull(parts);
        return new GroupChatTermination([], (run, agents) =>
            new AggregatorTerminationStrategy([.. parts.Select(p => p.Create(run, agents))]) { Condition = condition }, parts);
    }

    private sealed class NeverTermination : TerminationStrategy
    {
        protected override Task<bool> ShouldAgentTerminateAsync(Agent agent, IReadOnlyList<ChatMessageContent> history, CancellationToken cancellationToken) =>
            Task.FromResult(false);
    }
}
