using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Classes without an agent's name that are called after what they do, keep a model (an <c>IChatClient</c>, a <c>Kernel</c>) and are asked: TripPlanner, PetChatService; and the nodes of agent workflows.</summary>
internal static class ModelUser
{
    public const string FoundBy = "it keeps a model and is asked, or is a node of an agent workflow";

    private static readonly string[] Makers = ["Microsoft.Extensions.AI", "Microsoft.SemanticKernel", "Microsoft.Agents.AI", "OpenAI", "Azure.AI", "Anthropic", "OllamaSharp", "Mscc.GenerativeAI", "LangChain"];

    private static readonly string[] Models =
        ["IChatClient", "ChatClient", "Kernel", "IChatCompletionService", "ITextGenerationService", "AIAgent", "ChatClientAgent", "ChatCompletionAgent", "OpenAIClient", "AzureOpenAIClient", "AnthropicClient", "IOllamaApiClient", "OllamaApiClient", "GenerativeModel"];

    // Named as doers are, but they carry, keep or change what others do.
    private static readonly string[] Carriers =
    [
        "reducer", "interceptor", "handler", "provider", "helper", "loader", "parser", "converter", "formatter", "logger", "wrapper", "adapter", "container", "listener", "observer", "tracker", "filter",
        "builder", "controller", "middleware", "renderer", "serializer", "registrar", "server", "user", "error", "behavior", "decorator", "selector", "connector", "monitor", "buffer", "layer", "reader", "manager",
    ];

    /// <summary>The assembly speaks to a model at all; cheap to ask before anything else.</summary>
    public static bool IsIn(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Any(a => Array.Exists(Makers, maker => a.Name?.StartsWith(maker, StringComparison.Ordinal) == true));

    public static bool MayBe(Type type, string name) =>
        !type.IsNested && (IsNode(type) || IsDoer(Verbs.Words(name)) && FieldTypes.Of(type).Any(IsModel) || IsService(name) && FieldTypes.Of(type).Any(IsAgent));

    /// <summary>WriterCriticService, which keeps a writer and a critic.</summary>
    private static bool IsService(string name) => Verbs.Words(name) is [.., "service" or "engine" or "manager" or "pipeline" or "processor" or "flow"];

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

    private static bool IsNode(Type type) => Inheritance.Bases(type).Any(b => IsOf(b) && TypeText.Simple(b) is "Executor" or "ReflectingExecutor");

    private static bool IsOf(Type type) => Array.Exists(Makers, maker => type.Namespace?.StartsWith(maker, StringComparison.Ordinal) == true);
}
