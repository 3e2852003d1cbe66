using System.Reflection;
using System.Reflection.Emit;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>One use of a member in a method's code.</summary>
/// <param name="At">Where in the code.</param>
/// <param name="Member">What is called, read or written.</param>
/// <param name="Text">The text that was named last before it.</param>
/// <param name="Writes">It is written, not read.</param>
/// <param name="Fate">What becomes of what it gives.</param>
internal readonly record struct CodeUse(int At, MemberInfo Member, string? Text, bool Writes = false, Fate Fate = Fate.Used);

/// <summary>What a method's code does next with what it has read.</summary>
internal enum Fate
{
    Used,

    /// <summary>It looks whether there is anything: <c>if (_map != null)</c>, <c>_map?.Go()</c>.</summary>
    Looked,

    /// <summary>It throws where there is nothing: <c>_map ?? throw</c>.</summary>
    Demanded,
}

/// <summary>Reads what a method's code uses. Messages are written in any language; the code behind them is not.</summary>
internal static class CodeReader
{
    // What makes an error of a text or two.
    private const int Soon = 12;

    /// <summary>The code of a class: its own, and that of the classes the compiler wrote for its async methods and lambdas.</summary>
    public static IEnumerable<CodeUse> OfClass(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var written = type.GetNestedTypes(BindingFlags.NonPublic).Where(t => t.Name.StartsWith('<'));
        return new[] { type }.Concat(written)
            .SelectMany(t => t.GetMethods(Declared).Concat<MethodBase>(t.GetConstructors(Declared)))
            .SelectMany(Of);
    }

    /// <summary>What a method uses, in order; empty where its code can't be read.</summary>
    public static IReadOnlyList<CodeUse> Of(MethodBase method)
    {
        try
        {
            return method.GetMethodBody()?.GetILAsByteArray() is { } code ? Read(method, code) : [];
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException || Inheritance.IsMissing(e))
        {
            return [];
        }
    }

    /// <summary>What a method uses, with the body that the compiler wrote elsewhere where it is async.</summary>
    public static IEnumerable<CodeUse> Whole(MethodInfo method)
    {
        var moves = method.GetCustomAttributesData().FirstOrDefault(a => a.AttributeType.Name is "AsyncStateMachineAttribute" or "AsyncIteratorStateMachineAttribute")?.ConstructorArguments[0].Value as Type;
        return moves?.GetMethod("MoveNext", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public) is { } body ? Of(method).Concat(Of(body)) : Of(method);
    }

    private static List<CodeUse> Read(MethodBase method, byte[] code)
    {
        var uses = new List<CodeUse>();
        string? text = null;
        List<Instruction> all = [.. Instructions.Of(code)];
        for (var i = 0; i < all.Count; i++)
        {
            var (at, op, token) = all[i];
            if (op.OperandType == OperandType.InlineString)
                text = method.Module.ResolveString(token);
            else if (token != 0 && Member(method, token) is { } member)
                uses.Add(new CodeUse(at, member, text, op == OpCodes.Stfld || op == OpCodes.Ldflda, FateOf(all, i + 1)));
        }

        return uses;
    }

    /// <summary>A compiler that doesn't optimize keeps each result in a local first; what stays in one may be looked at later.</summary>
    private static Fate FateOf(List<Instruction> all, int next)
    {
        var compared = false;
        for (; next < all.Count; next++)
        {
            var op = all[next].Code;
            var name = op.Name!;
            if (op.FlowControl == FlowControl.Cond_Branch)
                return name.StartsWith("br", StringComparison.Ordinal) ? Throws(all, next + 1) ? Fate.Demanded : Fate.Looked : Fate.Used;
            if (op == OpCodes.Isinst || op == OpCodes.Ret && compared)
                return Fate.Looked;
            if (name.StartsWith("stloc", StringComparison.Ordinal))
            {
                if (next + 1 >= all.Count || !all[next + 1].Code.Name!.StartsWith("ldloc", StringComparison.Ordinal))
                    return Fate.Looked;
                next++;
                continue;
            }

            compared |= op == OpCodes.Ldnull || op == OpCodes.Dup;
            if (!(compared && (op == OpCodes.Ceq || op == OpCodes.Cgt_Un || op == OpCodes.Ldc_I4_0) || op == OpCodes.Ldnull || op == OpCodes.Dup || op == OpCodes.Nop))
                return Fate.Used;
        }

        return Fate.Used;
    }

    private static bool Throws(List<Instruction> all, int next) =>
        all.Skip(next).Take(Soon).TakeWhile(i => i.Code.FlowControl is not (FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return)).Any(i => i.Code == OpCodes.Throw);

    private static MemberInfo? Member(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMember(token, method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception e) when (e is ArgumentException or MissingMemberException || Inheritance.IsMissing(e))
        {
            return null;
        }
    }
}
