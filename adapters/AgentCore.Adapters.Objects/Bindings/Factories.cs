using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Static methods of a class that make it: Create(options), CreateAsync(client, token). Works on metadata too.</summary>
internal static class Factories
{
    private static readonly string[] Tasks = ["System.Threading.Tasks.Task`1", "System.Threading.Tasks.ValueTask`1"];

    public static IEnumerable<MethodInfo> Of(Type type)
    {
        try
        {
            return [.. type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(m => (m.IsPublic || m.IsAssembly) && m is { IsSpecialName: false, IsGenericMethodDefinition: false } && !m.Name.Contains('<', StringComparison.Ordinal)
                    && Gives(m.ReturnType, type) && !Array.Exists(m.GetParameters(), p => Same(p.ParameterType, type)))];
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return [];
        }
    }

    private static bool Gives(Type given, Type type) =>
        Same(given, type) || given.IsGenericType && Array.IndexOf(Tasks, TypeText.FullName(given)) >= 0 && Same(given.GetGenericArguments()[0], type);

    private static bool Same(Type a, Type b) => a.FullName is not null && a.FullName == b.FullName;
}
