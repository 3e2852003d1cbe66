using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Reads the nullable annotation of a parameter or a property, from metadata too.</summary>
internal static class Nullability
{
    public static bool AllowsNull(ParameterInfo parameter) =>
        Allows(parameter.ParameterType, () => !IsOpen(parameter) && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable);

    public static bool AllowsNull(PropertyInfo property) =>
        Allows(property.PropertyType, () => new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable);

    /// <summary>A T of a generic class: its own annotation says nothing of what closes it.</summary>
    private static bool IsOpen(ParameterInfo parameter)
    {
        if (parameter.Member is not ConstructorInfo { DeclaringType: { IsGenericType: true, IsGenericTypeDefinition: false } closed } constructor)
            return false;
        var open = closed.GetGenericTypeDefinition().GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .FirstOrDefault(c => c.MetadataToken == constructor.MetadataToken);
        return open?.GetParameters()[parameter.Position].ParameterType.IsGenericParameter == true;
    }

    private static bool Allows(Type type, Func<bool> read)
    {
        try
        {
            return type.IsValueType ? TypeText.Is(type, "System.Nullable`1") : read();
        }
        catch (Exception e) when (Inheritance.IsMissing(e) || e is InvalidOperationException or NotSupportedException or ArgumentException)
        {
            return false;
        }
    }
}
