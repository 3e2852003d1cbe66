using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>What a method does with what it is asked.</summary>
internal enum Doing
{
    Something,

    /// <summary>It answers the same, whatever it is asked.</summary>
    Nothing,

    /// <summary>It throws that it isn't there.</summary>
    Refuses,
}

/// <summary>Tells from a method's code what it does with what it is asked.</summary>
internal sealed class DoingReader(MetadataReader metadata)
{
    private const string CompilerServices = "System.Runtime.CompilerServices.";

    /// <summary>It refuses where it never comes to its end and throws that it isn't there. An async method's code stands in a class of its own, which sets the result.</summary>
    public Doing? Of(byte[] code, List<Callee> callees, MethodDefinition method, bool apart)
    {
        if (!apart && callees.Exists(c => c.Method == "Start" && c.Type.StartsWith(CompilerServices, StringComparison.Ordinal)))
            return null;
        var ends = apart ? callees.Exists(c => c.Method == "SetResult") : Instructions.Of(code).Any(i => i.Code == OpCodes.Ret);
        if (!ends)
            return callees.Exists(c => c is { Type: "System.NotImplementedException" or "System.NotSupportedException", Method: ".ctor" }) ? Doing.Refuses : Doing.Something;
        var works = !callees.TrueForAll(IsAnswer) || Instructions.Of(code).Any(i => Looks(i, isStatic: (method.Attributes & MethodAttributes.Static) != 0, apart));
        return works ? Doing.Something : Doing.Nothing;
    }

    /// <summary>Task.FromResult(…), and what sets the result of an async method.</summary>
    private static bool IsAnswer(Callee callee) => callee.Type.StartsWith(CompilerServices, StringComparison.Ordinal)
        || callee.Type.StartsWith("System.Threading.Tasks.", StringComparison.Ordinal) && callee.Method is "FromResult" or "get_CompletedTask" or "GetAwaiter" or ".ctor";

    /// <summary>It looks at an argument, or has to do with a field of the author's.</summary>
    private bool Looks(Instruction instruction, bool isStatic, bool apart)
    {
        if (instruction.Code.OperandType == OperandType.InlineField)
            return !FieldName(instruction.Token).StartsWith('<');
        return !apart && (instruction.Code == OpCodes.Ldarg_0 ? isStatic : instruction.Code.Name?.StartsWith("ldarg", StringComparison.Ordinal) == true);
    }

    private string FieldName(int token)
    {
        try
        {
            return MetadataTokens.EntityHandle(token) switch
            {
                { Kind: HandleKind.FieldDefinition } own => metadata.GetString(metadata.GetFieldDefinition((FieldDefinitionHandle)own).Name),
                { Kind: HandleKind.MemberReference } other => metadata.GetString(metadata.GetMemberReference((MemberReferenceHandle)other).Name),
                _ => "",
            };
        }
        catch (Exception e) when (e is BadImageFormatException or ArgumentException)
        {
            return "";
        }
    }
}
