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
    private static readonly string[] Runtimes = ["Orleans", "Akka", "Proto", "Dapr"];

    // What agents say that have caught the cause themselves, or looked for a key.
    private static readonly string[] Outside =
    [
        "api key", "apikey", "api_key", "api-key", "environment variable", "not configured", "connection string", "connectionstring", "credential", "connect to", "not connected",
        "connection refused", "connection failed", "websocket", "web socket", "no such file", "could not find file", "in configuration", "missing configuration", "bot token", "access token",
        "unauthorized",
    ];

    private static readonly string[] SetupWords = ["init", "initialize", "initialise", "setup", "configure", "load", "begin"];

    /// <summary>Tells whether an agent fails by its own doing, or for lack of something that convention made up or nobody gave; null where it is the agent.</summary>
    public static Blame? Of(Exception error, UniversalAgentAdapter agent, object? target)
    {
        while (error is TargetInvocationException or AggregateException && error.InnerException is { } inner)
            error = inner;
        var frames = new StackTrace(error, fNeedFileInfo: false).GetFrames().Select(f => Owner(f.GetMethod()?.DeclaringType)).OfType<Type>().ToList();

        if (agent.Choice.Lifecycle.Actor && frames.Exists(f => Array.Exists(Runtimes, r => f.Namespace?.StartsWith(r, StringComparison.Ordinal) == true)))
            return new Blame(["construct.instance"], "only its runtime can make it");
        if (IsOutside(error))
            return new Blame(["surroundings"], "it needs what isn't here");
        if (error is NotImplementedException)
            return null;
        if (agent.Choice.Method is { GenericArity: > 0 })
            return new Blame(["typeArguments"], $"with {string.Join(", ", agent.Binding.MethodTypeArguments)}, which convention chose, it fails");

        var made = MadeUp(agent).ToList();
        var broken = made.Where(place => frames.Exists(f => place.Type != typeof(object) && place.Type.IsAssignableFrom(f) && !f.IsAssignableFrom(agent.WrappedType))).ToList();
        if (broken.Count > 0)
            return new Blame([.. broken.Select(p => p.At)], "made by convention, it fails");
        if (!Misses(error))
            return null;
        if (made.Count > 0)
            return new Blame([.. made.Select(p => p.At)], "made by convention, something isn't in it");
        if (Empty(agent.WrappedType, target) is { Count: > 0 } empty)
            return new Blame(empty, "it is null");
        return agent.Shape.Methods.FirstOrDefault(m => m.IsPublic && m.Data.Any() && SetupWords.Contains(m.Verb.Word.Length > 0 ? m.Verb.Word : Verbs.Words(m.Name)[0], StringComparer.Ordinal)) is { } setup
            ? new Blame(["lifecycle.initialize"], $"it wants {setup.Signature} called first, which takes what nobody has given; call it in code (UniversalAgentOptions.Factory)")
            : null;
    }

    /// <summary>A server, a file, a program, a key or another system that isn't there.</summary>
    private static bool IsOutside(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is System.Net.Sockets.SocketException or HttpRequestException or System.Net.WebException or System.Net.WebSockets.WebSocketException or IOException
                or System.ComponentModel.Win32Exception or System.Data.Common.DbException or System.Security.Authentication.AuthenticationException or PlatformNotSupportedException
                or DllNotFoundException or UnauthorizedAccessException
                || Array.Exists(Outside, words => error.Message.Contains(words, StringComparison.OrdinalIgnoreCase)))
                return true;
        }

        return false;
    }

    /// <summary>It looked for something in what is empty.</summary>
    private static bool Misses(Exception error) =>
        error is NullReferenceException or IndexOutOfRangeException or KeyNotFoundException or ArgumentNullException or ArgumentOutOfRangeException
        || error is InvalidOperationException && error.Message.StartsWith("Sequence contains no", StringComparison.Ordinal);

    private static IEnumerable<(string At, Type Type)> MadeUp(UniversalAgentAdapter agent)
    {
        foreach (var a in agent.Binding.Construct.Where(a => a.Note is not null))
        {
            if (a.From == ArgumentSource.Null || a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal))
                yield return ($"construct.{a.Name}", TypeOf(agent, a));
        }

        var parameters = agent.Choice.Method?.Source?.GetParameters() ?? [];
        foreach (var a in agent.Binding.Arguments)
        {
            var type = Array.Find(parameters, p => p.Name == a.Name)?.ParameterType ?? typeof(object);
            type = type.IsByRef ? type.GetElementType()! : type;
            var data = a.From == ArgumentSource.Task || a.From.StartsWith(ArgumentSource.DataPrefix, StringComparison.Ordinal);
            if (a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal) || (data && type != typeof(string) && !Scalars.IsScalar(type)))
                yield return ($"arguments.{a.Name}", type);
        }
    }

    private static Type TypeOf(UniversalAgentAdapter agent, ArgumentBinding a) =>
        agent.WrappedType.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(c => c.GetParameters()).Where(p => p.Name == a.Name).Select(p => p.ParameterType)
            .Concat(agent.WrappedType.GetProperties().Where(p => p.Name == a.Name).Select(p => p.PropertyType))
            .FirstOrDefault(t => TypeText.Of(t) == a.Type) ?? typeof(object);

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
