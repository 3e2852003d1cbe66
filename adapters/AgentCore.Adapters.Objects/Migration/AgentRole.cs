using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>
/// Classes that are called after what they do with agents (SupportAgentService, ReviewAgentExecutor, TaskOrchestrator), players and actors. Some of them are
/// agents, others keep lists of them; which, their bases, fields and methods tell.
/// </summary>
internal static class AgentRole
{
    public const string FoundBy = "its name, or its base, says what it does with agents";

    private const string Player = "Player";

    private const string Planner = "Planner";

    private const string Strategy = "Strategy";

    // How a program plays: RandomPlayer, MonteCarloPlayer; not MusicPlayer.
    private static readonly string[] Strategies =
    [
        "ai", "bot", "computer", "robot", "random", "greedy", "minimax", "mini", "min", "max", "negamax", "nega", "mcts", "carlo", "cfr", "mccfr", "alpha", "beta", "heuristic", "smart", "naive", "dumb",
        "learning", "qlearning", "neural", "genetic", "evolved", "strategy", "reflex",
    ];

    // What one asks a mind to do, and not a store: AgentMailService.ClassifyAsync(mail).
    private static readonly string[] Minds =
    [
        "analyze", "analyse", "classify", "summarize", "summarise", "translate", "plan", "review", "evaluate", "decide", "reason", "think", "research", "draft", "write", "explain", "recommend", "suggest",
        "predict", "extract", "score", "route", "triage",
    ];

    // They speak of agents, but carry or keep what agents need.
    private static readonly string[] Carriers =
    [
        .. AgentTypeFinder.Others.Except(["Service", "Session", "Plugin", "Example"]),
        "Catalog", "Log", "Logger", "Cache", "Record", "Data", "Card", "List", "Collection", "Comparer", "Tracker", "Monitor", "Hub", "Host", "Worker", "Mapper", "Observer", "Listener", "Proxy", "Wrapper", "Adapter",
    ];

    private static readonly string[] Roles = ["Service", "Executor", "Orchestrator", "Pipeline", "Loop", "Runner", "Workflow", "Engine", "Coordinator"];

    private static readonly string[] ModelWords = ["llm", "gpt", "openai", "ollama", "anthropic", "claude", "gemini", "kernel", "ai"];

    public static bool Names(string numbered) => IsNamed(Unnumbered(numbered));

    private static bool IsNamed(string name) =>
        name.EndsWith("Orchestrator", StringComparison.Ordinal) || IsGameAi(name) || name.EndsWith(Player, StringComparison.Ordinal) || MayWork(name) || IsPlanner(name);

    private static bool IsPlanner(string name) => name.EndsWith(Planner, StringComparison.Ordinal) || name.EndsWith($"{Planner}Service", StringComparison.Ordinal);

    /// <summary>Agent.Planning.HtnPlanner, which plans for agents; not what plans routes and payments.</summary>
    private static bool PlansForAgents(AgentShape shape, MethodChoice choice) =>
        shape.FullName.LastIndexOf('.') is > 0 and var end && AgentTypeFinder.SpeaksOfAgents(shape.FullName[..end])
        && choice.Method is { IsPublic: true, Return.HasValue: true, Verb.Rank: >= VerbRank.Domain } method && method.Parameters.Any(p => p.Required && !p.Kind.IsAmbient()) && Verbs.Words(method.Name).Contains("plan");

    /// <summary>AgentWithMemory, TemplateAgentClient, SqlAgentSample.</summary>
    private static bool MayWork(string name) => AgentTypeFinder.SpeaksOfAgents(name) && !Array.Exists(Carriers, carrier => name.EndsWith(carrier, StringComparison.Ordinal));

    /// <summary>The base of an actor framework of one's own.</summary>
    private static bool IsActor(string name) => name is "Actor" or "IActor" or "ActorBase" or "BaseActor";

