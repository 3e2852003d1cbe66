using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>The types of a class's own fields, and of what they hold; those that can't be read are left out.</summary>
internal static class FieldTypes
{
    public static IEnumerable<Type> Of(Type type) => Declared(type).Select(Read).OfType<Type>().SelectMany(Held);

    /// <summary>The type itself; the elements of an array, what a list or a dictionary holds.</summary>
    private static IEnumerable<Type> Held(Type type) =>
        type.IsArray ? [type.GetElementType()!] : type.IsGenericType ? type.GetGenericArguments().Append(type) : [type];

    private static FieldInfo[] Declared(Type type)
    {
        try
        {
            return type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return [];
        }
    }

    private static Type? Read(FieldInfo field)
    {
        try
        {
            return field.FieldType;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return null;
        }
    }
}
