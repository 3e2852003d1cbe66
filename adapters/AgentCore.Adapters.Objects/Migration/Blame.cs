using System.Diagnostics;
using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>What a person has to give so that an agent doesn't fail.</summary>
/// <param name="At">The places, as gaps are named; <c>surroundings</c> where it is nothing of the binding.</param>
/// <param name="Why">Why it is they.</param>
internal sealed record Blame(IReadOnlyList<string> At, string Why)
{
    /// <summary>The code that failed tells it; not only what is there to be blamed.</summary>
    public bool Certain { get; init; }

    private static readonly string[] Runtimes = ["Orleans", "Akka", "Proto", "Dapr"];

    private static readonly string[] SetupWords = ["init", "initialize", "initialise", "setup", "configure", "load", "begin", "connect", "login", "set"];

    /// <summary>Tells whether an agent fails by its own doing, or for lack of something that convention made up or nobody gave; null where it is the agent.</summary>
    public static Blame? Of(Exception error, UniversalAgentAdapter agent, object? target)
    {
        while ((error is TargetInvocationException or AggregateException or TypeInitializationException || error.TargetSite?.DeclaringType == typeof(InstanceMaker)) && error.InnerException is { } inner)
            error = inner;
        var trace = new StackTrace(error, fNeedFileInfo: false).GetFrames();
        var frames = trace.Select(f => Owner(f.GetMethod()?.DeclaringType)).OfType<Type>().ToList();

        if (agent.Environment.StandIns is { } standIns && frames.TakeWhile(f => f != agent.WrappedType).Any(standIns.IsOf))
            return null;
        if (agent.Choice.Lifecycle.Actor && frames.Exists(f => Array.Exists(Runtimes, r => f.Namespace?.StartsWith(r, StringComparison.Ordinal) == true)))
            return new Blame(["construct.instance"], "only its runtime can make it");
        if (Unset(error, agent.WrappedType, target) is { } unset)
            return new Blame([$"construct.{unset}"], "it has to be set") { Certain = true };
        if (Services(error, agent, frames) is { } services)
            return services;
        if (Outside.Is(error, byWords: false) || frames.Exists(f => f.Assembly == typeof(Console).Assembly))
            return new Blame(["surroundings"], "it needs what isn't here");
        // A part that was made without its key says so in words; it is that part that a person gives.
        if (OfPart(error, agent, frames) is { } part)
            return part;
        // In a trial the words say nothing: what misses its key was made of options that a person has to fill.
        if (agent.Environment.StandIns is null && Outside.Is(error))
            return new Blame(["surroundings"], "it needs what isn't here");
        if (error is NotImplementedException)
            return null;
        if (agent.Choice.Method is { GenericArity: > 0 })
            return new Blame(["typeArguments"], $"with {string.Join(", ", agent.Binding.MethodTypeArguments)}, which convention chose, it fails");

        if (OfContent(error, agent) is { } unread)
            return unread;
        var made = MadeUp.Of(agent).ToList();
        var broken = made.FindAll(place => place.IsIn(frames, agent.WrappedType));
        if (broken.Count > 0)
            return new Blame([.. made.Where(p => broken.Contains(p) || broken.Exists(b => b.IsMadeOf(p.Type, agent.Environment.Implementers))).Select(p => p.At)], "made by convention, it fails") { Certain = true };
        if (Outside.IsLibrary(error))
            return new Blame(["surroundings"], "a library isn't here in the version that it was built for");
        return OfCode(error, agent, target, trace, made) ?? OfAnswers(error, agent) ?? OfLacks(error, agent, target, made);
    }

