using System.Text;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Type names as C# writes them, without namespaces. Works on types that are loaded and on types that are only metadata.</summary>
internal static class TypeText
{
    private static readonly Dictionary<string, string> Keywords = new(StringComparer.Ordinal)
    {
        ["System.Void"] = "void",
        ["System.String"] = "string",
        ["System.Object"] = "object",
        ["System.Boolean"] = "bool",
        ["System.Char"] = "char",
        ["System.Byte"] = "byte",
        ["System.SByte"] = "sbyte",
        ["System.Int16"] = "short",
        ["System.UInt16"] = "ushort",
        ["System.Int32"] = "int",
        ["System.UInt32"] = "uint",
        ["System.Int64"] = "long",
        ["System.UInt64"] = "ulong",
        ["System.Single"] = "float",
        ["System.Double"] = "double",
        ["System.Decimal"] = "decimal",
    };

    public static string Of(Type type)
    {
        if (type.IsByRef || type.IsPointer)
            return Of(type.GetElementType()!);
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsGenericParameter)
            return type.Name;
        if (FullName(type) is { } full && Keywords.TryGetValue(full, out var keyword))
            return keyword;
        if (!type.IsGenericType)
            return type.Name;

        var arguments = type.GetGenericArguments();
        if (FullName(type) == "System.Nullable`1" && !type.IsGenericTypeDefinition)
            return Of(arguments[0]) + "?";

        var name = Simple(type);
        if (name == "ValueTuple")
            return $"({string.Join(", ", arguments.Select(Of))})";

        var text = new StringBuilder(name).Append('<');
        for (var i = 0; i < arguments.Length; i++)
            text.Append(i == 0 ? "" : ", ").Append(Of(arguments[i]));
        return text.Append('>').ToString();
    }

    /// <summary>The type's name without namespace and without the arity mark.</summary>
    public static string Simple(Type type) => Simple(type.Name);

    public static string Simple(string name)
    {
        var mark = name.IndexOf('`', StringComparison.Ordinal);
        return mark < 0 ? name : name[..mark];
    }

    /// <summary>Namespace and name of the type, or of its generic definition; null for parameters and compound types.</summary>
    public static string? FullName(Type type) =>
        type.IsGenericParameter || type.HasElementType ? null
        : type.IsGenericType && !type.IsGenericTypeDefinition ? type.GetGenericTypeDefinition().FullName
        : type.FullName;

    public static bool Is(Type type, string fullName) => FullName(type) == fullName;
}
