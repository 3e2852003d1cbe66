using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Classes without an agent's name that are called after what they do, keep a model (an <c>IChatClient</c>, a <c>Kernel</c>, an <c>ILlmClient</c> of their own) and are asked: TripPlanner, PetChatService; and the nodes of agent workflows.</summary>
internal static class ModelUser
{
    public const string FoundBy = "it keeps a model and is asked, or is a node of an agent workflow";

    public const string FoundByTalk = "its name says that it talks, and it answers what it is asked";

    public const string FoundByModel = "it speaks for a model and answers what it is asked, and no agent keeps it";

    public const string FoundByOwn = "it keeps a model of its own house and is asked";

    // Named as doers are, but they carry, keep or change what others do.
    private static readonly string[] Carriers =
    [
        "reducer", "interceptor", "handler", "provider", "helper", "loader", "parser", "converter", "formatter", "logger", "wrapper", "adapter", "container", "listener", "observer", "tracker", "filter",
        "builder", "controller", "middleware", "renderer", "serializer", "registrar", "server", "user", "error", "behavior", "decorator", "selector", "connector", "monitor", "buffer", "layer", "reader", "tool", "tools", "plugin", "plugins", "store", "index", "info",
        "model", "models", "llm", "utility", "utilities", "utils", "factory", "options", "settings", "config", "strategy", "transform", "cache", "registry", "repository", "extensions", "context", "state", "test", "tests", "check", "chunker", "embedder",
    ];

    // What talks: by itself, or for the others of its house.
    private static readonly string[] TalkRoles = ["service", "engine", "session", "orchestrator", "processor", "responder", "client", "provider", "facade", "strategy", "adapter", "connector", "gateway"];

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
        IsTalker(type, name, out var words) && words[^1] is "service" or "engine" or "session" or "orchestrator" or "processor" or "responder" && (Talks(words) || words[0] is "rag" or "answer") && !SpeaksOfMakers(words);

    /// <summary>ClaudeService, LlmProvider: a model's, or all that a program has for an agent.</summary>
    public static bool MayBeAModels(Type type, string name) => IsTalker(type, name, out var words) && Array.IndexOf(TalkRoles, words[^1]) >= 0 && (Talks(words) || SpeaksOfMakers(words)) && !Decorates(type);

    /// <summary>It keeps another of what it is itself: a cache, or a choice of several.</summary>
    private static bool Decorates(Type type) => Inheritance.Interfaces(type) is { Length: > 0 } own && Kept(type).Any(field => Array.Exists(own, i => !ShapeReader.IsFramework(i) && i == field));

    private static bool IsTalker(Type type, string name, out List<string> words) =>
        (words = Verbs.Words(name)).Count > 1 && !type.IsNested && !Is(type) && !words.Exists(word => word is "embedding" or "embeddings");

    private static bool SpeaksOfMakers(List<string> words) => words.Exists(ModelNames.IsMaker) || words.Contains("open") && words.Contains("ai");

    /// <summary>A text is answered later, by a verb of talking.</summary>
    public static bool Answers(AgentShape shape, MethodChoice choice) => AnswersLater(shape, choice) && choice.Method is { } m && m.Return.InnerName != "bool"
        && (m.Verb.Word is "ask" or "chat" or "respond" or "reply" or "answer" or "converse" or "prompt" or "complete" or "generate" or "query" or "process" or "get" or "talk" or "stream"
            || m.Verb.Word == "send" && (m.Return.Kind == ResultKind.AsyncStream || IsReply(m.Return.InnerName) && Verbs.Words(shape.Name) is var words && (SpeaksOfMakers(words) || words.Contains("ai"))))
        && m.Data.Any(p => p.Kind is ArgumentKind.Text or ArgumentKind.Message or ArgumentKind.Messages || IsPrompt(p));

    private static bool IsReply(string name) => name == "string" || name.Contains("Response", StringComparison.Ordinal) || name.Contains("Reply", StringComparison.Ordinal) || name.Contains("Answer", StringComparison.Ordinal);

    /// <summary>LlmRequest, ChatPrompt.</summary>
    private static bool IsPrompt(ParameterShape p) => p.Kind == ArgumentKind.Poco && Verbs.Words(p.TypeName) is [.., "request" or "prompt"] words && (Talks(words) || SpeaksOfMakers(words) || words.Contains("message") || words.Contains("question"));

    /// <summary>It is a model itself, for the field's libraries.</summary>
    public static bool Is(Type type) => Inheritance.Interfaces(type).Any(IsModel);

    /// <summary>What speaks for a model is an agent's client where an agent keeps it, by itself or as what it implements.</summary>
    public static IEnumerable<ScannedAgent> WithoutModels(IReadOnlyCollection<(ScannedAgent Agent, Type Type)> found)
    {
        var kept = found.Where(f => f.Agent.FoundBy != FoundByModel).SelectMany(f => Kept(f.Type)).Select(TypeText.FullName).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return found.Where(f => f.Agent.FoundBy != FoundByModel || !Inheritance.Bases(f.Type).Concat(Inheritance.Interfaces(f.Type)).Prepend(f.Type).Any(t => !ShapeReader.IsFramework(t) && kept.Contains(TypeText.FullName(t) ?? ""))).Select(f => f.Agent);
    }

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
