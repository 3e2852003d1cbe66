using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>A field of the agent's own that is still null when it is asked: who should have set it.</summary>
internal static class OwnNull
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    // A failure's place is that of its statement, or near it.
    private const int Near = 5;

    /// <summary>Looks at what the code reads near the place where it failed; where it threw by itself, at what it looked at before: <c>if (_game == null) throw</c>.</summary>
    public static Blame? Among(IReadOnlyList<CodeUse> uses, int failedAt, object? target, bool thrown) =>
        uses.Where(use => use.At <= failedAt && !IsAwaiting(use)).Reverse().Take(Near).Concat(uses.Where(use => use.At > failedAt).Take(thrown ? 0 : Near))
            .Select(use => use.Member switch
            {
                FieldInfo field when !use.Writes => OfField(field, target),
                MethodInfo { IsSpecialName: true } getter when getter.Name.StartsWith("get_", StringComparison.Ordinal) => OfProperty(getter, target),
                _ => null,
            })
            .FirstOrDefault(blame => blame is not null);

    /// <summary>What the compiler wrote around an await.</summary>
    private static bool IsAwaiting(CodeUse use) =>
        use.Member.Name.StartsWith('<') || use.Member.DeclaringType?.Namespace == "System.Runtime.CompilerServices" || use.Member.Name is "GetAwaiter" or "ConfigureAwait";

    private static Blame? OfProperty(MethodInfo getter, object? target) =>
        target is not null && !getter.IsStatic && getter.GetParameters().Length == 0 && getter.DeclaringType!.IsInstanceOfType(target) && getter.DeclaringType.GetField($"<{getter.Name["get_".Length..]}>k__BackingField", Declared) is { } kept
            ? OfField(kept, target)
            : null;

    /// <summary>The property to set or the method to call first; null where the field isn't the agent's, isn't null, or only its constructor sets it.</summary>
    private static Blame? OfField(FieldInfo field, object? target)
    {
        if (target is null || field.IsStatic || field.DeclaringType is not { } owner || !owner.IsInstanceOfType(target) || field.FieldType.IsValueType || field.GetValue(target) is not null)
            return null;

        var methods = Inheritance.Bases(target.GetType()).Prepend(target.GetType()).SelectMany(t => t.GetMethods(Declared)).ToList();
        var writers = methods.FindAll(m => CodeReader.Whole(m).Any(use => use.Writes && use.Member is FieldInfo written && written.Name == field.Name && written.DeclaringType?.Name == owner.Name));
        if (writers.Find(m => m is { IsSpecialName: true, IsPublic: true }) is { } property)
            return new Blame([$"construct.{property.Name["set_".Length..]}"], "it is null") { Certain = true };
        return Public(methods, writers) is { } method
            ? new Blame(["lifecycle.initialize"], $"it wants {Signature(method)} called first{(method.GetParameters().Length == 0 ? "; name it under lifecycle" : ", which takes what nobody has given; call it in code (UniversalAgentOptions.Factory)")}") { Certain = true }
            : null;
    }

    /// <summary>The public method that sets it: itself, or by those that the class keeps to itself.</summary>
    private static MethodInfo? Public(List<MethodInfo> methods, List<MethodInfo> writers)
    {
        var known = writers.Select(w => w.MetadataToken).ToHashSet();
        for (var next = writers; next.Count > 0;)
        {
            if (next.Find(m => m is { IsSpecialName: false, IsPublic: true }) is { } open)
                return open;
            next = methods.FindAll(m => !known.Contains(m.MetadataToken) && CodeReader.Whole(m).Any(use => use.Member is MethodInfo called && next.Exists(w => w.MetadataToken == called.MetadataToken && w.Module == called.Module)));
            known.UnionWith(next.Select(m => m.MetadataToken));
        }

        return null;
    }

    private static string Signature(MethodInfo method) => $"{TypeText.Of(method.ReturnType)} {method.Name}({string.Join(", ", method.GetParameters().Select(p => $"{TypeText.Of(p.ParameterType)} {p.Name}"))})";
}
