using System.Reflection;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Finds loaded types by full name.</summary>
internal static class TypeNames
{
    /// <summary>Finds a type.</summary>
    /// <exception cref="ArgumentException">There is no such type in the agent's assembly, the ones it uses, or the framework.</exception>
    public static Type Find(string name, Assembly assembly) =>
        assembly.GetType(name) ?? Type.GetType(name) ?? AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(name)).FirstOrDefault(t => t is not null)
        ?? throw new ArgumentException($"There is no type '{name}'. Write its full name with its namespace.");
}