    /// <summary>What the code that failed had looked at before: something made up, or something that isn't here.</summary>
    private static Blame? OfCode(Exception error, UniversalAgentAdapter agent, object? target, StackFrame[] trace, List<MadeUp> made)
    {
        var own = Array.FindIndex(trace, f => f.GetMethod() is { DeclaringType: { } type } && type.Assembly == agent.WrappedType.Assembly);
        if (own < 0 || trace[own].GetMethod() is not { } method || error is NotSupportedException)
            return null;
        var refused = Misses(error) || error is ArgumentException or FormatException;
        if (own > 0 && !refused)
            return null;

        var until = trace[own].GetILOffset();
        var uses = CodeReader.Of(method);
        if (target is not null && OfOwn(error, new OwnNull(target, agent.Choice.Method?.Source), trace, own, target) is { } unset)
            return unset;
        // What was read last before it failed; where a statement stands for all of its parts, also what it reads next.
        foreach (var use in uses.Where(u => until < 0 || u.At <= until).Reverse().Concat(uses.Where(u => until >= 0 && u.At > until)))
        {
            if (agent.Environment.StandIns?.MayLack(use.Member) == true)
                return null;
            if (made.Find(m => error is NullReferenceException ? m.MayBeNullIn(use.Member.DeclaringType) : m.IsReadBy(use.Member.DeclaringType)) is { At: { } at })
                return new Blame([at], "made by convention, it isn't what the agent needs") { Certain = true };
        }

        return Outside.IsAsked(uses, looks: own == 0) || refused && Outside.IsAsked(CodeReader.OfClass(Owner(method.DeclaringType)!).Concat(CodeReader.OfClass(agent.WrappedType)))
            ? new Blame(["surroundings"], "it asks for what isn't here")
            : null;
    }

    /// <summary>What the agent has not been given yet: read where it failed, or handed on to what failed.</summary>
    private static Blame? OfOwn(Exception error, OwnNull fields, StackFrame[] trace, int own, object target)
    {
        if (own > 0 && !Misses(error))
            return null;
        var handed = error is NullReferenceException ? trace.Skip(own + 1).Where(f => Owner(f.GetMethod()?.DeclaringType)?.IsInstanceOfType(target) == true) : [];
        return handed.Prepend(trace[own]).Select(f => fields.Among(CodeReader.Of(f.GetMethod()!), f.GetILOffset(), error, byItself: own == 0)).FirstOrDefault(b => b is not null);
    }

    /// <summary>It reads a text that convention gave: what the stand-in for the model answers, or what the task says.</summary>
    private static Blame? OfAnswers(Exception error, UniversalAgentAdapter agent)
    {
        // The task's text is never empty: an address is what lacks.
        if (error is UriFormatException { Message: var message } && message.Contains("empty", StringComparison.Ordinal))
            return new Blame(["surroundings"], "it asks for an address that isn't set");
        var unread = IsUnread(error);
        if (agent.Environment.Client is StandInClient { Asked: true } && (unread || Misses(error)))
            return new Blame(["surroundings"], "what the stand-in answers in place of a model isn't what it reads");
        return unread && agent.Binding.Arguments.FirstOrDefault(a => a.From is ArgumentSource.Input or ArgumentSource.Task) is { } input
            ? new Blame([$"arguments.{input.Name}"], "the text that was tried isn't what it reads")
            : null;
    }

    /// <summary>What convention made for the constructor, where its own code says that it isn't whole.</summary>
    private static Blame? OfPart(Exception error, UniversalAgentAdapter agent, List<Type> frames) =>
        Outside.Is(error) && MadeUp.Of(agent).Where(place => place.At.StartsWith("construct.", StringComparison.Ordinal) && place.IsIn(frames, agent.WrappedType)).Select(place => place.At).ToList() is { Count: > 0 } at
            ? new Blame(at, "made by convention, it lacks what only a person has") { Certain = true }
            : null;

    private static bool IsUnread(Exception error) => error is FormatException or InvalidDataException || error.GetType().Name is "JsonException" or "JsonReaderException" or "CsvHelperException" or "HeaderValidationException" or "XmlException";

    /// <summary>It was handed the task's text as a file's content, and can't read it, whoever it has do so.</summary>
    private static Blame? OfContent(Exception error, UniversalAgentAdapter agent) =>
        IsUnread(error) && agent.Choice.Method?.Parameters.FirstOrDefault(p => p.Required && p.Type is { } type && (typeof(Stream).IsAssignableFrom(type) || typeof(TextReader).IsAssignableFrom(type) || type == typeof(byte[]))) is { } content
            ? new Blame([$"arguments.{content.Name}"], "the content that was tried isn't what it reads") { Certain = true }
            : null;

