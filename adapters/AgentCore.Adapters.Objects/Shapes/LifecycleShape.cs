namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>The members that begin, beat, end and keep an agent, found by name and by the absence of data arguments.</summary>
internal sealed record LifecycleShape
{
    private static readonly string[] InitializeNames =
        ["initialize", "initialise", "init", "setup", "activate", "onactivate", "warmup", "boot", "awake", "open", "connect", "prestart", "oninitialize"];

    private static readonly string[] StartNames =
    [
        "start", "onstart", "startup", "begin", "enable", "onenable", "startlistening", "ongamestart", "startreceiving", "startpolling", "startmonitoring",
        "startprocessing", "startworking", "startloop", "startclient", "startconnection",
    ];

    private static readonly string[] StopNames =
    [
        "stop", "onstop", "shutdown", "onshutdown", "deactivate", "ondeactivate", "close", "terminate", "halt", "disconnect", "cleanup",
        "teardown", "end", "disable", "ondisable", "poststop", "ondestroy", "ongameend", "stoplistening", "stopreceiving", "stoppolling", "stopmonitoring",
        "stopprocessing", "stopworking", "stoploop", "stopclient", "closeconnection",
    ];

    private static readonly string[] TickNames =
    [
        "tick", "update", "onupdate", "ontick", "step", "onframe", "onstep", "loop", "heartbeat", "poll", "dowork", "runonce", "work",
        "fixedupdate", "processnext", "runcycle", "cycle", "pulse", "beat", "lateupdate", "advance", "iterate", "think", "mainloop",
    ];

    // Godot's _Ready and _Process, which mean something else elsewhere.
    private static readonly string[] EngineInitializeNames = [.. InitializeNames, "ready", "entertree"];
    private static readonly string[] EngineTickNames = [.. TickNames, "process", "physicsprocess"];

    private static readonly string[] SaveNames = ["savestate", "save", "getstate", "exportstate", "serializestate", "serialize", "snapshot", "createsnapshot", "savecheckpoint"];
    private static readonly string[] LoadNames = ["loadstate", "load", "restorestate", "setstate", "importstate", "deserializestate", "deserialize", "restore", "restoresnapshot", "loadcheckpoint"];

    public MethodShape? Initialize { get; init; }

    public MethodShape? Start { get; init; }

    public MethodShape? Stop { get; init; }

    public MethodShape? Tick { get; init; }

    public MethodShape? Save { get; init; }

    public MethodShape? Load { get; init; }

    public bool Disposes { get; init; }

    /// <summary>IHostedService, BackgroundService, or a Windows service.</summary>
    public bool Hosted { get; init; }

    /// <summary>An actor or a grain: driven by a runtime's mailbox.</summary>
    public bool Actor { get; init; }

    public bool Any => Initialize is not null || Start is not null || Stop is not null || Tick is not null || Hosted || Actor;

    public IEnumerable<(string Role, MethodShape Method)> Members
    {
        get
        {
            foreach (var (role, method) in new[]
            {
                ("initialize", Initialize), ("start", Start), ("stop", Stop), ("tick", Tick), ("save", Save), ("load", Load),
            })
            {
                if (method is not null)
                    yield return (role, method);
            }
        }
    }

    public static LifecycleShape Read(AgentShape shape)
    {
        var hosted = shape.Is("IHostedService") || shape.Is("BackgroundService") || shape.Is("ServiceBase");
        return new LifecycleShape
        {
            Initialize = Find(shape, shape.EngineDriven ? EngineInitializeNames : InitializeNames, m => Plain(m) && !(m.Parameters.Count == 0 && m.IsProtected)),
            Start = Find(shape, StartNames, Plain) ?? Called(shape, "start"),
            Stop = Find(shape, StopNames, Plain) ?? Called(shape, "stop"),
            Tick = hosted ? null : Find(shape, shape.EngineDriven ? EngineTickNames : TickNames, IsTick),
            Save = Find(shape, SaveNames, m => !m.Data.Any() && m.Return.HasValue && m.IsPublic && m.Parameters.All(Fillable)),
            Load = Find(shape, LoadNames, m => m.Data.Count() == 1 && m.IsPublic && !m.IsStatic && m.Parameters.All(p => p.Kind.IsData() || Fillable(p))),
            Disposes = shape.Is("IDisposable") || shape.Is("IAsyncDisposable"),
            Hosted = hosted,
            Actor = shape.EngineDriven || shape.Bases.Concat(shape.Interfaces).Any(IsActorBase),
        };
    }

