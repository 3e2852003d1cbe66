using System.Collections;
using System.Collections.Concurrent;
using System.Dynamic;
using System.Text.Json;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Builds lists, sets, arrays and dictionaries of whatever type a parameter asks for.</summary>
internal static class Sequences
{
    public static bool IsDictionary(Type type) =>
        type == typeof(ExpandoObject) || type == typeof(IDictionary) || type == typeof(Hashtable) || KeyValue(type) is not null;

    /// <summary>The type of a sequence's items; null where it is none, or is a string.</summary>
    public static Type? ElementOf(Type type)
    {
        if (type == typeof(string))
            return null;
        if (type == typeof(IEnumerable) || type == typeof(IList) || type == typeof(ICollection) || type == typeof(ArrayList))
            return typeof(object);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
            return type.GetGenericArguments()[0];
        return Inheritance.ElementOf(type);
    }

    public static object Build(Type target, Type element, IReadOnlyList<object?> items, string what)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        foreach (var item in items)
            list.Add(item);
        if (target.IsInstanceOfType(list))
            return list;
        if (target.IsArray && target.GetArrayRank() > 1 && items.Count == 0)
            return Array.CreateInstance(element, new int[target.GetArrayRank()]);
        if (target.IsArray)
        {
            var array = Array.CreateInstance(element, items.Count);
            list.CopyTo(array, 0);
            return array;
        }

        if (target == typeof(ArrayList))
            return new ArrayList(list);
        if (target.IsGenericType && target.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))
            return typeof(Sequences).GetMethod(nameof(Stream), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(element).Invoke(null, [list])!;
        return FromList(target, element, list, what);
    }

    public static object BuildDictionary(Type target, IReadOnlyList<(string Key, object? Value)> entries, ValueConverter converter, string what)
    {
        if (target == typeof(ExpandoObject))
        {
            IDictionary<string, object?> bag = new ExpandoObject();
            foreach (var (key, value) in entries)
                bag[key] = value is JsonElement json ? ValueConverter.Plain(json) : value;
            return bag;
        }

        var (keyType, valueType) = KeyValue(target) ?? (typeof(object), typeof(object));
        var concrete = target is { IsAbstract: false, IsInterface: false } && target.GetConstructor([]) is not null
            ? target
            : target.IsGenericType && target.Name.StartsWith("ConcurrentDictionary", StringComparison.Ordinal)
                ? typeof(ConcurrentDictionary<,>).MakeGenericType(keyType, valueType)
                : typeof(Dictionary<,>).MakeGenericType(keyType, valueType);
        if (target.Name.Contains("ImmutableDictionary", StringComparison.Ordinal))
            return Immutable(keyType, valueType, Fill(typeof(Dictionary<,>).MakeGenericType(keyType, valueType)));
        var filled = Fill(concrete);
        if (target.IsInstanceOfType(filled))
            return filled;
        // ReadOnlyDictionary: one that is filled already is put into it.
        return Array.Find(target.GetConstructors(), c => c.GetParameters() is [{ ParameterType: var p }] && p.IsInstanceOfType(filled))?.Invoke([filled])
            ?? throw new ArgumentMappingException($"{what}: a {TypeText.Of(target)} can't be made of names and values. Give the value in code (.ArgumentValue).") { Unmakeable = true };

        object Fill(Type type)
        {
            var made = Activator.CreateInstance(type)!;
            var put = (IDictionary)made;
            foreach (var (key, value) in entries)
            {
                var k = converter.FromText(key, keyType, what) ?? key;
                put[k] = value switch
                {
                    JsonElement json => converter.Convert(json, valueType, $"{what}.{key}"),
                    string text => converter.FromText(text, valueType, $"{what}.{key}"),
                    _ => value,
                };
            }

            return made;
        }
    }

    private static object Immutable(Type key, Type value, object source) => typeof(System.Collections.Immutable.ImmutableDictionary).GetMethods()
        .First(m => m.Name == "CreateRange" && m.GetParameters().Length == 1).MakeGenericMethod(key, value).Invoke(null, [source])!;

    private static object FromList(Type target, Type element, IList list, string what)
    {
        var sequence = typeof(IEnumerable<>).MakeGenericType(element);
        if (target.IsInterface)
        {
            var set = typeof(HashSet<>).MakeGenericType(element);
            if (target.IsAssignableFrom(set))
                return Activator.CreateInstance(set, list)!;
        }
        else if (target.GetConstructors().FirstOrDefault(c => c.GetParameters() is [{ ParameterType: var p }] && p.IsAssignableFrom(typeof(List<>).MakeGenericType(element))) is { } copies)
        {
            return copies.Invoke([list]);
        }
        else if (target.GetConstructor([]) is { } empty && target.GetMethod("Add", [element]) is { } add)
        {
            var made = empty.Invoke([]);
            foreach (var item in list)
                add.Invoke(made, [item]);
            return made;
        }
        else if (target.Name.StartsWith("Immutable", StringComparison.Ordinal))
        {
            var factory = target.Assembly.GetType($"{target.Namespace}.{TypeText.Simple(target)}")!;
            return factory.GetMethods().First(m => m.Name == "CreateRange" && m.GetParameters() is [{ ParameterType: { IsGenericType: true } p }]
                && p.GetGenericTypeDefinition() == typeof(IEnumerable<>)).MakeGenericMethod(element).Invoke(null, [list])!;
        }

        throw new ArgumentMappingException($"{what}: a {TypeText.Of(target)} can't be made of a list. Give the value in code (.ArgumentValue). It takes {TypeText.Of(sequence)}.") { Unmakeable = true };
    }

    private static (Type Key, Type Value)? KeyValue(Type type)
    {
        var dictionary = new[] { type }.Concat(type.GetInterfaces()).FirstOrDefault(i =>
            i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IDictionary<,>) || i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)));
        return dictionary?.GetGenericArguments() is [var key, var value] ? (key, value) : null;
    }

    private static async IAsyncEnumerable<T> Stream<T>(List<T> items)
    {
        foreach (var item in items)
        {
            await Task.CompletedTask.ConfigureAwait(false);
            yield return item;
        }
    }
}