    /// <summary>MiniMax : IPlayer; Greeter : Actor.</summary>
    public static bool Plays(Type type)
    {
        try
        {
            return Inheritance.Bases(type).Concat(type.GetInterfaces()).Any(b => (IsGamePlayer(b.Name) || b.Name.EndsWith(Strategy, StringComparison.Ordinal) || IsActor(b.Name)) && !ShapeReader.IsFramework(b));
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>It is asked or started, and works with a model, with agents, or by a verb that says it executes.</summary>
    public static bool IsPlayed(Type type, AgentShape shape, MethodChoice choice)
    {
        if (choice.Class == AgentClass.E)
            return false;
        if (shape.Bases.Concat(shape.Interfaces).Any(IsActor))
            return shape.Methods.Any(m => m is { IsPublic: true, FromFramework: false });
        var name = Unnumbered(shape.Name);
        if (IsPlanner(name) && !MayWork(name))
            return PlansForAgents(shape, choice) || IsPlayer(shape, choice) || IsGameStrategy(shape, choice);
        if (name.EndsWith(Player, StringComparison.Ordinal) || !IsNamed(name))
            return IsPlayer(shape, choice) || IsGameStrategy(shape, choice);
        if (!MayWork(name) || Array.Exists(Roles, role => name.EndsWith(role, StringComparison.Ordinal)))
            return choice.Method is { } method && (Executes(shape, method) || !name.EndsWith("Service", StringComparison.Ordinal) && Converses(method)) || FieldTypes.Of(type).Select(TypeText.Simple).Any(IsModelOrAgent);
        if (choice.Method is { } reply && RepliesTo(reply))
            return true;
        // AgentJoker, AgenteEjecutor: called an agent as the languages do that put the kind first.
        return Verbs.Words(shape.Name)[0] is "agent" or "agente" && choice.Method is { IsPublic: true, Return: { HasValue: true, Wrapper: not ResultWrapper.None } }
            || (choice.Method ?? choice.Lifecycle.Start) is { IsPublic: true, Verb.Rank: VerbRank.Standard } asked && (asked is { IsStatic: false, Return.HasValue: true } || asked.Return.Wrapper != ResultWrapper.None);
    }

    /// <summary>One of several kinds of player of a game: it fits a Player of some base or interface and has a move to make.</summary>
    private static bool IsPlayer(AgentShape shape, MethodChoice choice) =>
        (shape.Bases.Concat(shape.Interfaces).Any(IsGamePlayer) || Unnumbered(shape.Name).EndsWith(Player, StringComparison.Ordinal) && Verbs.Words(shape.Name).Exists(word => Array.IndexOf(Strategies, word) >= 0))
        && choice is { Class: not AgentClass.E, Method: { IsPublic: true } move } && (move.Verb.Rank >= VerbRank.Domain || move is { FromAgentInterface: true, Return.HasValue: true }) && (move.Return.HasValue || move.FromAgentInterface || move.Parameters.Any(p => p.Required));

    /// <summary>TitForTat : IStrategy, which chooses an action of a game; not a strategy of prices or retries.</summary>
    private static bool IsGameStrategy(AgentShape shape, MethodChoice choice) =>
        shape.Bases.Concat(shape.Interfaces).Any(b => b.EndsWith(Strategy, StringComparison.Ordinal))
        && choice is { Class: not AgentClass.E, Method: { IsPublic: true, Verb.Rank: >= VerbRank.Domain } move } && (move.Return.HasValue || move.Parameters.Any(p => p.Required)) && Verbs.Words(move.Name).Exists(word => word is "move" or "action" or "turn" or "bid" or "card" or "guess" or "shot" or "bet" or "play");

    /// <summary>IPlayer, BasePlayer; not what plays sounds and films.</summary>
    public static bool IsGamePlayer(string name) =>
        (name.EndsWith(Player, StringComparison.Ordinal) || name == "IAI" || IsGameAi(name)) && !Verbs.Words(name).Exists(word => word is "media" or "audio" or "video" or "music" or "sound" or "movie" or "film" or "animation");

    /// <summary>MonteCarloPlayer2 is the second of them.</summary>
    public static string Unnumbered(string name) => name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    private static bool Executes(AgentShape shape, MethodShape m) => m.Verb.Rank switch
    {
        _ when IsGameAi(Unnumbered(shape.Name)) && (m.Verb.Rank == VerbRank.Domain || m.Return.HasValue && m.Parameters.Any(p => p.Required)) => true,
        VerbRank.Standard when m.Verb.Word != "send" || Answers(shape, m) => true,
        VerbRank.Domain when m.Verb.Word == "get" || Array.IndexOf(Minds, m.Verb.Word) >= 0 && m.Return is { HasValue: true, Wrapper: not ResultWrapper.None } => true,
        _ => MethodFilter.MatchesName(shape, m),
    };

    /// <summary>AssistantService.SendAsync(text), which gives something back; a mail service of agents gives nothing.</summary>
    private static bool Answers(AgentShape shape, MethodShape m) =>
        m.Return.HasValue && m.Return.InnerName != "bool" && m.Data.Any(p => p.Kind is ArgumentKind.Text or ArgumentKind.Message) && Verbs.Words(shape.Name).Exists(word => word is "assistant" or "chatbot" or "copilot");

    /// <summary>string GetAnswer(string input).</summary>
    private static bool RepliesTo(MethodShape m) => m is { IsPublic: true, Return.Kind: ResultKind.Text } && m.Data.Any(p => p.Kind == ArgumentKind.Text)
        && Verbs.Words(m.Name).Exists(word => word is "answer" or "reply" or "respond" or "response");

    /// <summary>StartGroupChatAsync(input): a text that is answered by a text, later.</summary>
    private static bool Converses(MethodShape m) => m is { IsPublic: true, Return: { Kind: ResultKind.Text, Wrapper: not ResultWrapper.None } } && m.Data.Any(p => p.Kind == ArgumentKind.Text);

    /// <summary>RandomAI, MinimaxAI; not OpenAI, which is a firm's.</summary>
    private static bool IsGameAi(string name) =>
        name.Length > 2 && name.EndsWith("AI", StringComparison.Ordinal)
        && (Array.IndexOf(Strategies, name[..^2].ToLowerInvariant()) >= 0 || char.IsLower(name[^3]) && Verbs.Words(name)[^2] is not ("open" or "gen" or "azure" or "vertex" or "google" or "mistral" or "foundry" or "extensions"));

    private static bool IsModelOrAgent(string name)
    {
        var words = Verbs.Words(name);
        return AgentTypeFinder.NamesAgent(name) || words.Exists(word => Array.IndexOf(ModelWords, word) >= 0)
            || (words.Contains("chat") || words.Contains("bot")) && (words[^1] == "client" || words.Contains("completion"));
    }
}
