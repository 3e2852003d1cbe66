using System.Reflection;
using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Makes records and plain classes out of JSON, or out of a text that becomes their text property. What isn't given stays at its default.</summary>
internal sealed class ObjectMaker(ValueConverter converter, CallEnvironment environment)
{
    private static readonly string[] TextNames =
    [
        "Input", "Text", "Content", "Message", "Prompt", "Query", "Question", "Request", "Task", "Body", "Goal", "Description", "Instruction",
        "Instructions", "UserMessage", "UserInput", "Value", "Data", "Payload", "Subject", "Title", "Topic", "Command", "Objective", "Utterance",
    ];

    public object FromText(Type type, string text, string what)
    {
        type = Concrete(type, what);
        if (IsTuple(type))
            return FromParts(type, p => Scalars.IsScalar(p.ParameterType) ? Activator.CreateInstance(p.ParameterType) : converter.FromText(text, p.ParameterType, what));
        var member = TextMember(type) is { } name
            ? new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { [name] = text }
            : new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { [""] = text };
        return Make(type, member, what);
    }

    public object FromJson(Type type, JsonElement json, string what)
    {
        type = Concrete(type, what, json);
        // Of names that mean the same member (suit, Suit, _suit) the last counts, as JSON readers have it.
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var written = WrittenAs(type);
        foreach (var part in json.EnumerateObject().Where(part => part.Name != "$type"))
            values[Key(written.GetValueOrDefault(part.Name, part.Name))] = part.Value;
        return Make(type, values, what);
    }

    /// <summary>Refuses an object whose names fit no part of the class: all of it would be left out in silence.</summary>
    /// <exception cref="ArgumentMappingException">None fits.</exception>
    public static void CheckNames(Type type, JsonElement json, string what)
    {
        if (ReadsJsonItself(type))
            return;
        var (written, names, parts) = (WrittenAs(type), json.EnumerateObject().Select(part => part.Name).ToList(), Settable(type).Select(m => m.Name).ToList());
        if (names.Count > 0 && parts.Count > 0 && !names.Exists(name => written.ContainsKey(name) || parts.Exists(part => string.Equals(Key(part), Key(name), StringComparison.OrdinalIgnoreCase))))
            throw new ArgumentMappingException($"{what}: {GapNotes.Article(TypeText.Of(type))} {TypeText.Of(type)} has {string.Join(", ", parts)}, and the JSON names none of them but {string.Join(", ", names)}.");
    }

    /// <summary>A tuple of a list: by place.</summary>
    public object FromItems(Type type, IReadOnlyList<JsonElement> items, string what) => FromParts(type, p => p.Position < items.Count
        ? converter.Convert(items[p.Position], p.ParameterType, $"{what}[{p.Position}]")
        : throw new ArgumentMappingException($"{what}: a {TypeText.Of(type)} takes {type.GetGenericArguments().Length} items, not {items.Count}."));

    public static bool IsTuple(Type type) => type.IsGenericType && typeof(System.Runtime.CompilerServices.ITuple).IsAssignableFrom(type);

    private static object FromParts(Type type, Func<ParameterInfo, object?> part)
    {
        var constructor = type.GetConstructors()[0];
        return constructor.Invoke([.. constructor.GetParameters().Select(part)]);
    }

