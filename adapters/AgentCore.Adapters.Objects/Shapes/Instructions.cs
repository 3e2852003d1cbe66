using System.Reflection;
using System.Reflection.Emit;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>One instruction of a method's code.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Code">What it does.</param>
/// <param name="Token">What it does it with, where that is a member or a text; 0 otherwise.</param>
internal readonly record struct Instruction(int At, OpCode Code, int Token);

/// <summary>Takes a method's code apart (ECMA-335, partition III); what can't be read ends it.</summary>
internal static class Instructions
{
    private const byte TwoBytes = 0xFE;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(c => c.Value);

    public static IEnumerable<Instruction> Of(byte[] code)
    {
        for (var at = 0; at < code.Length;)
        {
            var start = at;
            var value = code[at] == TwoBytes && at + 1 < code.Length ? (short)((TwoBytes << 8) | code[at + 1]) : code[at];
            if (!Codes.TryGetValue(value, out var op))
                yield break;
            at += op.Size;
            var size = Size(op.OperandType, code, at);
            if (size < 0 || at + size > code.Length)
                yield break;
            yield return new Instruction(start, op, op.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineString ? BitConverter.ToInt32(code, at) : 0);
            at += size;
        }
    }

    private static int Size(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        // A switch carries the number of its targets, and then those.
        OperandType.InlineSwitch => at + 4 <= code.Length && BitConverter.ToInt32(code, at) is >= 0 and < 1_000_000 and var targets ? 4 + (4 * targets) : -1,
        _ => 4,
    };
}
