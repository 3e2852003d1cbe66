using System.Reflection;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>
/// A call that has to come first, read from the code: the asked method can't do without a field that no constructor sets and that another public method
/// sets from what it is handed. Told where an agent can't be run to show it, as something else is missing too.
/// </summary>
internal sealed class SetupNeed
{
    // What is called of a field stands near its reading, behind the call's arguments.
    private const int Near = 6;

    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private readonly Type _type;
    private readonly List<Type> _family;
    private readonly List<MethodInfo> _methods;
    private readonly ILookup<(string Name, int Parameters), MethodInfo> _named;
    private readonly Dictionary<MethodInfo, List<CodeUse>> _code = [];

    private SetupNeed(Type type)
    {
        _type = type;
        _family = [.. Inheritance.Bases(type).Prepend(type).TakeWhile(t => !ShapeReader.IsFramework(t))];
        _methods = [.. _family.SelectMany(t => t.GetMethods(Declared))];
        _named = _methods.ToLookup(KeyOf);
    }

    /// <summary>What has to be called first, in words; null where nothing has to be.</summary>
    public static string? Of(ObjectBinding binding)
    {
        if (binding is not { Assembly: { } file, Method: not null, Call: null })
            return null;
        try
        {
            var type = AgentAssemblies.Find(file, binding.Type);
            if (type.ContainsGenericParameters || MethodChooser.Choose(ShapeReader.Read(type), binding.Method).Method?.Source is not { IsStatic: false } asked)
                return null;
            return new SetupNeed(type).Find(asked, binding) is { } setup
                ? $"it wants {OwnNull.Signature(setup)} called first, which takes what nobody has given; call it in code (UniversalAgentOptions.Factory)"
                : null;
        }
        catch (Exception e) when (e is ArgumentException || Inheritance.IsMissing(e))
        {
            return null;
        }
    }

    private MethodInfo? Find(MethodInfo asked, ObjectBinding binding)
    {
        var behind = Behind(_named[KeyOf(asked)]);
        var made = Made(binding.Instance);
        var before = Behind(_methods.Where(m => m.Name == binding.Lifecycle.Initialize || m.Name == binding.Lifecycle.Start).Concat(made.SelectMany(Called)));
        var set = made.Concat(behind.Concat(before).SelectMany(UsesOf)).Select(Written).OfType<FieldInfo>().Select(KeyOf).ToHashSet(StringComparer.Ordinal);
        var callers = _methods.SelectMany(m => UsesOf(m).SelectMany(Called).Distinct().Select(called => (Caller: m, Called: called))).ToLookup(c => c.Called, c => c.Caller);
        return Needed(behind).Where(field => !set.Contains(field))
            .Select(field => Setter(_methods.Where(m => !behind.Contains(m) && UsesOf(m).Any(use => Written(use) is { } written && KeyOf(written) == field)).ToList(), callers, behind))
            .FirstOrDefault(setup => setup is not null);
    }

    /// <summary>The code that makes the object: its constructors, and the static method that the binding makes it by.</summary>
    private List<CodeUse> Made(string? factory) =>
        [.. _family.SelectMany(t => t.GetConstructors(Declared)).Concat<MethodBase>(_type.GetMethods(Declared | BindingFlags.Static).Where(m => m.IsStatic && m.Name == factory))
            .SelectMany(m => WithLambdas([.. m is MethodInfo method ? CodeReader.Whole(method) : CodeReader.Of(m)]))];

    /// <summary>The fields without which the code can't do: it calls something of them, or throws where there is nothing, and never looks first.</summary>
    private IEnumerable<string> Needed(HashSet<MethodInfo> behind)
    {
        var looked = new HashSet<string>(StringComparer.Ordinal);
        var needed = new List<string>();
        foreach (var uses in behind.Select(UsesOf))
        {
            for (var i = 0; i < uses.Count; i++)
            {
                if (uses[i].Writes || Kept(uses[i].Member) is not { FieldType: { IsValueType: false } type } field || type == typeof(string))
                    continue;
                if (uses[i].Fate == Fate.Looked)
                    looked.Add(KeyOf(field));
                else if (uses[i].Fate == Fate.Demanded || type.IsArray || uses.Skip(i + 1).Take(Near).Any(use => use.Member is MethodInfo { IsStatic: false, DeclaringType: { } owner } && owner.IsAssignableFrom(type)))
                    needed.Add(KeyOf(field));
            }
        }

        return needed.Distinct().Where(field => !looked.Contains(field));
    }

