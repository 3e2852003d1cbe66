using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Finds the classes of an assembly that implement an interface or complete an abstract class. Reads the assembly once, on demand.</summary>
internal sealed class Implementers(Assembly assembly)
{
    private Dictionary<string, List<Type>>? _byBase;

    public IReadOnlyList<Type> Of(Type abstraction)
    {
        _byBase ??= Index();
        var full = TypeText.FullName(abstraction);
        return full is not null && _byBase.TryGetValue(full, out var found) ? found : [];
    }

    private Dictionary<string, List<Type>> Index()
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
