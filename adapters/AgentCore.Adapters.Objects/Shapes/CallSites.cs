using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>
/// Which methods of an assembly's classes other classes call: those of the assembly itself, and of the assemblies beside it that use it. What a program
/// asks its agent by is the method that executes it. Reads the code's bytes; nothing is loaded or run.
/// </summary>
internal sealed class CallSites
{
    private const int MaxNeighbours = 500;
    private const byte TwoBytes = 0xFE;

    private static readonly ConditionalWeakTable<Assembly, CallSites> Known = [];

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => f.GetValue(null)).OfType<OpCode>().ToDictionary(c => c.Value);

    private readonly Dictionary<Callee, HashSet<string>> _callers = [];
    private readonly Dictionary<Callee, HashSet<string>> _own = [];

    private CallSites(Assembly assembly)
    {
        var file = assembly.Location;
        if (file.Length == 0)
            return;
        Read(file, uses: null);
        foreach (var neighbour in Neighbours(file))
            Read(neighbour, uses: Path.GetFileNameWithoutExtension(file));
    }

    public static CallSites Of(Assembly assembly) => Known.GetValue(assembly, static a => new CallSites(a));

    /// <summary>How many classes outside of the type's family (its bases, its interfaces, the classes within it) call the method.</summary>
    public int Callers(Type type, MethodShape method)
    {
        var family = Inheritance.Bases(type).Concat(Inheritance.Interfaces(type)).Prepend(type).Select(NameOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return family.SelectMany(member => _callers.GetValueOrDefault(new Callee(member, method.Name, method.Parameters.Count)) ?? [])
            .Where(caller => !family.Contains(caller)).Distinct(StringComparer.Ordinal).Count();
    }

    /// <summary>The names of the methods of the same class that call it.</summary>
    public IEnumerable<string> OwnCallers(Type type, MethodShape method) => Inheritance.Bases(type).Prepend(type).Select(NameOf).OfType<string>()
        .SelectMany(owner => _own.GetValueOrDefault(new Callee(owner, method.Name, method.Parameters.Count)) ?? []).Where(by => by != method.Name);

    private static string[] Neighbours(string file)
    {
        try
        {
            return [.. Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "*.dll").Where(f => f != file).Order(StringComparer.Ordinal).Take(MaxNeighbours)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? NameOf(Type type)
    {
        try
        {
            return (type is { IsGenericType: true, IsGenericTypeDefinition: false } ? type.GetGenericTypeDefinition() : type).FullName;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return null;
        }
    }

    private void Read(string file, string? uses)
    {
        try
        {
            using var image = new PEReader(File.OpenRead(file));
            if (!image.HasMetadata)
                return;
            var metadata = image.GetMetadataReader();
            if (uses is not null && !metadata.AssemblyReferences.Any(r => metadata.StringComparer.Equals(metadata.GetAssemblyReference(r).Name, uses)))
                return;
            MetadataCircles.Check(file);
            Read(image, metadata);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // No assembly, or a damaged one: what a reader of such a file comes upon is open. Without it the names alone say what executes an agent.
        }
    }

    private void Read(PEReader image, MetadataReader metadata)
    {
        var callees = new Dictionary<EntityHandle, Callee?>();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var caller = Name(metadata, Author(metadata, handle));
            var parents = Parents(metadata, Author(metadata, handle));
            foreach (var method in metadata.GetTypeDefinition(handle).GetMethods().Select(metadata.GetMethodDefinition).Where(m => m.RelativeVirtualAddress != 0))
            {
                var by = Author(metadata, handle, method);
                foreach (var called in Called(image.GetMethodBody(method.RelativeVirtualAddress).GetILContent()))
                {
                    if (!callees.TryGetValue(called, out var callee))
                        callees[called] = callee = CalleeOf(metadata, called);
                    if (callee is not { } known)
                        continue;
                    if (known.Type == caller || parents.Contains(known.Type))
                        Add(_own, known, by);
                    else
                        Add(_callers, known, caller);
                }
            }
        }
    }

    private static void Add(Dictionary<Callee, HashSet<string>> all, Callee callee, string by)
    {
        if (!all.TryGetValue(callee, out var known))
            all[callee] = known = new HashSet<string>(StringComparer.Ordinal);
        known.Add(by);
    }

    /// <summary>The method as it was written: RunAsync of the class &lt;RunAsync&gt;d__4, Run of the lambda &lt;Run&gt;b__0.</summary>
    private static string Author(MetadataReader metadata, TypeDefinitionHandle type, MethodDefinition method)
    {
        var name = metadata.GetString(method.Name);
        var written = name.StartsWith('<') && name.IndexOf('>', StringComparison.Ordinal) > 1 ? name : metadata.GetString(metadata.GetTypeDefinition(type).Name);
        return written.StartsWith('<') && written.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? written[1..end] : name;
    }

    private static IEnumerable<EntityHandle> Called(ImmutableArray<byte> code)
    {
        for (var at = 0; at < code.Length;)
        {
            var value = code[at] == TwoBytes && at + 1 < code.Length ? (short)((TwoBytes << 8) | code[at + 1]) : code[at];
            if (!Codes.TryGetValue(value, out var op))
                yield break;
            at += op.Size;
            if (op.OperandType == OperandType.InlineMethod && at + 4 <= code.Length)
                yield return MetadataTokens.EntityHandle(BitConverter.ToInt32(code.AsSpan(at, 4)));
            at += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * Math.Max(0, BitConverter.ToInt32(code.AsSpan(at, 4)))),
                _ => 4,
            };
        }
    }

    private static Callee? CalleeOf(MetadataReader metadata, EntityHandle handle)
    {
        if (handle.Kind == HandleKind.MethodSpecification)
            handle = metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        if (handle.Kind == HandleKind.MethodDefinition)
        {
            var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
            return new Callee(Name(metadata, method.GetDeclaringType()), metadata.GetString(method.Name), Parameters(metadata, method.Signature));
        }

        if (handle.Kind != HandleKind.MemberReference)
            return null;
        var reference = metadata.GetMemberReference((MemberReferenceHandle)handle);
        return reference.GetKind() == MemberReferenceKind.Method && Name(metadata, reference.Parent) is { } type
            ? new Callee(type, metadata.GetString(reference.Name), Parameters(metadata, reference.Signature))
            : null;
    }

    /// <summary>ECMA-335 II.23.2.1: a header, the number of type parameters of a generic method, the number of parameters.</summary>
    private static int Parameters(MetadataReader metadata, BlobHandle signature)
    {
        var blob = metadata.GetBlobReader(signature);
        if (blob.ReadSignatureHeader().IsGeneric)
            blob.ReadCompressedInteger();
        return blob.ReadCompressedInteger();
    }

    /// <summary>The class whose code it is: the body of an async method or a lambda stands in a class of its own.</summary>
    private static TypeDefinitionHandle Author(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        while (metadata.GetTypeDefinition(handle) is var type && type.GetDeclaringType() is { IsNil: false } outer && metadata.GetString(type.Name).StartsWith('<'))
            handle = outer;
        return handle;
    }

    /// <summary>A class's bases: what it calls of theirs it calls of itself.</summary>
    private static HashSet<string> Parents(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var parents = new HashSet<string>(StringComparer.Ordinal);
        for (var parent = metadata.GetTypeDefinition(handle).BaseType; !parent.IsNil;)
        {
            if (Name(metadata, parent) is not { } name || !parents.Add(name))
                break;
            var open = parent.Kind == HandleKind.TypeSpecification ? Open(metadata, (TypeSpecificationHandle)parent) : parent;
            parent = open.Kind == HandleKind.TypeDefinition ? metadata.GetTypeDefinition((TypeDefinitionHandle)open).BaseType : default;
        }

        return parents;
    }

    private static string? Name(MetadataReader metadata, EntityHandle handle) => handle.Kind switch
    {
        _ when handle.IsNil => null,
        HandleKind.TypeDefinition => Name(metadata, (TypeDefinitionHandle)handle),
        HandleKind.TypeReference => Name(metadata, (TypeReferenceHandle)handle),
        HandleKind.TypeSpecification => Name(metadata, Open(metadata, (TypeSpecificationHandle)handle)),
        _ => null,
    };

    /// <summary>Base of Base&lt;T&gt;; nil for an array and the like.</summary>
    private static EntityHandle Open(MetadataReader metadata, TypeSpecificationHandle handle)
    {
        var blob = metadata.GetBlobReader(metadata.GetTypeSpecification(handle).Signature);
        if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return default(TypeDefinitionHandle);
        blob.ReadCompressedInteger();
        return blob.ReadTypeHandle();
    }

    private static string Name(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return Name(metadata, type.Namespace, type.Name, type.GetDeclaringType() is { IsNil: false } outer ? Name(metadata, outer) : null);
    }

    private static string Name(MetadataReader metadata, TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return Name(metadata, type.Namespace, type.Name, type.ResolutionScope.Kind == HandleKind.TypeReference ? Name(metadata, (TypeReferenceHandle)type.ResolutionScope) : null);
    }

    private static string Name(MetadataReader metadata, StringHandle space, StringHandle name, string? outer) =>
        outer is not null ? $"{outer}+{metadata.GetString(name)}" : space.IsNil ? metadata.GetString(name) : $"{metadata.GetString(space)}.{metadata.GetString(name)}";

    private readonly record struct Callee(string Type, string Method, int Parameters);
}