    /// <summary>The public method that takes data and sets it, by itself or by what it calls; null where its property does, or nobody.</summary>
    private static MethodInfo? Setter(List<MethodInfo> setters, ILookup<MethodInfo, MethodInfo> callers, HashSet<MethodInfo> behind)
    {
        if (setters.Exists(m => m is { IsSpecialName: true, IsPublic: true }))
            return null;
        var seen = setters.ToHashSet();
        var todo = new Queue<MethodInfo>(setters);
        while (todo.TryDequeue(out var next))
        {
            foreach (var caller in callers[next].Where(caller => !behind.Contains(caller) && seen.Add(caller)))
                todo.Enqueue(caller);
        }

        return seen.Where(m => m is { IsPublic: true, IsSpecialName: false } && TakesData(m)).MinBy(m => m.MetadataToken);
    }

    private static bool TakesData(MethodInfo m) => m.GetParameters().Any(p => !p.IsOptional && !ArgumentKinds.Of(p.ParameterType).IsAmbient());

    /// <summary>The methods, and what they call of the class itself.</summary>
    private HashSet<MethodInfo> Behind(IEnumerable<MethodInfo> methods)
    {
        var seen = methods.ToHashSet();
        var todo = new Queue<MethodInfo>(seen);
        while (todo.TryDequeue(out var next))
        {
            foreach (var called in UsesOf(next).SelectMany(Called).Where(seen.Add))
                todo.Enqueue(called);
        }

        return seen;
    }

    /// <summary>The methods of the class that a call may come to: the one it names, and those that override it.</summary>
    private IEnumerable<MethodInfo> Called(CodeUse use) => use.Member is MethodInfo method && IsOwn(method) ? _named[KeyOf(method)] : [];

    private List<CodeUse> UsesOf(MethodInfo method) => _code.TryGetValue(method, out var known) ? known : _code[method] = WithLambdas([.. CodeReader.Whole(method)]);

    /// <summary>The code with that of its lambdas, wherever the compiler put it; one that calls itself with other types is the same.</summary>
    private List<CodeUse> WithLambdas(List<CodeUse> uses)
    {
        var seen = new HashSet<(Module, int)>();
        for (var i = 0; i < uses.Count; i++)
        {
            if (uses[i].Member is MethodInfo { Name: ['<', ..] } lambda && lambda.DeclaringType is { } holder && (_family.Contains(holder) || holder.DeclaringType is { } outer && _family.Contains(outer)) && seen.Add((lambda.Module, lambda.MetadataToken)))
                uses.AddRange(CodeReader.Whole(lambda));
        }

        return uses;
    }

    private bool IsOwn(MethodInfo m) => m is { IsStatic: false, DeclaringType: { } owner } && owner.IsAssignableFrom(_type) && !ShapeReader.IsFramework(owner);

    /// <summary>The field, or that behind a property of the class.</summary>
    private FieldInfo? Kept(MemberInfo member) => member switch
    {
        FieldInfo { IsStatic: false, DeclaringType: { } owner } field => owner.IsAssignableFrom(_type) ? field : null,
        MethodInfo getter => BackingField(getter, "get_"),
        _ => null,
    };

    /// <summary>The field that is written, by itself or by its property.</summary>
    private FieldInfo? Written(CodeUse use) => use switch
    {
        { Writes: true, Member: FieldInfo { DeclaringType: { } owner } field } when owner.IsAssignableFrom(_type) => field,
        { Member: MethodInfo setter } => BackingField(setter, "set_"),
        _ => null,
    };

    private FieldInfo? BackingField(MethodInfo accessor, string kind) =>
        accessor.IsSpecialName && IsOwn(accessor) && accessor.Name.StartsWith(kind, StringComparison.Ordinal) ? accessor.DeclaringType!.GetField($"<{accessor.Name[kind.Length..]}>k__BackingField", Declared) : null;

    private static (string Name, int Parameters) KeyOf(MethodInfo m) => (m.Name, m.GetParameters().Length);

    private static string KeyOf(FieldInfo field) => $"{field.DeclaringType?.Name}.{field.Name}";
}
