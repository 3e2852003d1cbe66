using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Calls;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>A value that convention made up, or made of what the task says: what a failure may be due to.</summary>
/// <param name="At">Its place, as gaps are named.</param>
/// <param name="Type">Its type.</param>
internal readonly record struct MadeUp(string At, Type Type)
{
    public static IEnumerable<MadeUp> Of(UniversalAgentAdapter agent)
    {
        foreach (var a in agent.Binding.Construct)
        {
            if (a.Note is not null && (a.From == ArgumentSource.Null || a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal)) || a is { From: ArgumentSource.Services, Type: nameof(HttpClient) })
                yield return new MadeUp($"construct.{a.Name}", TypeOf(agent, a));
        }

        var parameters = agent.Choice.Method?.Source?.GetParameters() ?? [];
        foreach (var a in agent.Binding.Arguments)
        {
            var type = Array.Find(parameters, p => p.Name == a.Name)?.ParameterType ?? typeof(object);
            type = type.IsByRef ? type.GetElementType()! : type;
            var data = a.From == ArgumentSource.Task || a.From.StartsWith(ArgumentSource.DataPrefix, StringComparison.Ordinal);
            if (a.From.StartsWith(ArgumentSource.New, StringComparison.Ordinal) || (data && type != typeof(string) && !Scalars.IsScalar(type)))
                yield return new MadeUp($"arguments.{a.Name}", type);
        }
    }

    /// <summary>The code of the value's own class is what failed.</summary>
    public bool IsIn(List<Type> frames, Type agent)
    {
        var type = Type;
        return type != typeof(object) && frames.Exists(f => type.IsAssignableFrom(f) && !f.IsAssignableFrom(agent));
    }

    /// <summary>It is made of a part of that type: a factory of the same default options that the agent got.</summary>
    public bool IsMadeOf(Type part, Implementers implementers) =>
        (Type.IsAbstract ? implementers.Of(Type) : [Type]).SelectMany(t => t.GetConstructors()).SelectMany(c => ConstructorPlanner.SafeParameters(c) ?? []).Any(p => p.ParameterType == part);

    /// <summary>A failure to find something null may be due to what a member of that type reads in it: what is made may be null in parts, unless it is numbers alone;
    /// an empty list never is.</summary>
    public bool MayBeNullIn(Type? used) => IsPartOf(Sequences.ElementOf(Type) ?? Type, used)
        && (Type.IsInterface || Array.Exists(Type.GetProperties(), p => !p.PropertyType.IsValueType) || Array.Exists(Type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance), f => !f.FieldType.IsValueType));

    /// <summary>A member of that type reads it, or a part of it.</summary>
    public bool IsReadBy(Type? used) => IsPartOf(Type, used);

    /// <summary>The type itself, AiOptions of IOptions&lt;AiOptions&gt;, Product of List&lt;Product&gt;, and what lies in their properties.</summary>
    private static bool IsPartOf(Type made, Type? used)
    {
        if (used is null || used == typeof(object))
            return false;
        Type[] whole = [made, .. made.IsGenericType ? made.GetGenericArguments() : []];
        return Array.Exists(whole, t => t == used || used.IsAssignableFrom(t) && !ShapeReader.IsFramework(used))
            || !ShapeReader.IsFramework(used) && Array.Exists(whole, t => !ShapeReader.IsFramework(t) && Array.Exists(t.GetProperties(), p => p.PropertyType == used));
    }

    private static Type TypeOf(UniversalAgentAdapter agent, ArgumentBinding a) =>
        agent.WrappedType.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).SelectMany(c => c.GetParameters()).Where(p => p.Name == a.Name).Select(p => p.ParameterType)
            .Concat(agent.WrappedType.GetProperties().Where(p => p.Name == a.Name).Select(p => p.PropertyType))
            .FirstOrDefault(t => TypeText.Of(t) == a.Type) ?? typeof(object);
}
