using System.Diagnostics;
using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Tells whether an agent fails by its own doing or because of something that convention made up for it: then a person has to give that.</summary>
internal static class Blame
{
    /// <summary>The places of the binding that are to blame, as gaps are named; empty where it is the agent.</summary>
    public static IReadOnlyList<string> Of(Exception error, UniversalAgentAdapter agent)
    {
        while (error is TargetInvocationException or AggregateException && error.InnerException is { } inner)
            error = inner;
        var frames = new StackTrace(error, fNeedFileInfo: false).GetFrames().Select(f => Owner(f.GetMethod()?.DeclaringType)).OfType<Type>().ToList();

        // A grain that asks its silo.
        if (agent.Choice.Lifecycle.Actor && frames.Exists(f => Array.Exists(Runtimes, r => f.Namespace?.StartsWith(r, StringComparison.Ordinal) == true)))
            return ["construct.instance"];
        // It broke inside of something made for it.
        var made = MadeUp(agent).Where(place => frames.Exists(f => place.Type.IsAssignableFrom(f) && place.Type != typeof(object) && !f.IsAssignableFrom(agent.WrappedType))).Select(p => p.At).ToList();
        if (made.Count > 0)
            return made;
        // It looked for something in what is empty.
        return Misses(error) ? [.. MadeUp(agent).Where(p => p.Empty).Select(p => p.At)] : [];
    }

    private static readonly string[] Runtimes = ["Orleans", "Akka", "Proto", "Dapr"];

    private static bool Misses(Exception error) =>
        error is NullReferenceException or IndexOutOfRangeException or KeyNotFoundException or ArgumentNullException or ArgumentOutOfRangeException
        || error is InvalidOperationException && error.TargetSite?.DeclaringType?.Namespace is "System.Linq" or "System.Collections.Generic"
        || error is InvalidOperationException && error.Message.StartsWith("Sequence contains no", StringComparison.Ordinal);

    private static IEnumerable<(string At, Type Type, bool Empty)> MadeUp(UniversalAgentAdapter agent)
    {
        foreach (var a in agent.Binding.Construct.Where(a => a.Note is not null))
        {
            if (a.From == ArgumentSource.Null || a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal))
                yield return ($"construct.{a.Name}", TypeOf(agent, a), true);
        }

        var parameters = agent.Choice.Method?.Source?.GetParameters() ?? [];
        foreach (var a in agent.Binding.Arguments)
        {
            var type = Array.Find(parameters, p => p.Name == a.Name)?.ParameterType ?? typeof(object);
            type = type.IsByRef ? type.GetElementType()! : type;
            if (a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal) || a.From == ArgumentSource.Task || (a.From.StartsWith(ArgumentSource.DataPrefix, StringComparison.Ordinal) && !Calls.Scalars.IsScalar(type) && type != typeof(string)))
                yield return ($"arguments.{a.Name}", type, true);
        }
    }

    private static Type TypeOf(UniversalAgentAdapter agent, ArgumentBinding a)
    {
        var types = agent.WrappedType.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(c => c.GetParameters()).Where(p => p.Name == a.Name).Select(p => p.ParameterType)
            .Concat(agent.WrappedType.GetProperties().Where(p => p.Name == a.Name).Select(p => p.PropertyType));
        return types.FirstOrDefault(t => Shapes.TypeText.Of(t) == a.Type) ?? typeof(object);
    }

    /// <summary>The class whose code it is: the body of an async method or a lambda stands in a class of its own.</summary>
    private static Type? Owner(Type? type)
    {
        while (type is { DeclaringType: { } outer } && type.Name.StartsWith('<'))
            type = outer;
        return type;
    }
}
