using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Classes without an agent's name that are called after what they do, keep a model (an <c>IChatClient</c>, a <c>Kernel</c>, an <c>ILlmClient</c> of their own) and are asked: TripPlanner, PetChatService; and the nodes of agent workflows.</summary>
internal static class ModelUser
{
    public const string FoundBy = "it keeps a model and is asked, or is a node of an agent workflow";

    public const string FoundByTalk = "its name says that it talks, and it answers what it is asked";

    public const string FoundByOwn = "it keeps a model of its own house and is asked";

    // Named as doers are, but they carry, keep or change what others do.
    private static readonly string[] Carriers =
    [
        "reducer", "interceptor", "handler", "provider", "helper", "loader", "parser", "converter", "formatter", "logger", "wrapper", "adapter", "container", "listener", "observer", "tracker", "filter",
        "builder", "controller", "middleware", "renderer", "serializer", "registrar", "server", "user", "error", "behavior", "decorator", "selector", "connector", "monitor", "buffer", "layer", "reader", "tool", "tools", "plugin", "plugins", "store", "index", "info",
        "model", "models", "llm", "utility", "utilities", "utils", "factory", "options", "settings", "config", "strategy", "transform", "cache", "registry", "repository", "extensions", "context", "state", "test", "tests", "check", "chunker", "embedder",
    ];

    private static readonly string[] TalkWords = ["chat", "ai", "conversation", "dialog", "dialogue", "llm", "gpt", "copilot"];

    /// <summary>It keeps a model, or its code asks one; not what is a model itself.</summary>
    /// <param name="type">The class.</param>
    /// <param name="name">Its name.</param>
    /// <param name="asks">Whether its code asks a model.</param>
    public static bool MayBe(Type type, string name, Func<Type, bool> asks)
    {
        if (type.IsNested)
            return false;
        var words = Verbs.Words(name);
        return IsNode(type) || MayAsk(words) && (Kept(type).Any(field => IsModel(field) || IsAgent(field)) || asks(type)) && !Is(type);
    }

    /// <summary>It keeps a model behind a name of one's own; not what is such a model itself.</summary>
    public static bool MayBeByOwn(Type type, string name) =>
        !type.IsNested && !Is(type) && Verbs.Words(name) is var words && MayAsk(words) && !ModelNames.IsOwn(words) && Kept(type).Any(field => !IsOf(field) && ModelNames.IsOwn(Verbs.Words(TypeText.Simple(field))));

    /// <summary>RagChatService, ConversationEngine; a chat among people sends, and answers nothing.</summary>
    public static bool MayTalk(Type type, string name) =>
        !type.IsNested && !Is(type) && Verbs.Words(name) is [.., "service" or "engine" or "session" or "orchestrator" or "processor" or "responder"] words && Talks(words) && !words.Exists(word => ModelNames.IsMaker(word) || word is "embedding" or "embeddings");

    /// <summary>A text is answered later, by a verb of talking.</summary>
    public static bool Answers(AgentShape shape, MethodChoice choice) => AnswersLater(shape, choice) && choice.Method is { } m
        && m.Verb.Word is "ask" or "chat" or "respond" or "reply" or "answer" or "converse" or "prompt" or "complete" or "generate" or "query" or "process" or "get" or "talk" or "stream" or "send"
        && (m.Verb.Word != "send" || m.Return.Kind == ResultKind.AsyncStream) && m.Return.InnerName != "bool" && m.Data.Any(p => p.Kind is ArgumentKind.Text or ArgumentKind.Message or ArgumentKind.Messages);

    /// <summary>It is a model itself, for the field's libraries.</summary>
    public static bool Is(Type type) => Inheritance.Interfaces(type).Any(IsModel);

    /// <summary>What the class keeps, by itself or by its bases.</summary>
    private static IEnumerable<Type> Kept(Type type) => Inheritance.Bases(type).TakeWhile(b => !ShapeReader.IsFramework(b) && !IsOf(b) && !TypeText.Is(b, "System.Object")).Prepend(type).SelectMany(FieldTypes.Of);

    private static bool IsAgent(Type type) => IsOf(type) && ModelNames.IsAgent(TypeText.Simple(type));

    /// <summary>TripPlanner, PetChatService, WriterCriticFlow; not what carries a model to others.</summary>
    private static bool MayAsk(List<string> words) =>
        words is [.., var last] && Array.IndexOf(Carriers, last) < 0 && (last is not ("client" or "manager") || Talks(words)) && !words.Exists(word => word is "embedding" or "embeddings");

    /// <summary>It says that it talks: ChatManager, AIClient.</summary>
    public static bool Talks(List<string> words) => words.Exists(word => Array.IndexOf(TalkWords, word) >= 0);

    /// <summary>What a class is asked that has its model by name alone, or a prompt, it answers later.</summary>
    public static bool AnswersLater(AgentShape shape, MethodChoice choice) => IsAsked(shape, choice) && choice.Method!.Return is { Wrapper: not ResultWrapper.None } or { Kind: ResultKind.AsyncStream };

    /// <summary>It is asked, or works by itself: a hosted service that keeps a model.</summary>
    public static bool IsOne(AgentShape shape, MethodChoice choice) =>
        IsAsked(shape, choice) || IsHosted(shape, choice) || shape.Type is { } type && IsNode(type) && choice is { Class: not (AgentClass.D or AgentClass.E), Method.Verb.Rank: >= VerbRank.Domain };

    /// <summary>A method that says it executes, or after which the class is called, takes something and gives something back.</summary>
    public static bool IsAsked(AgentShape shape, MethodChoice choice) =>
        choice is { Class: not (AgentClass.D or AgentClass.E), Method: { IsPublic: true, Return.HasValue: true } m }
        && (m.Verb.Rank >= VerbRank.Domain || MethodFilter.MatchesName(shape, m)) && m.Parameters.Any(p => p.Required && !p.Kind.IsAmbient());

    public static bool IsHosted(AgentShape shape, MethodChoice choice) => choice.Class == AgentClass.D && shape.Type is { } type && LifecycleShape.DrivenBase(type) is { IsActor: false };

    private static bool IsModel(Type type) => IsOf(type) && ModelNames.IsModel(TypeText.Simple(type));

    private static bool IsNode(Type type) => Inheritance.Bases(type).Any(b => IsOf(b) && TypeText.Simple(b) is "Executor" or "ReflectingExecutor");

    private static bool IsOf(Type type) => ModelMakers.IsOf(type.Namespace);
}
