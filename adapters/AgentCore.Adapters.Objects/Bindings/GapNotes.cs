using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Says of a constructor's gap what is missing and how to give it.</summary>
internal static class GapNotes
{
    private static readonly string[] SecretNames = ["key", "token", "secret", "password", "credential", "connectionstring", "apikey"];

    /// <summary>Named as keys and passwords are: nothing that may be made up.</summary>
    public static bool IsSecret(string name) => Array.Exists(SecretNames, s => name.EndsWith(s, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a person has to give, and how.</summary>
    public static string Need(ParameterShape p)
    {
        if (p.Kind is ArgumentKind.Text or ArgumentKind.Scalar && IsSecret(p.Name))
            return $"a secret ({p.TypeName} {p.Name}): use from: env with the variable's name as value";
        return p.Kind switch
        {
            ArgumentKind.Text or ArgumentKind.Scalar or ArgumentKind.Bytes => $"{Article(p.TypeName)} {p.TypeName} '{p.Name}': use from: value (or from: env) with the value",
            _ when p.Type is { } type && Choices.NeedsModel(type) => $"{Article(p.TypeName)} {p.TypeName} '{p.Name}' with a model: give it through services or in code",
            // A key in a file is read by everybody who reads the file.
            ArgumentKind.Poco when p.Type is { } type && KeyHolders.Is(type) => $"{Article(p.TypeName)} {p.TypeName} '{p.Name}', which takes a key that only a person has: give it through services, or pass an instance in code",
            ArgumentKind.Poco when p.Type is { } type && Parts(type) is { } parts => $"{Article(p.TypeName)} {p.TypeName} '{p.Name}': use from: value with its parts as JSON ({parts}), give it through services, or pass an instance in code",
            ArgumentKind.List when p.Type is { } type && Choices.IsOfAgents(type, p.Name) => $"whom it leads ({p.TypeName} '{p.Name}'): give them through services or in code; from: new gives it nobody",
            ArgumentKind.Callback => $"a delegate {p.TypeName} '{p.Name}': give it in code (.Construct) or through services",
            _ => $"{Article(p.TypeName)} {p.TypeName} '{p.Name}': give it through services, name a class with from: new:Full.Name, or pass an instance in code",
        };
    }

    /// <summary>The classes that would do, where there are a few.</summary>
    public static string Candidates(ParameterShape p, Implementers implementers)
    {
        if (p.Type is not { } type || (!type.IsAbstract && !type.IsInterface) || p.Kind == ArgumentKind.Callback)
            return "";
        var names = implementers.Of(type).Where(t => t.FullName is not null).Select(t => t.FullName!).Take(4).ToList();
        return names.Count is 0 or 4 ? "" : $"; there {(names.Count == 1 ? "is" : "are")} {string.Join(", ", names)}";
    }

    /// <summary>The names of a small object's parts, where plain data can fill them all.</summary>
    private static string? Parts(Type type)
    {
        if (type.IsAbstract || type.IsInterface)
            return null;
        var parameters = type.GetConstructors().Select(ConstructorPlanner.SafeParameters).OfType<ParameterInfo[]>().Where(p => p.Length > 0 && p.All(IsPlain)).OrderBy(p => p.Length).FirstOrDefault();
        return parameters is null ? null : string.Join(", ", parameters.Select(p => p.Name));

        static bool IsPlain(ParameterInfo p) => ArgumentKinds.Of(p.ParameterType) is ArgumentKind.Text or ArgumentKind.Scalar or ArgumentKind.TextList;
    }

    public static string Article(string typeName) => typeName.Length > 0 && "AEIOUaeiou".Contains(typeName[0], StringComparison.Ordinal) ? "an" : "a";
}
