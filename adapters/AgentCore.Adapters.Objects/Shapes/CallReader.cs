using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>A method that is called, as far as metadata tells it without resolving anything.</summary>
internal readonly record struct Callee(string Type, string Method, int Parameters);

/// <summary>What a method's code calls, or a part of it that the compiler keeps apart.</summary>
/// <param name="Type">The class, as it was written.</param>
/// <param name="Method">The method, as it was written.</param>
/// <param name="Callees">What is called.</param>
/// <param name="Own">Those of them that are methods of the class itself or of a base.</param>
/// <param name="Parameters">How many parameters the method has; null where the code is kept apart, as that of an async one.</param>
/// <param name="Does">What the method does, as far as this code tells it; null where it doesn't tell.</param>
/// <param name="Size">The code's length in bytes.</param>
internal sealed record FoundBody(string Type, string Method, IReadOnlyList<Callee> Callees, IReadOnlySet<Callee> Own, int? Parameters, Doing? Does, int Size)
{
    /// <summary>The classes whose work it is: F# keeps the bodies of tasks apart from the class that they are of.</summary>
    public IEnumerable<string> Owners => CallReader.IsOfFSharp(Type) ? Own.Select(c => c.Type).Distinct() : [Type];
}

/// <summary>Reads the calls of an assembly from its bytes. Nothing is loaded or run.</summary>
internal sealed class CallReader(PEReader image, MetadataReader metadata)
{
    private const string VisualBasic = "VB$StateMachine_";

    private readonly Dictionary<int, Callee?> _callees = [];
    private readonly DoingReader _doing = new(metadata);
    private HashSet<(string Type, string Method)>? _declared;

    private HashSet<(string Type, string Method)> Declared => _declared ??= [.. metadata.MethodDefinitions.Select(metadata.GetMethodDefinition).Select(m => (metadata.NameOf(m.GetDeclaringType()), metadata.GetString(m.Name)))];

    public IEnumerable<FoundBody> Read()
    {
        TypeDefinitionHandle? read = null;
        var (caller, parents, apart) = ("", new HashSet<string>(), false);
        foreach (var (type, method, code) in image.Bodies(metadata))
        {
            if (read != type)
            {
                var author = metadata.Author(type);
                (read, caller, parents, apart) = (type, metadata.NameOf(author), Parents(author), author != type);
            }

            var by = Author(type, method);
            var callees = Called(code).ToList();
            var own = callees.Where(c => c.Type == caller || parents.Contains(c.Type) || IsOfFSharp(caller) && Declared.Contains((c.Type, by))).ToHashSet();
            yield return new FoundBody(caller, by, callees, own, apart ? null : Parameters(method.Signature), apart && metadata.GetString(method.Name) != "MoveNext" ? null : _doing.Of(code, callees, method, apart), code.Length);
        }
    }

    private IEnumerable<Callee> Called(byte[] code)
    {
        foreach (var instruction in Instructions.Of(code))
        {
            if (instruction.Code.OperandType != OperandType.InlineMethod)
                continue;
            if (!_callees.TryGetValue(instruction.Token, out var callee))
                _callees[instruction.Token] = callee = Known(instruction.Token);
            if (callee is { } known)
                yield return known;
        }
    }

    private Callee? Known(int token)
    {
        try
        {
            return CalleeOf(MetadataTokens.EntityHandle(token));
        }
        catch (Exception e) when (e is BadImageFormatException or ArgumentException or InvalidCastException)
        {
            return null;
        }
    }

    /// <summary>The method as it was written: RunAsync of the class &lt;RunAsync&gt;d__4, Run of the lambda &lt;Run&gt;b__0, and Run of the explicit IAgent.Run.</summary>
    private string Author(TypeDefinitionHandle type, MethodDefinition method)
    {
        var name = metadata.GetString(method.Name);
        var written = Written(name) ?? Written(metadata.GetString(metadata.GetTypeDefinition(type).Name)) ?? name;
        // In the name of a class, dots are dashes.
        return written[(written.LastIndexOfAny(['.', '-']) + 1)..];
    }

