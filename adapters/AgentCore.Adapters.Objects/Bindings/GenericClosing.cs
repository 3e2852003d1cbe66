using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Chooses what closes open type parameters: string wherever the constraints allow it.</summary>
internal static class GenericClosing
{
    public static IReadOnlyList<string> Plan(Type[] parameters, Implementers? implementers = null) => [.. parameters.Select(p => Plan(p, implementers))];

    /// <summary>A gap: <c>missing</c>, with the parameter and what it must be behind it.</summary>
    public static bool IsMissing(string name) => name.Split(' ')[0] == ArgumentSource.Missing;

    /// <summary>The class with its parameters closed, in whatever world it was read; null where a name isn't known there.</summary>
    public static Type? Close(Type open, IReadOnlyList<string> names)
    {
        if (!open.IsGenericTypeDefinition || names.Any(IsMissing))
            return null;
        try
        {
            var core = Inheritance.Bases(open).LastOrDefault()?.Assembly;
            var types = names.Select(name => open.Assembly.GetType(name) ?? core?.GetType(name)).OfType<Type>().ToArray();
            return types.Length == names.Count ? open.MakeGenericType(types) : null;
        }
        catch (Exception e) when (Inheritance.IsMissing(e) || e is ArgumentException)
        {
            return null;
        }
    }

    private static string Plan(Type parameter, Implementers? implementers)
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
            if (constraints is [{ IsInterface: false, IsAbstract: false, IsGenericType: false, FullName: { } name }] && name != "System.ValueType")
                return name;
            // So does the one class there is for it: where TState : IState.
            return constraints is [{ IsGenericType: false } abstraction] && implementers?.Of(abstraction) is [{ FullName: { } only } type] && Fits(type, parameter.GenericParameterAttributes)
                ? only
                : Gap(parameter, constraints);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return ArgumentSource.Missing;
        }
    }

    private static string Gap(Type parameter, Type[] constraints)
    {
        var needs = constraints.Where(c => c.FullName != "System.ValueType").Select(TypeText.Of);
        var special = parameter.GenericParameterAttributes;
        if (special.HasFlag(System.Reflection.GenericParameterAttributes.NotNullableValueTypeConstraint))
            needs = needs.Prepend("struct");
        else if (special.HasFlag(System.Reflection.GenericParameterAttributes.DefaultConstructorConstraint))
            needs = needs.Append("new()");
        return $"{ArgumentSource.Missing} {parameter.Name} : {string.Join(", ", needs)}";
    }

    private static bool Fits(Type type, System.Reflection.GenericParameterAttributes special) =>
        (!special.HasFlag(System.Reflection.GenericParameterAttributes.DefaultConstructorConstraint) || type.IsValueType || type.GetConstructor([]) is not null)
        && special.HasFlag(System.Reflection.GenericParameterAttributes.NotNullableValueTypeConstraint) == type.IsValueType;
}
