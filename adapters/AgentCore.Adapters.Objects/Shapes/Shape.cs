using System.Reflection;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>A parameter, independent of where it was read: loaded code, metadata, or a line of an inventory.</summary>
internal sealed record ParameterShape(string Name, string TypeName, ArgumentKind Kind)
{
    public Type? Type { get; init; }

    public bool Optional { get; init; }

    public bool Nullable { get; init; }

    public bool Out { get; init; }

    public bool ByRef { get; init; }

    /// <summary>A reference to something a method can change: a class with settable members or a collection.</summary>
    public bool Mutable { get; init; }

    /// <summary>Must be given for a call to make sense.</summary>
    public bool Required => !Optional && !Out;
}

internal sealed record ReturnShape(string TypeName, ResultWrapper Wrapper, ResultKind Kind)
{
    /// <summary>The result's type without its wrapper.</summary>
    public string InnerName { get; init; } = TypeName;

    public bool HasValue => Kind != ResultKind.Nothing;
}

internal sealed record MethodShape(string Name, IReadOnlyList<ParameterShape> Parameters, ReturnShape Return)
{
    public string DeclaringType { get; init; } = "";

    public bool IsStatic { get; init; }

    public bool IsPublic { get; init; } = true;

    public bool IsProtected { get; init; }

    public bool IsExplicit { get; init; }

    public bool IsOverride { get; init; }

    public bool IsObsolete { get; init; }

    public bool IsMarked { get; init; }

    public bool FromFramework { get; init; }

    public bool FromAgentInterface { get; init; }

    /// <summary>0 for the class itself, 1 for its base, and so on.</summary>
    public int Depth { get; init; }

    public int GenericArity { get; init; }

    public MethodInfo? Source { get; init; }

    public Verb Verb { get; init; }

    public IEnumerable<ParameterShape> Data => Parameters.Where(p => p.Required && p.Kind.IsData());

    public bool HasCancellation => Parameters.Any(p => p.Kind == ArgumentKind.Cancellation);

    /// <summary>As C# writes it, with simple type names: what a binding uses to choose an overload.</summary>
    public string Signature
    {
        get
        {
            var generic = GenericArity switch { 0 => "", 1 => "<T>", var n => $"<{string.Join(", ", Enumerable.Range(1, n).Select(i => $"T{i}"))}>" };
            return $"{Return.TypeName} {Name}{generic}({string.Join(", ", Parameters.Select(Text))})";

            static string Text(ParameterShape p) => $"{(p.Out ? "out " : p.ByRef ? "ref " : "")}{p.TypeName} {p.Name}";
        }
    }
}

/// <summary>An event or a property that can carry a result.</summary>
internal sealed record MemberShape(string Name, string TypeName)
{
    public MemberInfo? Source { get; init; }
}

internal sealed record AgentShape(string FullName)
{
    public string Name { get; init; } = FullName;

    public string? Namespace { get; init; }

    public string? BaseName { get; init; }

    /// <summary>Simple names of all bases, nearest first, and of all interfaces.</summary>
    public IReadOnlyList<string> Bases { get; init; } = [];

    public IReadOnlyList<string> Interfaces { get; init; } = [];

    public IReadOnlyList<MethodShape> Methods { get; init; } = [];

    public IReadOnlyList<MemberShape> Events { get; init; } = [];

    public IReadOnlyList<MemberShape> Properties { get; init; } = [];

    public bool IsAbstract { get; init; }

    public bool IsStatic { get; init; }

    public bool IsInterface { get; init; }

    /// <summary>It has the entry point of a program.</summary>
    public bool HasMain { get; init; }

    /// <summary>A script of a game engine, which makes it and calls it every frame.</summary>
    public bool EngineDriven { get; init; }

    public int GenericArity { get; init; }

    /// <summary>What could not be read, such as a base in an assembly that isn't there.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public Type? Type { get; init; }

    public bool Is(string simpleName) =>
        Bases.Contains(simpleName, StringComparer.Ordinal) || Interfaces.Contains(simpleName, StringComparer.Ordinal);
}