    /// <summary>The property that a plain text goes to; null where there is none.</summary>
    public static string? TextMember(Type type)
    {
        var texts = Settable(type).Where(m => m.Type == typeof(string) || m.Type == typeof(object)).Select(m => m.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return TextNames.FirstOrDefault(n => texts.Contains(n, StringComparer.OrdinalIgnoreCase))
            ?? texts.Find(t => TextNames.Any(n => t.EndsWith(n, StringComparison.OrdinalIgnoreCase)))
            ?? (texts.Count == 1 ? texts[0] : texts.Find(t => !t.EndsWith("Id", StringComparison.Ordinal) && !t.Equals("Id", StringComparison.OrdinalIgnoreCase) && !t.Equals("Role", StringComparison.OrdinalIgnoreCase)));
    }

    private object Make(Type type, Dictionary<string, object?> values, string what)
    {
        var constructor = Constructor(type);
        if (constructor is null && !type.IsValueType && type.GetConstructor(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance, []) is null)
            return NamedInstances.Get(type, values.Values.Select(v => v as string ?? (v is JsonElement { ValueKind: JsonValueKind.String } json ? json.GetString() : null)), what);
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        object made;
        try
        {
            made = constructor is null
                ? Activator.CreateInstance(type, nonPublic: true)!
                : constructor.Invoke([.. constructor.GetParameters().Select(p => Argument(p, values, used, what))]);
        }
        catch (TargetInvocationException e)
        {
            throw new ArgumentMappingException($"{what}: making a {TypeText.Of(type)} failed: {e.InnerException!.Message}", e.InnerException) { Unmakeable = true };
        }

        foreach (var (name, memberType, set) in Members(type))
        {
            if (set is not null && !used.Contains(Key(name)) && Find(values, name) is { } value)
                set(made, Value(value, memberType, $"{what}.{name}"));
        }

        return made;
    }

    private object? Argument(ParameterInfo p, Dictionary<string, object?> values, HashSet<string> used, string what)
    {
        if (Find(values, p.Name!) is { } value)
        {
            used.Add(Key(p.Name!));
            return Value(value, p.ParameterType, $"{what}.{p.Name}");
        }

        if (p.HasDefaultValue)
            return p.DefaultValue ?? (p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null);
        if (p.ParameterType == typeof(string))
            return Nullability.AllowsNull(p) ? null : p.Name!.EndsWith("id", StringComparison.OrdinalIgnoreCase) ? Guid.NewGuid().ToString("n") : "";
        if (p.ParameterType == typeof(Guid))
            return Guid.NewGuid();
        if (p.ParameterType == typeof(CancellationToken) || p.ParameterType.IsValueType)
            return Activator.CreateInstance(p.ParameterType);
        if (Nullability.AllowsNull(p))
            return null;
        if (Sequences.IsDictionary(p.ParameterType))
            return Sequences.BuildDictionary(p.ParameterType, [], converter, what);
        if (Sequences.ElementOf(p.ParameterType) is { } element)
            return Sequences.Build(p.ParameterType, element, [], what);
        return environment.Constructors.CanMake(p.ParameterType) ? new InstanceMaker(environment).Make(p.ParameterType) : null;
    }

    private object? Value(object value, Type type, string what) => value switch
    {
        JsonElement json => converter.Convert(json, type, what),
        string text => converter.FromText(text, type, what),
        _ => value,
    };

    private Type Concrete(Type type, string what, JsonElement? json = null)
    {
        if (!type.IsAbstract && !type.IsInterface)
            return type;

        // The class that is named, or has most of the given names; then one from the agent's own namespace, and the shortest name among equals.
        var names = json?.EnumerateObject().Select(p => p.Name).ToList() ?? [];
        var named = json is { } given && given.TryGetProperty("$type", out var kind) ? kind.ToString() : null;
        var makeable = environment.Implementers.Of(type).Where(t => !t.ContainsGenericParameters && (t.IsValueType || t.GetConstructors().Length > 0)).ToList();
        if (named is not null && makeable.Count > 0 && !makeable.Exists(IsNamed))
            throw new ArgumentMappingException($"{what}: '$type' is '{named}', and no {TypeText.Of(type)} is called that. Name one of {string.Join(", ", makeable.Select(t => t.Name).Order(StringComparer.Ordinal))}.");
        var found = makeable
            .Where(t => named is null || IsNamed(t))
            .OrderByDescending(t => Settable(t).Count(m => names.Contains(m.Name, StringComparer.OrdinalIgnoreCase)))
            .ThenBy(t => t.Namespace == environment.Home ? 0 : 1)
            .ThenBy(t => names.Count == 0 && TextMember(t) is null ? 1 : 0).ThenBy(t => t.Name.Length)
            .FirstOrDefault();
        return found ?? throw new ArgumentMappingException($"{what}: {TypeText.Of(type)} is abstract and nothing in its assembly implements it. Give the value in code (.ArgumentValue).") { Unmakeable = true };

        // Serializers write the assembly behind the name.
        bool IsNamed(Type t) => named!.Split(',')[0] is var name && (t.Name == name || t.FullName == name);
    }

    private static ConstructorInfo? Constructor(Type type)
    {
        if (type.IsValueType && type.GetConstructors().Length == 0)
            return null;
        var all = type.GetConstructors().Where(c => !(c.GetParameters() is [{ ParameterType: var only }] && only == type)).ToList();
        if (all.Count == 0)
            all = [.. type.GetConstructors(BindingFlags.NonPublic | BindingFlags.Instance).Where(c => !c.IsPrivate && !(c.GetParameters() is [{ ParameterType: var only }] && only == type))];
        if (all.Count == 0)
            return null;
        var empty = all.Find(c => c.GetParameters().Length == 0);
        var writable = type.GetProperties().Any(p => p.SetMethod is { IsPublic: true } or { IsAssembly: true }) || type.GetFields().Any(f => !f.IsInitOnly);
        return empty is not null && (writable || all.Count == 1) ? empty : all.OrderByDescending(c => c.GetParameters().Length).First();
    }

    /// <summary>What data can fill: settable members and constructor parameters.</summary>
    public static IEnumerable<(string Name, Type Type)> Settable(Type type) => Members(type)
        .Where(m => m.Set is not null).Select(m => (m.Name, m.Type))
        .Concat(Constructor(type)?.GetParameters().Select(p => (p.Name!, p.ParameterType)) ?? [])
        .DistinctBy(m => Key(m.Item1), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<(string Name, Type Type, Action<object, object?>? Set)> Members(Type type)
    {
        foreach (var p in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (p.GetIndexParameters().Length == 0)
                yield return (p.Name, p.PropertyType, p.SetMethod is { IsPublic: true } or { IsAssembly: true } ? p.SetValue : null);
        }

        foreach (var f in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
            yield return (f.Name, f.FieldType, f.IsInitOnly ? null : f.SetValue);
    }

    /// <summary>The members whose name in JSON is another than their own, by that name.</summary>
    private static Dictionary<string, string> WrittenAs(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Concat<MemberInfo>(type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        .Select(p => (p.Name, Written: p.GetCustomAttributesData().Select(a => (a.AttributeType.Name, a.ConstructorArguments) switch
        {
            ("JsonPropertyNameAttribute" or "JsonPropertyAttribute", [{ Value: string name }, ..]) => name,
            ("JsonPropertyAttribute", _) => a.NamedArguments.FirstOrDefault(n => n.MemberName == "PropertyName").TypedValue.Value as string,
            ("DataMemberAttribute", _) => a.NamedArguments.FirstOrDefault(n => n.MemberName == "Name").TypedValue.Value as string,
            _ => null,
        }).FirstOrDefault(name => name is not null)))
        .Where(p => p.Written is not null).DistinctBy(p => p.Written).ToDictionary(p => p.Written!, p => p.Name, StringComparer.Ordinal);

    /// <summary>It says by attributes what becomes of names that it doesn't have: extension data, a converter, a kind that is named.</summary>
    private static bool ReadsJsonItself(Type type) =>
        Says(type, "JsonConverter", "JsonPolymorphic", "JsonDerivedType", "JsonObject") || Array.Exists(type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance), m => Says(m, "JsonExtensionData", "JsonInclude"));

    private static bool Says(MemberInfo member, params string[] names) => member.GetCustomAttributesData().Any(a => Array.Exists(names, name => a.AttributeType.Name == name + "Attribute"));

    private static object? Find(Dictionary<string, object?> values, string name) => values.TryGetValue(Key(name), out var value) ? value : values.GetValueOrDefault(name);

    private static string Key(string name) => string.Concat(Verbs.Words(name));
}
