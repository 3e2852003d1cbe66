using System.Reflection;
using System.Reflection.Emit;

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
    private const byte Prefix = 0xFE;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(c => c.Value);

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
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException || Shapes.Inheritance.IsMissing(e))
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
        for (var at = 0; at < code.Length;)
        {
            var start = at;
            var value = code[at] == Prefix ? (short)((Prefix << 8) | code[at + 1]) : code[at];
            if (!Codes.TryGetValue(value, out var op))
                return uses;
            at += op.Size;
            if (op.OperandType == OperandType.InlineString)
                text = method.Module.ResolveString(BitConverter.ToInt32(code, at));
            else if (op.OperandType is OperandType.InlineMethod or OperandType.InlineField && Member(method, BitConverter.ToInt32(code, at)) is { } member)
                uses.Add(new CodeUse(start, member, text, op == OpCodes.Stfld));
            at += Size(op.OperandType, code, at);
        }

        return uses;
    }

    private static MemberInfo? Member(MethodBase method, int token)
    {
        try
        {
            return method.Module.ResolveMember(token, method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null, method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception e) when (e is ArgumentException or MissingMemberException || Shapes.Inheritance.IsMissing(e))
        {
            return null;
        }
    }

    private static int Size(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
