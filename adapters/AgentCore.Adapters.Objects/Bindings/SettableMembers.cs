using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Finds the properties that an object needs beside its constructor: those declared <c>required</c>, and those that hand it its surroundings.</summary>
internal static class SettableMembers
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<(PropertyInfo Property, bool Required)> Of(Type type, ConstructorInfo constructor, bool contexts)
    {
        try
        {
            var all = Marked(constructor, "SetsRequiredMembersAttribute") ? [] : Levels(type).SelectMany(t => t.GetProperties(Declared)).Where(p => Marked(p, "RequiredMemberAttribute")).ToList();
            var needed = all.Select(p => (p, true));
            return contexts ? [.. needed.Concat(Levels(type).SelectMany(t => t.GetProperties(Declared)).Where(p => !all.Contains(p) && IsContext(p)).Select(p => (p, false)))] : [.. needed];
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return [];
        }
    }

    public static ParameterShape Shape(PropertyInfo property) =>
        new(property.Name, TypeText.Of(property.PropertyType), ArgumentKinds.Of(property.PropertyType)) { Type = property.PropertyType };

    /// <summary>A world or an environment to live in, which whoever adds the agent to it sets.</summary>
    private static bool IsContext(PropertyInfo p) =>
        p.SetMethod is { IsPublic: true } && p.GetMethod is not null && p.GetIndexParameters().Length == 0
        && ArgumentKinds.Of(p.PropertyType) is var kind && (kind == ArgumentKind.Context || (kind is ArgumentKind.Poco or ArgumentKind.Opaque && ArgumentKinds.NamesContext(p.Name)))
        && !Nullability.AllowsNull(p);

    private static IEnumerable<Type> Levels(Type type)
    {
        for (Type? t = type; t is not null && !ShapeReader.IsFramework(t); t = Inheritance.Base(t))
            yield return t;
    }

    private static bool Marked(MemberInfo member, string attribute) => member.GetCustomAttributesData().Any(a => a.AttributeType.Name == attribute);
}
