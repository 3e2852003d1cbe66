using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Reads the nullable annotation of a parameter, from metadata too.</summary>
internal static class Nullability
{
    public static bool AllowsNull(ParameterInfo parameter)
    {
        try
        {
            if (parameter.ParameterType.IsValueType)
                return TypeText.Is(parameter.ParameterType, "System.Nullable`1");
            return new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;
        }
        catch (Exception e) when (Inheritance.IsMissing(e) || e is InvalidOperationException or NotSupportedException or ArgumentException)
        {
            return false;
        }
    }
}
