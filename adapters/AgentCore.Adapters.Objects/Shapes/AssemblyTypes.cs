using System.Reflection;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>The types of an assembly; those that can't be read are left out and reported.</summary>
internal static class AssemblyTypes
{
    public static IReadOnlyList<Type> Of(Assembly assembly, ICollection<string>? problems = null)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException e)
        {
            foreach (var problem in e.LoaderExceptions.OfType<Exception>().Select(x => x.Message).Distinct(StringComparer.Ordinal))
                problems?.Add(problem);
            return [.. e.Types.OfType<Type>()];
        }
    }
}
