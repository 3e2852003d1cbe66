using AgentCore.Adapters.Objects;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Processes;
using AgentCore.Teams;

namespace AgentCore.Runner.Output;

/// <summary>Whether an agent may ask the workspace's model: a wrapped class only where it is given it, a program never.</summary>
internal static class ModelUse
{
    public static bool By(BaseAgent agent) => agent switch
    {
        ProcessAgent or PersonAgent => false,
        UniversalAgentAdapter wrapped => wrapped.Binding.Construct.Concat(wrapped.Binding.Arguments).Any(a => MayGive(a.From)),
        Team team => team.Protocol is SelectorProtocol or PlannerProtocol || team.Members.Any(m => By(m.Agent)),
        _ => true,
    };

    private static bool MayGive(string from) => from is ArgumentSource.Client or ArgumentSource.Services or ArgumentSource.New || from.StartsWith("new:", StringComparison.Ordinal);
}
