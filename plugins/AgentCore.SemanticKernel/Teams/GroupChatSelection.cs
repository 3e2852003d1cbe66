using AgentCore.SemanticKernel.Gate;
using AgentCore.Teams;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;
using Microsoft.SemanticKernel.Agents.Chat;

namespace AgentCore.SemanticKernel;

/// <summary>Who speaks next in a Semantic Kernel group chat: its selection strategies, made anew for each run.</summary>
public sealed class GroupChatSelection
{
    private readonly Func<TeamRun, IReadOnlyList<Agent>, SelectionStrategy> _create;

    private GroupChatSelection(Func<TeamRun, IReadOnlyList<Agent>, SelectionStrategy> create, string? first = null)
    {
        _create = create;
        First = first;
    }

    /// <summary>The member that begins; null where the strategy says.</summary>
    internal string? First { get; }

    /// <summary>One after the other, in the team's order.</summary>
    /// <param name="first">The member that begins, by name; null for the first.</param>
    public static GroupChatSelection Sequential(string? first = null) =>
        new((_, agents) => new SequentialSelectionStrategy { InitialAgent = first is null ? null : Find(agents, first) }, first);

    /// <summary>A kernel function chooses. It is given the members' names (<c>_agents_</c>) and the conversation
    /// (<c>_history_</c>), and its model calls are steps of the run.</summary>
    /// <param name="function">The function; it returns a member's name.</param>
    /// <param name="kernel">The kernel with the model that it uses.</param>
    /// <param name="first">The member that begins, and that speaks where the function names none; null to fail there.</param>
    public static GroupChatSelection ByFunction(KernelFunction function, Kernel kernel, string? first = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(kernel);
        return new GroupChatSelection((run, agents) => new KernelFunctionSelectionStrategy(function, StrategyKernel.Of(kernel, function, run))
        {
            InitialAgent = first is null ? null : Find(agents, first),
            UseInitialAgentAsFallback = first is not null,
            ResultParser = result => (result.GetValue<object>()?.ToString() ?? "").Trim(),
        }, first);
    }

    /// <summary>A strategy of the caller's own.</summary>
    /// <param name="create">Makes it for a run; it must be a <c>SelectionStrategy</c>. Its choices must follow from the
    /// conversation, so that a resumed run chooses the same.</param>
    public static GroupChatSelection From(Func<object> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new GroupChatSelection((_, _) => create() as SelectionStrategy
            ?? throw new InvalidOperationException("GroupChatSelection.From was given something else than a SelectionStrategy of Semantic Kernel."));
    }

    internal SelectionStrategy Create(TeamRun run, IReadOnlyList<Agent> agents) => _create(run, agents);

    internal static Agent Find(IReadOnlyList<Agent> agents, string name) =>
        agents.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOperationException($"The group chat names '{name}', who is no member. The members are: {string.Join(", ", agents.Select(a => a.Name))}.");
}

/// <summary>The kernel of a strategy within a run.</summary>
internal static class StrategyKernel
{
    public static Kernel Of(Kernel kernel, KernelFunction function, TeamRun run) =>
        new GatedPlugins(kernel, run.Team.Metadata.Capabilities, null).KernelOf(run.Context, allowed: function);
}