    private static MethodShape? Find(AgentShape shape, string[] names, Func<MethodShape, bool> fits) => shape.Methods
        .Where(m => !m.IsStatic && m.GenericArity == 0 && fits(m))
        .Select(m => (Method: m, Rank: Array.IndexOf(names, Plainly(m.Name))))
        .Where(found => found.Rank >= 0)
        .OrderBy(found => found.Rank).ThenBy(found => found.Method.IsPublic ? 0 : 1).ThenByDescending(found => found.Method.Return.Wrapper != ResultWrapper.None)
        .Select(found => found.Method)
        .FirstOrDefault();

    /// <summary>StartTelegramClient(), StopWatching(): public, and with nothing to ask.</summary>
    private static MethodShape? Called(AgentShape shape, string word) => shape.Methods
        .Where(m => m is { IsStatic: false, IsPublic: true, FromFramework: false, GenericArity: 0 } && Verbs.Words(m.Name).FirstOrDefault() == word && m.Parameters.All(Fillable) && !m.Return.HasValue)
        .MinBy(m => m.Depth);

    /// <summary>Without what says nothing: StartAsync, StartBot, StopAgentAsync.</summary>
    private static string Plainly(string name)
    {
        var words = Verbs.Words(name);
        var telling = words.Where(word => word is not ("async" or "agent" or "bot" or "assistant")).ToList();
        return string.Concat(telling.Count > 0 ? telling : words);
    }

    private static bool Plain(MethodShape m) => (m.IsPublic || m.IsProtected || m.IsExplicit) && m.Parameters.All(Fillable);

    private static bool IsTick(MethodShape m) =>
        (m.IsPublic || m.IsProtected) && !m.Return.HasValue && m.Parameters.All(p => Fillable(p) || IsElapsed(p)) && m.Data.Count() <= 1;

    private static bool Fillable(ParameterShape p) => !p.Required || p.Kind.IsAmbient() || IsCommandLine(p);

    /// <summary>OnStart(string[] args): what a service is started with, mostly nothing.</summary>
    public static bool IsCommandLine(ParameterShape p) => p is { Kind: ArgumentKind.TextList, Name: "args" };

    /// <summary>The time since the last tick: Update(float deltaTime).</summary>
    private static bool IsElapsed(ParameterShape p) =>
        p.TypeName == "GameTime" || p.TypeName is "float" or "double" or "TimeSpan"
        && (p.Name.Contains("delta", StringComparison.OrdinalIgnoreCase) || p.Name.Contains("elapsed", StringComparison.OrdinalIgnoreCase)
            || p.Name is "dt" or "time" or "seconds");

    /// <summary>The base that makes a type something a runtime drives: an actor or grain of a runtime for such, a hosted service; null where it has none.</summary>
    public static (string Name, bool IsActor)? DrivenBase(Type type)
    {
        foreach (var parent in Inheritance.Bases(type).Concat(Inheritance.Interfaces(type)))
        {
            var name = TypeText.Simple(parent);
            if (IsActorBase(name) || name is "BackgroundService" or "IHostedService" or "ServiceBase")
                return (name, Array.Exists(ActorRuntimes, runtime => parent.Namespace?.StartsWith(runtime, StringComparison.Ordinal) == true));
        }

        return null;
    }

    /// <summary>Only its own runtime can make it: Akka's actors ask for their context as they are constructed.</summary>
    public static bool IsMadeByRuntime(AgentShape shape) =>
        shape.Bases.Any(b => b is "ReceiveActor" or "UntypedActor" or "ActorBase" or "ReceivePersistentActor" or "UntypedPersistentActor" or "TypedActor") && shape.Interfaces.Contains("IInternalActor", StringComparer.Ordinal);

    /// <summary>An Orleans grain: called by its interface from outside, where other actors have a mailbox alone.</summary>
    public static bool IsGrain(AgentShape shape) => shape.Bases.Any(b => b is "Grain" or "JournaledGrain") || shape.Interfaces.Any(i => i is "IGrain" or "IGrainBase");

    private static readonly string[] ActorRuntimes = ["Akka.", "Orleans", "Proto", "Dapr.Actors"];

    private static bool IsActorBase(string name) =>
        name is "ReceiveActor" or "UntypedActor" or "ActorBase" or "Grain" or "IActor" or "ReceivePersistentActor" or "IGrain" or "MonoBehaviour" or "Actor"
            or "IGrainBase" or "GrainBase" or "UntypedPersistentActor" or "JournaledGrain";
}
