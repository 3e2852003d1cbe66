using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Classes that are worth nothing without a key that only a person has: clients that take one, options that carry one.</summary>
internal static class KeyHolders
{
    private static readonly string[] Options = ["Options", "Settings", "Config", "Configuration", "Secrets", "Credentials"];

    public static bool Is(Type type)
    {
        try
        {
            return TakesKey(type) || (Array.Exists(Options, end => TypeText.Simple(type).EndsWith(end, StringComparison.Ordinal)) && CarriesKey(type));
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>ApiService(string apiKey), whatever other constructor it has for its tests: ApiService(HttpClient). A key alone is that of a dictionary.</summary>
    private static bool TakesKey(Type type) => type.GetConstructors().SelectMany(c => ConstructorPlanner.SafeParameters(c) ?? []).Any(p => !p.IsOptional && p.Name is { } name && !name.Equals("key", StringComparison.OrdinalIgnoreCase) && IsKey(p.ParameterType, name));

    private static bool CarriesKey(Type type) => Array.Exists(type.GetProperties(BindingFlags.Public | BindingFlags.Instance), p => p.SetMethod is { IsPublic: true } && IsKey(p.PropertyType, p.Name));

    private static bool IsKey(Type type, string name) => TypeText.Is(type, "System.String") && GapNotes.IsSecret(name);
}
