using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Says whether a type is an agent class, and why. Reads names and bases only, so that it is cheap for types that are none.</summary>
internal sealed class AgentTypeFinder(ScanOptions options)
{
    private static readonly string[] Suffixes = ["Agent", "Bot", "Assistant", "Copilot", "Chatbot", "Agente"];

    // Named beside agents, but no agents: messages, settings, factories, tests.
    internal static readonly string[] Others =
    [
        "Options", "Settings", "Config", "Configuration", "Factory", "Builder", "Exception", "Extensions", "Context", "Message", "Event",
        "Args", "Result", "Response", "Request", "Attribute", "Provider", "Registry", "Manager", "Service", "Store", "Repository",
        "Controller", "State", "Info", "Metadata", "Id", "Type", "Types", "Tests", "Test", "Helper", "Helpers", "Utils", "Constants",
        "Definition", "Converter", "Validator", "Middleware", "Handler", "Status", "Thread", "Session", "Update", "Dto", "Model",
        "Entity", "Component", "View", "ViewModel", "Page", "Module", "Plugin", "Tool", "Tools", "Example", "Program", "Startup", "Migration",
    ];

    // A class of these names is none even where it has an agent's base: it speaks of agents, or stands in for them.
    private static readonly string[] Never = ["Options", "Settings", "Exception", "Extensions", "Args", "Attribute", "Tests", "Test", "Builder", "Factory", "Dto", "Startup", "Program"];

    // What an agent is called that its runtime drives: BotWorker, AgentHeartbeatService.
    private static readonly string[] Driven = ["Worker", "Service", "Host", "Runner", "Job", "Daemon", "Listener", "Scheduler", "Actor", "Grain"];

    private readonly Dictionary<string, bool> _baseVerdicts = new(StringComparer.Ordinal);
    private readonly Dictionary<System.Reflection.Assembly, bool> _models = [];
    private readonly Dictionary<System.Reflection.Assembly, IReadOnlySet<string>> _prompts = [];
    private readonly Dictionary<System.Reflection.Assembly, IReadOnlySet<string>> _askers = [];

    /// <summary>Why it is an agent: what is certain alone, or else what speaks for it, which its methods have to bear out; nothing where it is none.</summary>
    public IEnumerable<string> Why(Type type)
    {
        var name = TypeText.Simple(type);
        if (options.Types.Count > 0)
            return !type.Name.StartsWith('<') && options.Takes(type.FullName ?? name) ? ["named by the user"] : [];
        if (type.IsInterface || Inheritance.IsValueType(type) || name.Length == 0 || name[0] == '<' || IsHidden(type) || type.IsAbstract && !type.IsSealed)
            return [];
        return (Certain(type, name) is { } certain ? [certain] : type.IsAbstract || IsNone(name) ? [] : Possible(type, name)).Where(_ => !IsGenerated(type));
    }

    private string? Certain(Type type, string name)
    {
        if (NamesAgent(name) || !type.IsAbstract && IsNamedBase(name))
            return type.IsAbstract && !HasMethods(type) ? null : $"its name ends in {Suffixes.MaxBy(s => name.LastIndexOf(s, StringComparison.OrdinalIgnoreCase))}";
        if (type.IsAbstract)
            return null;
        // LineBuilder : GameAgent is one; AgentBuilder : IAgent stands in for one.
        if (AgentBase(type, classesOnly: IsNone(name)) is { } parent)
            return $"it derives from {parent}";
        if (IsNone(name))
            return null;
        if (LifecycleShape.DrivenBase(type) is { } runtime && (runtime.IsActor || DrivenName(name)))
            return runtime.IsActor ? $"it is an actor: it derives from {runtime.Name}" : $"its name says {name} and it derives from {runtime.Name}";
        return !Array.Exists(Others, other => name.EndsWith(other, StringComparison.Ordinal)) && AgentAttribute(type) is { } attribute ? $"it carries [{attribute}]" : null;
    }

    private IEnumerable<string> Possible(Type type, string name)
    {
        if (AgentRole.Names(name) || AgentRole.Plays(type))
            yield return AgentRole.FoundBy;
        if (SpeaksOfModels(type.Assembly) && ModelUser.MayBe(type, name, asked => Holds(_askers, asked, ModelCalls.In)))
            yield return ModelUser.FoundBy;
        if (SpeaksOfModels(type.Assembly) && ModelUser.MayBeByOwn(type, name))
            yield return ModelUser.FoundByOwn;
        if (ModelUser.MayTalk(type, name))
            yield return ModelUser.FoundByTalk;
        if (PromptUser.MayBe(type, name) && Holds(_prompts, type, assembly => PromptUser.In(assembly, SpeaksOfModels(assembly))))
            yield return PromptUser.FoundBy;
        if (ModelUser.MayBeAModels(type, name))
            yield return ModelUser.FoundByModel;
    }

