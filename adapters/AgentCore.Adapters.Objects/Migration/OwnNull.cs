using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>A field of the agent's own that is still null, or an empty list, when it is asked: who should have set it.</summary>
/// <param name="target">The agent.</param>
/// <param name="asked">The method that it is asked by.</param>
internal sealed class OwnNull(object target, MethodInfo? asked)
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // A failure's place is that of its statement, or near it.
    private const int Near = 5;

    private static readonly string[] Fillers = ["Add", "AddRange", "AddFirst", "AddLast", "Insert", "Push", "Enqueue", "TryAdd", "set_Item"];

    // They set flags too, and nobody calls them first.
    private static readonly string[] Endings = ["Dispose", "DisposeAsync", "Close", "CloseAsync", "Stop", "StopAsync", "Abort", "Cancel", "CancelAsync", "Shutdown", "ShutdownAsync", "End", "Reset", "Clear", "Fail", "Finish", "Kill"];

    private readonly List<MethodInfo> _methods = [.. Inheritance.Bases(target.GetType()).Prepend(target.GetType()).SelectMany(t => t.GetMethods(Declared))];

    /// <summary>Looks at what the code reads near the place where it failed; where it threw by itself, at what it looked at before: <c>if (_game == null) throw</c>.</summary>
    /// <param name="uses">What the code uses.</param>
    /// <param name="failedAt">Where it failed.</param>
    /// <param name="error">How.</param>
    /// <param name="byItself">It threw that itself, and not what it called.</param>
    public Blame? Among(IReadOnlyList<CodeUse> uses, int failedAt, Exception error, bool byItself)
    {
        var empty = error is not NullReferenceException and not ArgumentNullException && Blame.Misses(error);
        var thrown = byItself && error is not NullReferenceException && !empty;
        var near = uses.Where(use => use.At <= failedAt && !IsAwaiting(use)).Reverse().Take(Near).ToList();
        // if (!_isInitialized) throw: the flag is what it looked at last.
        if (thrown && near.Find(use => use is { Writes: false, Member: FieldInfo or MethodInfo { IsSpecialName: true } }).Member is { } last && Kept(last) is { } kept && OfFlag(kept) is { } blame)
            return blame;
        return near.Concat(uses.Where(use => use.At > failedAt).Take(thrown ? 0 : Near)).Where(use => !use.Writes).Select(use => Kept(use.Member) is { } field ? OfField(field, empty) : null).FirstOrDefault(b => b is not null);
    }

    /// <summary>What the compiler wrote around an await.</summary>
    private static bool IsAwaiting(CodeUse use) =>
        use.Member.Name.StartsWith('<') || use.Member.DeclaringType?.Namespace == "System.Runtime.CompilerServices" || use.Member.Name is "GetAwaiter" or "ConfigureAwait";

    /// <summary>The field itself, or that behind a property of the agent's; null where it is neither.</summary>
    private FieldInfo? Kept(MemberInfo member) => member switch
    {
        FieldInfo { IsStatic: false, DeclaringType: { } owner } field => owner.IsInstanceOfType(target) ? field : null,
        MethodInfo { IsSpecialName: true, IsStatic: false, DeclaringType: { } owner } getter when getter.Name.StartsWith("get_", StringComparison.Ordinal) && getter.GetParameters().Length == 0 && owner.IsInstanceOfType(target)
            => owner.GetField($"<{getter.Name["get_".Length..]}>k__BackingField", Declared),
        _ => null,
    };

    /// <summary>The method that sets a flag which is still false.</summary>
    private Blame? OfFlag(FieldInfo field) =>
        field.GetValue(target) is false && Public(_methods.FindAll(m => m is { IsSpecialName: false } && m != asked && Array.IndexOf(Endings, m.Name) < 0 && CodeReader.Whole(m).Any(use => use.Writes && Is(use.Member, field)))) is { } method && Array.IndexOf(Endings, method.Name) < 0
            ? First(method)
            : null;

    private static Blame First(MethodInfo method) => new(
        ["lifecycle.initialize"],
        $"it wants {Signature(method)} called first{(method.GetParameters().Length == 0 ? "; name it under lifecycle" : ", which takes what nobody has given; call it in code (UniversalAgentOptions.Factory)")}")
    { Certain = true };

    /// <summary>The property to set or the method to call first; null where the field lacks nothing, or only its constructor sets it.</summary>
    private Blame? OfField(FieldInfo field, bool empty)
    {
        if (field.FieldType.IsValueType)
            return null;
        var (owner, value) = (field.DeclaringType!, field.GetValue(target));
        if (empty ? value is not System.Collections.ICollection { Count: 0 } : value is not null)
            return null;

        if (owner.GetEvent(field.Name, BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance) is { } raised)
            return new Blame(["result"], $"it raises {raised.Name}, and nobody listens: take it as the result, with 'result: event:{raised.Name}'") { Certain = true };
        if (!empty && OfConstructor(field) is { } parameter)
            return new Blame([.. Beside(parameter).Select(name => $"construct.{name}")], "it is null, and another constructor takes it: fill that one's parameters under construct") { Certain = true };
        var writers = _methods.FindAll(m => m != asked && CodeReader.Whole(m).ToList() is var uses && (uses.Exists(use => use.Writes && Is(use.Member, field)) || empty && Fills(uses, field)));
        if (writers.Find(m => m is { IsSpecialName: true, IsPublic: true }) is { } property)
            return new Blame([$"construct.{property.Name["set_".Length..]}"], empty ? "it is empty" : "it is null") { Certain = true };
        return Public(writers) is { } method ? First(method) : null;
    }

    /// <summary>The parameter of a constructor, not the one that was chosen, from which it or its base sets the field.</summary>
    private string? OfConstructor(FieldInfo field)
    {
        var types = Inheritance.Bases(target.GetType()).Prepend(target.GetType());
        if (!types.SelectMany(t => t.GetConstructors(Declared)).Any(c => c.GetParameters().Length > 0 && CodeReader.Of(c).Any(use => use.Writes && Is(use.Member, field))))
            return null;
        var fitting = target.GetType().GetConstructors().SelectMany(c => c.GetParameters()).Where(p => field.FieldType.IsAssignableFrom(p.ParameterType)).Select(p => p.Name!).Distinct(StringComparer.Ordinal).ToList();
        return fitting.Find(name => string.Equals(name, field.Name.TrimStart('_'), StringComparison.OrdinalIgnoreCase)) ?? (fitting.Count == 1 ? fitting[0] : null) ?? Only(types, field);
    }

    /// <summary>The parameter, and what else a person has to give to the constructor that takes it with the least.</summary>
    private IEnumerable<string> Beside(string parameter)
    {
        var taking = target.GetType().GetConstructors().Select(c => c.GetParameters()).Where(all => Array.Exists(all, p => p.Name == parameter)).MinBy(all => all.Length) ?? [];
        return taking.Where(p => p.Name != parameter && ShapeReader.Parameter(p) is { Required: true } shape && !shape.Kind.IsAmbient()).Select(p => p.Name!).Prepend(parameter);
    }

    /// <summary>What the one constructor takes that sets the field from a part of it: <c>_key = configuration["Key"]</c>.</summary>
    private static string? Only(IEnumerable<Type> types, FieldInfo field)
    {
        var setting = types.First().GetConstructors().Where(c => CodeReader.Of(c).Any(use => use.Writes && Is(use.Member, field))).ToList();
        return setting is [var one] && one.GetParameters() is [var parameter] ? parameter.Name : null;
    }

    private static bool Is(MemberInfo member, FieldInfo field) => member is FieldInfo used && used.Name == field.Name && used.DeclaringType?.Name == field.DeclaringType?.Name;

    /// <summary>It reads the list, directly or by its property, and adds to it.</summary>
    private static bool Fills(List<CodeUse> uses, FieldInfo field) => uses.Select((use, i) => (use, i)).Any(read =>
        (Is(read.use.Member, field) || read.use.Member.Name is var name && name.StartsWith("get_", StringComparison.Ordinal) && field.Name == $"<{name["get_".Length..]}>k__BackingField")
        && uses.Skip(read.i + 1).Take(Near).Any(use => Array.IndexOf(Fillers, use.Member.Name) >= 0));

    /// <summary>The public method that sets it: itself, or by those that the class keeps to itself.</summary>
    private MethodInfo? Public(List<MethodInfo> writers)
    {
        var known = writers.Select(w => w.MetadataToken).ToHashSet();
        for (var next = writers; next.Count > 0;)
        {
            if (next.Find(m => m is { IsSpecialName: false, IsPublic: true }) is { } open)
                return open;
            next = _methods.FindAll(m => m != asked && !known.Contains(m.MetadataToken) && CodeReader.Whole(m).Any(use => use.Member is MethodInfo called && next.Exists(w => w.MetadataToken == called.MetadataToken && w.Module == called.Module)));
            known.UnionWith(next.Select(m => m.MetadataToken));
        }

        return null;
    }

    public static string Signature(MethodInfo method) => $"{TypeText.Of(method.ReturnType)} {method.Name}({string.Join(", ", method.GetParameters().Select(p => $"{TypeText.Of(p.ParameterType)} {p.Name}"))})";
}
