using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Chooses what closes open type parameters: string wherever the constraints allow it.</summary>
internal static class GenericClosing
{
    public static IReadOnlyList<string> Plan(Type[] parameters) => [.. parameters.Select(Plan)];

    private static string Plan(Type parameter)
    {
        try
        {
            const System.Reflection.GenericParameterAttributes Special =
                System.Reflection.GenericParameterAttributes.NotNullableValueTypeConstraint | System.Reflection.GenericParameterAttributes.DefaultConstructorConstraint;
            var constraints = parameter.GetGenericParameterConstraints();
            var special = parameter.GenericParameterAttributes & Special;
            if (constraints.Length == 0)
                return special == 0 ? "System.String" : special == System.Reflection.GenericParameterAttributes.DefaultConstructorConstraint ? "System.Object" : "System.Int32";
            // One concrete base closes it by itself: where TOptions : RunOptions.
            return constraints is [{ IsInterface: false, IsAbstract: false, IsGenericType: false, FullName: { } name }] && name != "System.ValueType"
                ? name
                : ArgumentSource.Missing;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return ArgumentSource.Missing;
        }
    }
}
