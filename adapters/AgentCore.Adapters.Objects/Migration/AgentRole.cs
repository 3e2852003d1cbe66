using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>
/// Classes that are called after what they do with agents: SupportAgentService, ReviewAgentExecutor, TaskOrchestrator. Some of them are agents, others
/// keep lists of them; which, their fields and methods tell.
/// </summary>
internal static class AgentRole
{
    public const string FoundBy = "its name says what it does with agents";

    private static readonly string[] Roles = ["Service", "Executor", "Orchestrator", "Pipeline", "Loop", "Runner", "Workflow", "Engine", "Coordinator"];

    private static readonly string[] ModelWords = ["llm", "gpt", "openai", "ollama", "anthropic", "claude", "gemini", "kernel", "ai"];

    public static bool Names(string name) =>
        name.EndsWith("Orchestrator", StringComparison.Ordinal) || IsGameAi(name)
        || Array.Exists(Roles, role => name.EndsWith(role, StringComparison.Ordinal) && AgentTypeFinder.SpeaksOfAgents(name[..^role.Length]));

    /// <summary>It is asked or started, and works with a model, with agents, or by a verb that says it executes.</summary>
    public static bool IsPlayed(Type type, AgentShape shape, MethodChoice choice) =>
        choice.Class != AgentClass.E && (choice.Method is { } method && Executes(shape, method) || FieldTypes.Of(type).Select(TypeText.Simple).Any(IsModelOrAgent));

    private static bool Executes(AgentShape shape, MethodShape m) => m.Verb.Rank switch
    {
        VerbRank.Standard when m.Verb.Word != "send" => true,
        VerbRank.Domain when m.Verb.Word == "get" || IsGameAi(shape.Name) => true,
        _ => MethodScore.MatchesName(shape, m),
    };

    /// <summary>RandomAI, MinimaxAI; not OpenAI, which is a firm's.</summary>
    private static bool IsGameAi(string name) =>
        name.Length > 2 && name.EndsWith("AI", StringComparison.Ordinal) && char.IsLower(name[^3]) && Verbs.Words(name)[^2] is not ("open" or "gen" or "azure" or "vertex" or "google" or "mistral" or "foundry" or "extensions");

    private static bool IsModelOrAgent(string name)
    {
        var words = Verbs.Words(name);
        return AgentTypeFinder.NamesAgent(name) || words.Exists(word => Array.IndexOf(ModelWords, word) >= 0)
            || (words.Contains("chat") || words.Contains("bot")) && (words[^1] == "client" || words.Contains("completion"));
    }
}
