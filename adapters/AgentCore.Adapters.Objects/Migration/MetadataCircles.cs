using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Finds types that lie in themselves or derive from themselves. No compiler writes them, but a damaged file may have them, and
/// who reads one goes round until the stack is full.</summary>
internal static class MetadataCircles
{
    /// <summary>Refuses an assembly with such a type.</summary>
    /// <exception cref="BadImageFormatException">There is one, or it is no assembly at all.</exception>
    public static void Check(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        if (!image.HasMetadata)
            throw new BadImageFormatException("it is no .NET assembly");
        var reader = image.GetMetadataReader();
        Check(reader.TypeReferences.Select(h => (EntityHandle)h), h => [reader.GetTypeReference((TypeReferenceHandle)h).ResolutionScope], HandleKind.TypeReference);
        var types = reader.TypeDefinitions.Select(h => (EntityHandle)h).ToList();
        Check(types, h => [reader.GetTypeDefinition((TypeDefinitionHandle)h).GetDeclaringType()], HandleKind.TypeDefinition);
        Check(types, h => Parents(reader, reader.GetTypeDefinition((TypeDefinitionHandle)h)), HandleKind.TypeDefinition);
    }

    private static IEnumerable<EntityHandle> Parents(MetadataReader reader, TypeDefinition type) => type.GetInterfaceImplementations()
        .Select(i => reader.GetInterfaceImplementation(i).Interface).Append(type.BaseType).Select(parent => Open(reader, parent));

    /// <summary>The generic type of one that is closed: Base of Base&lt;T&gt;.</summary>
    private static EntityHandle Open(MetadataReader reader, EntityHandle type)
    {
        if (type.IsNil || type.Kind != HandleKind.TypeSpecification)
            return type;
        var signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)type).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            return default;
        signature.ReadByte();
        return signature.ReadTypeHandle();
    }

    /// <summary>Walks down from each, without recursion: what is come upon again on the way down is in a circle.</summary>
    private static void Check(IEnumerable<EntityHandle> all, Func<EntityHandle, IEnumerable<EntityHandle>> next, HandleKind kind)
    {
        var seen = new HashSet<EntityHandle>();
        var above = new HashSet<EntityHandle>();
        var pending = new Stack<(EntityHandle Type, bool Leaves)>();
        foreach (var first in all)
        {
            pending.Push((first, false));
            while (pending.TryPop(out var step))
            {
                if (step.Leaves)
                {
                    above.Remove(step.Type);
                    continue;
                }

                if (above.Contains(step.Type))
                    throw new BadImageFormatException("a type of it lies in itself or derives from itself: the file is damaged");
                if (!seen.Add(step.Type))
                    continue;
                above.Add(step.Type);
                pending.Push((step.Type, true));
                foreach (var parent in next(step.Type).Where(p => !p.IsNil && p.Kind == kind))
                    pending.Push((parent, false));
            }
        }
    }
}
