using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Objects of classes that keep their constructors to themselves and offer what there is of them by name: <c>Move.Fold</c>.</summary>
internal static class NamedInstances
{
    /// <summary>The one that is named, or else the first.</summary>
    /// <exception cref="ArgumentMappingException">The class offers none.</exception>
    public static object Get(Type type, IEnumerable<string?> names, string what)
    {
        const BindingFlags Statics = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var offered = type.GetProperties(Statics).Where(p => p.PropertyType == type).Select(p => (p.Name, Get: (Func<object?>)(() => p.GetValue(null))))
            .Concat(type.GetFields(Statics).Where(f => f.FieldType == type).Select(f => (f.Name, Get: (Func<object?>)(() => f.GetValue(null)))))
            .Concat(type.GetMethods(Statics).Where(m => !m.IsSpecialName && m.ReturnType == type && m.GetParameters().Length == 0).Select(m => (m.Name, Get: (Func<object?>)(() => m.Invoke(null, null)))))
            .ToList();
        var wanted = names.OfType<string>().ToList();
        var chosen = offered.Find(o => wanted.Exists(name => TaskValues.Same(o.Name, name)));
        return (chosen.Get ?? offered.FirstOrDefault().Get)?.Invoke()
            ?? throw new ArgumentMappingException($"{what}: a {TypeText.Of(type)} has no constructor that can be called. Give the value in code (.ArgumentValue).") { Unmakeable = true };
    }
}
