using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>What convention may make for a constructor, and what is a person's choice though it could be made.</summary>
internal static class Choices
{
    /// <summary>Of several the one without further needs is taken where it keeps all in memory, or is called as what it stands for: TicTacToe is no better an IGame than Tixy.</summary>
    public static bool IsUsual(Type type, Type abstraction)
    {
        var words = Verbs.Words(TypeText.Simple(type));
        return !IsFake(type, abstraction) && !DoesNothing(words) && (words.Contains("memory") || words is ["default" or "silent", ..] || $"I{TypeText.Simple(type)}" == TypeText.Simple(abstraction));
    }

    /// <summary>A FakeLlmClient only looks like one; a library's NullMemory is nobody's choice, while one's own NoOpSink is.</summary>
    public static bool IsFake(Type type, Type abstraction)
    {
        var words = Verbs.Words(TypeText.Simple(type));
        return $"I{TypeText.Simple(type)}" != TypeText.Simple(abstraction) && (words is ["fake" or "mock" or "mocked" or "dummy" or "stub", ..] || DoesNothing(words) && (ModelMakers.IsOf(type.Namespace) || ShapeReader.IsFramework(type)));
    }

    private static bool DoesNothing(List<string> words) => words is ["null" or "noop", ..] or ["no", "op", ..];

    /// <summary>Agents, or others of the house that are led: a list of employees is data.</summary>
    public static bool IsOfAgents(Type type, string name) =>
        Inheritance.ElementOf(type) is { } element && !ShapeReader.IsFramework(element)
        && (AgentTypeFinder.NamesAgent(TypeText.Simple(element)) || name.TrimStart('_') is "agents" or "subAgents" or "members" or "workers" or "participants" or "experts" or "specialists" or "assistants" && !DataAbstractions.IsDataOnly(element));

    /// <summary>An empty one would be made, and fail at the first prompt, or the first query.</summary>
    public static bool IsEmptyAlone(Type type) => NeedsModel(type) || Inheritance.Derives(type, "Microsoft.EntityFrameworkCore.DbContext");

    public static bool NeedsModel(Type type) => TypeText.Is(type, "Microsoft.SemanticKernel.Kernel");
}