    private static bool IsNone(string name) => Array.Exists(Never, never => name.EndsWith(never, StringComparison.Ordinal));

    private bool SpeaksOfModels(System.Reflection.Assembly assembly) =>
        _models.TryGetValue(assembly, out var known) ? known : _models[assembly] = ModelNames.AreIn(assembly);

    private static bool Holds(Dictionary<System.Reflection.Assembly, IReadOnlySet<string>> found, Type type, Func<System.Reflection.Assembly, IReadOnlySet<string>> find)
    {
        if (!found.TryGetValue(type.Assembly, out var known))
            found[type.Assembly] = known = find(type.Assembly);
        return known.Contains(type.FullName ?? type.Name);
    }

    /// <summary>ChatAgent; and written small, alone or behind an underscore: agent, chess_bot.</summary>
    public static bool NamesAgent(string name)
    {
        // Agent1, PlannerAgentV2.
        var bare = AgentRole.Unnumbered(name);
        name = bare.Length < name.Length && bare.EndsWith('V') ? bare[..^1] : bare;
        return Array.Exists(Suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)
            || (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && (name.Length == suffix.Length || name[name.Length - suffix.Length - 1] == '_')));
    }

    private static bool DrivenName(string name) => Array.Exists(Driven, role => name.EndsWith(role, StringComparison.Ordinal) && SpeaksOfAgents(name[..^role.Length]));

    public static bool SpeaksOfAgents(string name) => Verbs.Words(name).Exists(word => word is "agent" or "agents" or "agentic" or "agente" or "agentes" or "bot" or "chatbot" or "assistant" or "copilot");

    /// <summary>Proxies, serializers and the like, which tools write beside the agents.</summary>
    private static bool IsGenerated(Type type)
    {
        try
        {
            return type.GetCustomAttributesData().Any(a => a.AttributeType.Name is "GeneratedCodeAttribute" or "CompilerGeneratedAttribute");
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>A static class is an agent only with something to call beside extension methods.</summary>
    private static bool HasMethods(Type type)
    {
        try
        {
            return type.GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.DeclaredOnly).Length > 0;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return true;
        }
    }

    private string? AgentBase(Type type, bool classesOnly)
    {
        try
        {
            for (var parent = type.BaseType; parent is not null && !TypeText.Is(parent, "System.Object"); parent = parent.BaseType)
            {
                if (IsAgentBase(parent))
                    return TypeText.Of(parent);
            }

            // The library's own handlers are no agents of anybody.
            return !classesOnly && Array.Find(type.GetInterfaces(), f => IsAgentBase(f) && !(IsUpdateHandler(f) && f.Namespace == type.Namespace)) is { } face ? TypeText.Of(face) : null;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            // A missing base often carries its name in the error.
            return null;
        }
    }

    private bool IsAgentBase(Type type)
    {
        var key = TypeText.FullName(type) ?? type.Name;
        if (_baseVerdicts.TryGetValue(key, out var verdict))
            return verdict;

        var name = TypeText.Simple(type);
        verdict = options.Bases.Contains(name, StringComparer.Ordinal)
            || (!ShapeReader.IsFramework(type)
                && (NamesAgent(name) || IsNamedBase(name)
                    || name is "ActivityHandler" or "TeamsActivityHandler"
                    || IsUpdateHandler(type)));
        return _baseVerdicts[key] = verdict;
    }

    private static bool IsNamedBase(string name) => name.EndsWith("AgentBase", StringComparison.Ordinal) || name.EndsWith("BotBase", StringComparison.Ordinal);

    private static bool IsUpdateHandler(Type type) => type.Name == "IUpdateHandler" && type.Namespace?.StartsWith("Telegram.Bot", StringComparison.Ordinal) == true;

    private static string? AgentAttribute(Type type)
    {
        try
        {
            return type.GetCustomAttributesData().Select(a => TypeText.Simple(a.AttributeType))
                .FirstOrDefault(a => a.EndsWith("AgentAttribute", StringComparison.Ordinal))?.Replace("Attribute", "", StringComparison.Ordinal);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return null;
        }
    }

    private static bool IsHidden(Type type) => type.IsNestedPrivate || (type.DeclaringType is { } outer && outer.Name.StartsWith('<'));
}
