using System.Reflection;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Reads what can be read of a method whose signature names types that are missing: parameter names, and types one by one.</summary>
internal static class MissingSignature
{
    public static MethodShape? Read(MethodInfo method, Type level, int depth)
    {
        try
        {
            var parameters = method.GetParameters().Select(Parameter).ToList();
            return new MethodShape(method.Name, parameters, Return(method))
            {
                DeclaringType = level.Name,
                IsStatic = method.IsStatic,
                IsPublic = method.IsPublic,
                IsProtected = method.IsFamily || method.IsFamilyOrAssembly,
                Depth = depth,
                Verb = Verbs.Read(method.Name),
            };
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return null;
        }
    }

    private static ParameterShape Parameter(ParameterInfo parameter)
    {
        try
        {
            return ShapeReader.Parameter(parameter);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return new ParameterShape(parameter.Name ?? "?", MissingName(e), ArgumentKind.Opaque);
        }
    }

    private static ReturnShape Return(MethodInfo method)
    {
        try
        {
            return ReturnKinds.Of(method.ReturnType);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return new ReturnShape(MissingName(e), ResultWrapper.None, ResultKind.Value);
        }
    }

    private static string MissingName(Exception e) => e is FileNotFoundException { FileName: { } file } ? $"? (in {file.Split(',')[0]})" : "?";
}
