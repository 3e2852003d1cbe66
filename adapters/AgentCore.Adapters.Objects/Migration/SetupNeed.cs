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
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private readonly Type _type;
    private readonly List<Type> _family;
    private readonly List<MethodInfo> _methods;
    private readonly Dictionary<MethodInfo, List<CodeUse>> _code = [];

    private SetupNeed(Type type)
    {
        _type = type;
        _family = [.. Inheritance.Bases(type).Prepend(type).TakeWhile(t => !ShapeReader.IsFramework(t))];
        _methods = [.. _family.SelectMany(t => t.GetMethods(Declared))];
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
            var life = binding.Lifecycle;
            return new SetupNeed(type).Find(asked, [.. new[] { life.Initialize, life.Start }.OfType<string>()]) is { } setup
                ? $"it wants {OwnNull.Signature(setup)} called first, which takes what nobody has given; call it in code (UniversalAgentOptions.Factory)"
                : null;
        }
        catch (Exception e) when (e is ArgumentException || Inheritance.IsMissing(e))
        {
            return null;
        }
    }

    private MethodInfo? Find(MethodInfo asked, IReadOnlyList<string> called)
    {
        var behind = Behind(_methods.FindAll(m => Same(asked, m)));
        var made = _family.SelectMany(t => t.GetConstructors(Declared)).SelectMany(CodeReader.Of).ToList();
        var before = Behind(_methods.FindAll(m => called.Contains(m.Name, StringComparer.Ordinal) || made.Exists(use => use.Member is MethodInfo by && IsOwn(by) && Same(by, m))));
        var uses = behind.SelectMany(UsesOf).ToList();
        var set = made.Concat(behind.Concat(before).SelectMany(UsesOf)).Select(Written).OfType<FieldInfo>().Select(KeyOf).ToHashSet(StringComparer.Ordinal);
        foreach (var field in uses.Where(use => !use.Writes).Select(use => Kept(use.Member)).OfType<FieldInfo>().Where(f => !f.FieldType.IsValueType && f.FieldType != typeof(string)).DistinctBy(KeyOf))
        {
            if (set.Contains(KeyOf(field)) || uses.Exists(use => Is(use, field) && use.Fate == Fate.Looked) || !uses.Exists(use => Is(use, field)))
                continue;
            var setters = _methods.FindAll(m => !behind.Contains(m) && UsesOf(m).Any(use => Written(use) is { } written && KeyOf(written) == KeyOf(field)));
            if (setters.Count == 0 || setters.Exists(m => m is { IsSpecialName: true, IsPublic: true }))
                continue;
            if (_methods.Find(m => m is { IsPublic: true, IsSpecialName: false } && !behind.Contains(m) && TakesData(m) && Behind([m]).Overlaps(setters)) is { } setup)
                return setup;
        }

        return null;
    }

    /// <summary>The same, or one that overrides it.</summary>
    private static bool Same(MethodInfo a, MethodInfo b) => a.Name == b.Name && a.GetParameters().Length == b.GetParameters().Length;

    private static bool TakesData(MethodInfo m) => m.GetParameters().Any(p => !p.IsOptional && !ArgumentKinds.Of(p.ParameterType).IsAmbient());

    /// <summary>The methods, and what they call of the class itself.</summary>
    private HashSet<MethodInfo> Behind(List<MethodInfo> methods)
    {
        var seen = new HashSet<MethodInfo>(methods);
        var todo = new Queue<MethodInfo>(methods);
        while (todo.TryDequeue(out var next))
        {
            foreach (var by in UsesOf(next).Select(use => use.Member).OfType<MethodInfo>().Where(IsOwn).Distinct().ToList())
            {
                foreach (var called in _methods.Where(m => Same(by, m) && seen.Add(m)))
                    todo.Enqueue(called);
            }
        }

        return seen;
    }

    /// <summary>Its own code, with that of its lambdas, wherever the compiler put it.</summary>
    private List<CodeUse> UsesOf(MethodInfo method)
    {
        if (_code.TryGetValue(method, out var known))
            return known;
        var uses = CodeReader.Whole(method).ToList();
        _code[method] = uses;
        for (var i = 0; i < uses.Count; i++)
        {
            if (uses[i].Member is MethodInfo { Name: ['<', ..] } lambda && lambda.DeclaringType is { } holder && (holder == _type || holder.DeclaringType is { } outer && _family.Contains(outer)) && !uses.Take(i).Any(use => use.Member == (MemberInfo)lambda))
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

    private bool Is(CodeUse use, FieldInfo field) => !use.Writes && Kept(use.Member) is { } kept && KeyOf(kept) == KeyOf(field);

    private static string KeyOf(MemberInfo member) => $"{member.DeclaringType?.Name}.{member.Name}";
}
