using Microsoft.Extensions.AI;

namespace AgentCore.Tools;

/// <summary>A function that must know which agent calls it, in which run.</summary>
internal sealed class ContextFunction(AIFunction inner) : DelegatingAIFunction(inner)
{
    private static readonly object Slot = typeof(ContextFunction);

    public static void Attach(AgentContext context, AIFunctionArguments arguments) =>
        (arguments.Context ??= new Dictionary<object, object?>())[Slot] = context;

    public static AgentContext ContextOf(AIFunctionArguments arguments) =>
        arguments.Context?.TryGetValue(Slot, out var value) == true && value is AgentContext context
            ? context
            : throw new InvalidOperationException("This tool works for the agent that calls it in a run: call it through the agent's context.");
}