    /// <summary>What is null or empty, or a call that has to come first.</summary>
    private static Blame? OfLacks(Exception error, UniversalAgentAdapter agent, object? target, List<MadeUp> made)
    {
        var misses = Misses(error);
        if (misses && made.Count > 0)
            return new Blame([.. made.Select(p => p.At)], "made by convention, something isn't in it");
        if (misses && Empty(agent.WrappedType, target) is { Count: > 0 } empty)
            return new Blame(empty, "it is null");
        if (!misses && error is not InvalidOperationException && error.GetType() != typeof(Exception))
            return null;
        return agent.Shape.Methods.FirstOrDefault(m => m is { IsPublic: true, IsStatic: false } && m.Parameters.Any(p => p.Required && !p.Kind.IsAmbient()) && SetsUp(m, agent.Shape)) is { } setup
            ? new Blame(["lifecycle.initialize"], $"it wants {setup.Signature} called first, which takes what nobody has given; call it in code (UniversalAgentOptions.Factory)")
            : null;
    }

    /// <summary>Initialize(model); and WithModel(model), which gives the agent back.</summary>
    private static bool SetsUp(MethodShape m, AgentShape shape) =>
        SetupWords.Contains(m.Verb.Word.Length > 0 ? m.Verb.Word : Verbs.Words(m.Name)[0], StringComparer.Ordinal) || m.Return.Kind == ResultKind.Value && m.Return.InnerName == shape.Name;

    /// <summary>A property that the error speaks of, and that nobody has set: "Set ApiKey first".</summary>
    private static string? Unset(Exception error, Type type, object? target) => target is null
        ? null
        : type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .FirstOrDefault(p => p.SetMethod is { IsPublic: true } && p.GetMethod is not null && p.Name.Length > 3 && !p.PropertyType.IsValueType && p.GetIndexParameters().Length == 0
                && error.Message.Contains(p.Name, StringComparison.Ordinal) && Value(p, target) is null or "")?.Name;

    /// <summary>It asked the services for something, and there are none.</summary>
    private static Blame? Services(Exception error, UniversalAgentAdapter agent, List<Type> frames)
    {
        var nothing = agent.Environment.Nothing;
        if (!nothing.IsMissedIn(error) || !Misses(error) && !frames.Exists(f => f.Namespace == "Microsoft.Extensions.DependencyInjection"))
            return null;
        var places = agent.Binding.Construct.Where(a => a.Type == nameof(IServiceProvider)).Select(a => $"construct.{a.Name}")
            .Concat(agent.Binding.Arguments.Where(a => a.Type == nameof(IServiceProvider)).Select(a => $"arguments.{a.Name}")).ToList();
        return places.Count > 0 ? new Blame(places, $"it asks for {(nothing.Refused is { } refused ? TypeText.Of(refused) : "a service by its key")}, and there are no services: give them (UniversalAgentOptions.Services)") { Certain = true } : null;
    }

    /// <summary>It looked for something in what is empty.</summary>
    internal static bool Misses(Exception error) =>
        error is NullReferenceException or IndexOutOfRangeException or KeyNotFoundException or ArgumentNullException or ArgumentOutOfRangeException
        || error is InvalidOperationException && error.Message.StartsWith("Sequence contains no", StringComparison.Ordinal);

    /// <summary>Properties that anyone may set and nobody has: BotOptions, PlayerInfo.</summary>
    private static List<string> Empty(Type type, object? target)
    {
        if (target is null)
            return [];
        const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        return [.. type.GetProperties(Members)
            .Where(p => p.SetMethod is { IsPrivate: false, IsFamily: false } && p.GetMethod is not null && p.GetIndexParameters().Length == 0 && !ShapeReader.IsFramework(p.DeclaringType!)
                && !p.PropertyType.IsValueType && p.PropertyType != typeof(string) && !Nullability.AllowsNull(p))
            .Where(p => Value(p, target) is null).Select(p => $"construct.{p.Name}")];
    }

    private static object? Value(PropertyInfo property, object target)
    {
        try
        {
            return property.GetValue(target);
        }
        catch (TargetInvocationException e)
        {
            return e;
        }
    }

    /// <summary>The class whose code it is: the body of an async method or a lambda stands in a class of its own.</summary>
    private static Type? Owner(Type? type)
    {
        while (type is { DeclaringType: { } outer } && type.Name.StartsWith('<'))
            type = outer;
        return type;
    }
}
