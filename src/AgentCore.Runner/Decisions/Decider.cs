using AgentCore.Hosting.Approvals;
using AgentCore.Runs;

namespace AgentCore.Runner.Decisions;

/// <summary>Answers what a run asks: by the workspace's rules, by <c>--yes</c>, by the person at the console, in this order.</summary>
internal sealed class Decider(IReadOnlyList<IDecider> deciders) : IDecider
{
    public static Decider For(Session session)
    {
        List<IDecider> deciders = [session.Workspace.Approvals()];
        if (session.Yes)
            deciders.Add(new ApproveAll());
        if (session.Terminal.CanAsk && !session.NoInput)
            deciders.Add(new ConsoleDecider(session.Terminal, Console.In));
        return new Decider(deciders);
    }

    public async ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        foreach (var decider in deciders)
        {
            if (await decider.DecideAsync(request, cancellationToken) is { } decision)
                return decision;
        }

        return null;
    }

    private sealed class ApproveAll : IDecider
    {
        public ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken) =>
            new(request.Pending.Kind == DecisionKind.Approval ? new Decision(Verdict.Approve, "--yes") : null);
    }
}
