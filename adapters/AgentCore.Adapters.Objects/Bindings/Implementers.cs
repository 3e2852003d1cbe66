using System.Reflection;
using System.Runtime.CompilerServices;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Finds the classes of an assembly that implement an interface or complete an abstract class. Reads the assembly once, on demand.</summary>
internal sealed class Implementers
{
    private static readonly ConditionalWeakTable<Assembly, Implementers> Known = [];

    private readonly Lazy<Dictionary<string, List<Type>>> _byBase;
    private readonly Assembly _assembly;

    private Implementers(Assembly assembly)
    {
        _assembly = assembly;
        _byBase = new Lazy<Dictionary<string, List<Type>>>(() => Index(assembly));
    }

    public static Implementers Within(Assembly assembly) => Known.GetValue(assembly, static a => new Implementers(a));

    /// <summary>Those of the assembly, and those that lie beside the abstraction itself.</summary>
    public IReadOnlyList<Type> Of(Type abstraction)
    {
        var own = Own(abstraction).Where(t => Fits(abstraction, t)).ToList();
        return abstraction.Assembly == _assembly || ShapeReader.IsFramework(abstraction) ? own : [.. own.Concat(Within(abstraction.Assembly).Own(abstraction)).Where(t => Fits(abstraction, t)).Distinct()];
    }

    /// <summary>A judge of chess games is no IJudge&lt;CardGame&gt;.</summary>
    private static bool Fits(Type abstraction, Type type)
    {
        try
        {
            return !abstraction.IsGenericType || abstraction.ContainsGenericParameters || abstraction.IsAssignableFrom(type);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return true;
        }
    }

    private List<Type> Own(Type abstraction) =>
        TypeText.FullName(abstraction) is { } full && _byBase.Value.TryGetValue(full, out var found) ? found : [];

    private static Dictionary<string, List<Type>> Index(Assembly assembly)
    {
        var index = new Dictionary<string, List<Type>>(StringComparer.Ordinal);
        foreach (var type in AssemblyTypes.Of(assembly))
        {
            if (type.IsAbstract || type.IsInterface || type.IsGenericTypeDefinition || type.IsNestedPrivate)
                continue;
            foreach (var parent in Inheritance.Bases(type).Concat(Inheritance.Interfaces(type)))
            {
                if (ShapeReader.IsFramework(parent) || TypeText.FullName(parent) is not { } full)
                    continue;
                if (!index.TryGetValue(full, out var list))
                    index[full] = list = [];
                list.Add(type);
            }
        }

        return index;
    }
}
