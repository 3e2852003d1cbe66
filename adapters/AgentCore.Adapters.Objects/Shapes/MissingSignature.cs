using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Reads a method whose signature names types that are missing: the names are in its own assembly all the same.</summary>
internal static class MissingSignature
{
    private static readonly ConditionalWeakTable<Module, PEReader> Images = [];

    public static MethodShape? Read(MethodInfo method, Type level, int depth)
    {
        try
        {
            var image = Images.GetValue(method.Module, static m => new PEReader([.. File.ReadAllBytes(m.FullyQualifiedName)]));
            var reader = image.GetMetadataReader();
            var definition = reader.GetMethodDefinition((MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken));
            var signature = definition.DecodeSignature(new NameProvider(reader), null);
            var names = definition.GetParameters().Select(reader.GetParameter).Where(p => p.SequenceNumber > 0)
                .ToDictionary(p => p.SequenceNumber, p => (Name: reader.GetString(p.Name), Optional: (p.Attributes & ParameterAttributes.Optional) != 0));
            var parameters = signature.ParameterTypes.Select((type, i) =>
            {
                var (name, optional) = names.GetValueOrDefault(i + 1, ($"arg{i}", false));
                return new ParameterShape(name, type, ArgumentKinds.OfName(type)) { Optional = optional };
            });
            return new MethodShape(method.Name, [.. parameters], ReturnKinds.OfName(signature.ReturnType))
            {
                DeclaringType = level.Name,
                IsStatic = method.IsStatic,
                IsPublic = method.IsPublic,
                IsProtected = method.IsFamily || method.IsFamilyOrAssembly,
                Depth = depth,
                GenericArity = signature.GenericParameterCount,
                Verb = Verbs.Read(method.Name),
            };
        }
        catch (Exception e) when (Inheritance.IsMissing(e) || e is IOException or BadImageFormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Type names as they stand in the metadata; nothing is resolved.</summary>
    private sealed class NameProvider(MetadataReader reader) : ISignatureTypeProvider<string, object?>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode switch
        {
            PrimitiveTypeCode.Void => "void",
            PrimitiveTypeCode.String => "string",
            PrimitiveTypeCode.Object => "object",
            PrimitiveTypeCode.Boolean => "bool",
            PrimitiveTypeCode.Int32 => "int",
            PrimitiveTypeCode.Int64 => "long",
            PrimitiveTypeCode.Double => "double",
            PrimitiveTypeCode.Single => "float",
            PrimitiveTypeCode.Byte => "byte",
            _ => typeCode.ToString().ToLowerInvariant(),
        };

        public string GetTypeFromDefinition(MetadataReader metadata, TypeDefinitionHandle handle, byte rawTypeKind) =>
            TypeText.Simple(reader.GetString(reader.GetTypeDefinition(handle).Name));

        public string GetTypeFromReference(MetadataReader metadata, TypeReferenceHandle handle, byte rawTypeKind) =>
            TypeText.Simple(reader.GetString(reader.GetTypeReference(handle).Name));

        public string GetTypeFromSpecification(MetadataReader metadata, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(", ", typeArguments)}>";

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[]";

        public string GetByReferenceType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetGenericTypeParameter(object? genericContext, int index) => "T";

        public string GetGenericMethodParameter(object? genericContext, int index) => "T";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "nint";
    }
}
