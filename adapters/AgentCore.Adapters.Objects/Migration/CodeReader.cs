using System.Reflection;
using System.Reflection.Emit;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>One use of a member in a method's code.</summary>
/// <param name="At">Where in the code.</param>
/// <param name="Member">What is called, read or written.</param>
/// <param name="Text">The text that was named last before it.</param>
/// <param name="Writes">It is written, not read.</param>
internal readonly record struct CodeUse(int At, MemberInfo Member, string? Text, bool Writes = false);

/// <summary>Reads what a method's code uses. Messages are written in any language; the code behind them is not.</summary>
internal static class CodeReader
{
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
        foreach (var (at, op, token) in Instructions.Of(code))
        {
            if (op.OperandType == OperandType.InlineString)
                text = method.Module.ResolveString(token);
            else if (token != 0 && Member(method, token) is { } member)
                uses.Add(new CodeUse(at, member, text, op == OpCodes.Stfld));
        }

        return uses;
    }

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
