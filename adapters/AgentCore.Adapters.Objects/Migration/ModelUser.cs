using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Classes without an agent's name that are called after what they do, keep a model (an <c>IChatClient</c>, a <c>Kernel</c>, an <c>ILlmClient</c> of their own) and are asked: TripPlanner, PetChatService; and the nodes of agent workflows.</summary>
internal static class ModelUser
{
    public const string FoundBy = "it keeps a model and is asked, or is a node of an agent workflow";

    private static readonly string[] Makers = ["Microsoft.Extensions.AI", "Microsoft.SemanticKernel", "Microsoft.Agents.AI", "OpenAI", "Azure.AI", "Anthropic", "OllamaSharp", "Mscc.GenerativeAI", "LangChain"];

    private static readonly string[] Models =
        ["IChatClient", "ChatClient", "Kernel", "IChatCompletionService", "ITextGenerationService", "AIAgent", "ChatClientAgent", "ChatCompletionAgent", "OpenAIClient", "AzureOpenAIClient", "AnthropicClient", "IOllamaApiClient", "OllamaApiClient", "GenerativeModel"];

    private static readonly string[] OwnModels = ["llm", "gpt", "openai", "ollama", "gemini", "claude", "anthropic", "mistral", "groq", "deepseek", "openrouter"];

    // Named as doers are, but they carry, keep or change what others do.
    private static readonly string[] Carriers =
    [
        "reducer", "interceptor", "handler", "provider", "helper", "loader", "parser", "converter", "formatter", "logger", "wrapper", "adapter", "container", "listener", "observer", "tracker", "filter",
        "builder", "controller", "middleware", "renderer", "serializer", "registrar", "server", "user", "error", "behavior", "decorator", "selector", "connector", "monitor", "buffer", "layer", "reader", "manager",
    ];

    public static bool MayBe(Type type, string name)
    {
        if (type.IsNested)
            return false;
        var words = Verbs.Words(name);
        return IsNode(type) || IsDoer(words) && FieldTypes.Of(type).Any(field => IsModel(field) || !IsOwnModel(words) && !IsOf(field) && IsOwnModel(Verbs.Words(TypeText.Simple(field))))
            || IsService(words) && FieldTypes.Of(type).Any(IsAgent);
    }

    /// <summary>WriterCriticService, which keeps a writer and a critic.</summary>
    private static bool IsService(List<string> words) => words is [.., "service" or "engine" or "manager" or "pipeline" or "processor" or "flow"];

    private static bool IsAgent(Type type) => IsOf(type) && TypeText.Simple(type) is "AIAgent" or "ChatClientAgent" or "ChatCompletionAgent" or "AgentGroupChat";

    /// <summary>TripPlanner, IntentClassifier; PetChatService, AIChatEngine.</summary>
    private static bool IsDoer(List<string> words) => words is [.., var last]
        && (last.Length > 5 && (last.EndsWith("er", StringComparison.Ordinal) || last.EndsWith("or", StringComparison.Ordinal)) && Array.IndexOf(Carriers, last) < 0
            || last is "service" or "engine" or "manager" or "client" && words.Exists(word => word is "chat" or "ai" or "conversation" or "dialog" or "dialogue" or "llm" or "gpt" or "copilot")
            || last is "workflow");

    public static bool IsOne(AgentShape shape, MethodChoice choice) =>
        IsAsked(shape, choice) || shape.Type is { } type && IsNode(type) && choice is { Class: not (AgentClass.D or AgentClass.E), Method.Verb.Rank: >= VerbRank.Domain };

    /// <summary>A method that says it executes, or after which the class is called, takes something and gives something back.</summary>
    public static bool IsAsked(AgentShape shape, MethodChoice choice) =>
        choice is { Class: not (AgentClass.D or AgentClass.E), Method: { IsPublic: true, Return.HasValue: true } m }
        && (m.Verb.Rank >= VerbRank.Domain || MethodScore.MatchesName(shape, m)) && m.Parameters.Any(p => p.Required && !p.Kind.IsAmbient());

    private static bool IsModel(Type type) => IsOf(type) && Array.IndexOf(Models, TypeText.Simple(type)) >= 0;

    /// <summary>ILlmClient, OpenAIService, IChatClientFactory: a model behind a name of one's own.</summary>
    private static bool IsOwnModel(List<string> words) =>
        words[^1] is "client" or "service" or "provider" or "model" or "gateway" or "factory" or "llm" or "connector" or "adapter" or "api"
        && (words.Exists(word => Array.IndexOf(OwnModels, word) >= 0) || words.Contains("chat") && words.Exists(word => word is "client" or "completion" or "model") || words.Contains("language") && words.Contains("model") || words.Contains("open") && words.Contains("ai"));

    private static bool IsNode(Type type) => Inheritance.Bases(type).Any(b => IsOf(b) && TypeText.Simple(b) is "Executor" or "ReflectingExecutor");

    private static bool IsOf(Type type) => Array.Exists(Makers, maker => type.Namespace?.StartsWith(maker, StringComparison.Ordinal) == true);
}
