using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Whose code an assembly's methods are, and the code itself, from its bytes. Nothing is loaded or run.</summary>
internal static class CodeOwners
{
    // Nobody's methods share their code; an assembly whose methods do so by the thousand is made to be read without end.
    private const int MostReads = 4;

    /// <summary>The code of all methods that have any, until more was read than the file can hold.</summary>
    public static IEnumerable<(TypeDefinitionHandle Type, MethodDefinition Method, byte[] Code)> Bodies(this PEReader image, MetadataReader metadata)
    {
        var left = (long)MostReads * image.GetEntireImage().Length;
        foreach (var type in metadata.TypeDefinitions)
        {
            foreach (var method in metadata.GetTypeDefinition(type).GetMethods().Select(metadata.GetMethodDefinition))
            {
                if (image.CodeOf(method) is not { Length: > 0 } code)
                    continue;
                if ((left -= code.Length) < 0)
                    yield break;
                yield return (type, method, code);
            }
        }
    }

    /// <summary>A method's code; none where it is the machine's own, or where an obfuscator wrote what nobody is to read.</summary>
    private static byte[] CodeOf(this PEReader image, MethodDefinition method)
    {
        try
        {
            return method.RelativeVirtualAddress != 0 && (method.ImplAttributes & MethodImplAttributes.CodeTypeMask) == MethodImplAttributes.IL
                ? image.GetMethodBody(method.RelativeVirtualAddress).GetILBytes() ?? []
                : [];
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>The class whose code it is: the body of an async method or a lambda stands in a class of its own.</summary>
    public static TypeDefinitionHandle Author(this MetadataReader metadata, TypeDefinitionHandle handle)
    {
        while (metadata.GetTypeDefinition(handle) is var type && type.GetDeclaringType() is { IsNil: false } outer && IsCompilers(metadata.GetString(type.Name)))
            handle = outer;
        return handle;
    }

    public static string NameOf(this MetadataReader metadata, TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return metadata.NameOf(type.Namespace, type.Name, type.GetDeclaringType() is { IsNil: false } outer ? metadata.NameOf(outer) : null);
    }

    public static string NameOf(this MetadataReader metadata, StringHandle space, StringHandle name, string? outer) =>
        outer is not null ? $"{outer}+{metadata.GetString(name)}" : space.IsNil ? metadata.GetString(name) : $"{metadata.GetString(space)}.{metadata.GetString(name)}";

    /// <summary>No author may name it so: &lt;Run&gt;d__4, Run@12, VB$StateMachine_1_Run.</summary>
    private static bool IsCompilers(string name) => name.StartsWith('<') || name.AsSpan().ContainsAny('@', '$');
}