    /// <summary>What a compiler wrote a name after: C# &lt;Run&gt;d__1 and, of an async lambda, &lt;&lt;Run&gt;b__0&gt;d; F# Run@12-1; Visual Basic VB$StateMachine_1_Run. Null where it is nobody's but the author's.</summary>
    private static string? Written(string name)
    {
        var bare = name.TrimStart('<');
        var end = bare.Length < name.Length ? bare.IndexOf('>', StringComparison.Ordinal) : bare.IndexOf('@', StringComparison.Ordinal);
        if (end > 0)
            return bare[..end];
        return name.StartsWith(VisualBasic, StringComparison.Ordinal) && name.IndexOf('_', VisualBasic.Length) is >= 0 and var number ? name[(number + 1)..] : null;
    }

    private Callee? CalleeOf(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        if (handle.Kind == HandleKind.MethodDefinition)
        {
            var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
            return new Callee(metadata.NameOf(method.GetDeclaringType()), metadata.GetString(method.Name), Parameters(method.Signature));
        }

        if (handle.Kind != HandleKind.MemberReference)
            return null;
        var reference = metadata.GetMemberReference((MemberReferenceHandle)handle);
        return reference.GetKind() == MemberReferenceKind.Method && Name(reference.Parent) is { } type
            ? new Callee(type, metadata.GetString(reference.Name), Parameters(reference.Signature))
            : null;
    }

    /// <summary>ECMA-335 II.23.2.1: a header, the number of type parameters of a generic method, the number of parameters.</summary>
    private int Parameters(BlobHandle signature)
    {
        var blob = metadata.GetBlobReader(signature);
        if (blob.ReadSignatureHeader().IsGeneric)
            blob.ReadCompressedInteger();
        return blob.ReadCompressedInteger();
    }

    /// <summary>F# keeps the bodies of tasks apart from the class that they are of; the method that they are named after tells it.</summary>
    public static bool IsOfFSharp(string caller) => caller.StartsWith("<StartupCode$", StringComparison.Ordinal);

    /// <summary>A class's bases: what it calls of theirs it calls of itself.</summary>
    private HashSet<string> Parents(TypeDefinitionHandle handle)
    {
        var parents = new HashSet<string>(StringComparer.Ordinal);
        for (var parent = metadata.GetTypeDefinition(handle).BaseType; !parent.IsNil;)
        {
            if (Name(parent) is not { } name || !parents.Add(name))
                break;
            var open = parent.Kind == HandleKind.TypeSpecification ? Open((TypeSpecificationHandle)parent) : parent;
            parent = open.Kind == HandleKind.TypeDefinition ? metadata.GetTypeDefinition((TypeDefinitionHandle)open).BaseType : default;
        }

        return parents;
    }

    private string? Name(EntityHandle handle) => handle.Kind switch
    {
        _ when handle.IsNil => null,
        HandleKind.TypeDefinition => metadata.NameOf((TypeDefinitionHandle)handle),
        HandleKind.TypeReference => Name((TypeReferenceHandle)handle),
        HandleKind.TypeSpecification => Name(Open((TypeSpecificationHandle)handle)),
        _ => null,
    };

    /// <summary>Base of Base&lt;T&gt;; nil for an array and the like.</summary>
    private EntityHandle Open(TypeSpecificationHandle handle)
    {
        var blob = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return default(TypeDefinitionHandle);
        blob.ReadCompressedInteger();
        return blob.ReadTypeHandle();
    }

    private string Name(TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return metadata.NameOf(type.Namespace, type.Name, type.ResolutionScope.Kind == HandleKind.TypeReference ? Name((TypeReferenceHandle)type.ResolutionScope) : null);
    }
}
