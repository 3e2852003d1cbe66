using System.Reflection;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Classes that are worth nothing without a key that only a person has: clients that take one, options that carry one.</summary>
internal static class KeyHolders
{
    private static readonly string[] Options = ["Options", "Settings", "Config", "Configuration", "Secrets", "Credentials"];

    // Whose key or token it is: not that of a table, a lexer or a keyboard.
    private static readonly string[] Doors =
        ["api", "access", "secret", "subscription", "account", "auth", "license", "service", "admin", "client", "bearer", "bot", "refresh", "openai", "ai", "gpt", "azure", "anthropic", "gemini", "claude", "groq", "mistral", "search", "speech", "app"];

    // What a parameter is called that takes such options, whatever their class is called: Profile config.
    private static readonly string[] OptionNames = ["options", "settings", "config", "cfg", "configuration", "profile", "credentials", "secrets"];

    /// <summary>Taken as options, and carries a key.</summary>
    public static bool AsOptions(Type type, string name)
    {
        try
        {
            return Array.IndexOf(OptionNames, name.TrimStart('_').ToLowerInvariant()) >= 0 && CarriesKey(type);
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }

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

    /// <summary>ApiService(string apiKey), whatever other constructor it has for its tests: ApiService(HttpClient).</summary>
    private static bool TakesKey(Type type) =>
        type.GetConstructors().SelectMany(c => ConstructorPlanner.SafeParameters(c) ?? []).Any(p => !p.IsOptional && IsKey(p.ParameterType, Verbs.Words(p.Name ?? "")) && !Nullability.AllowsNull(p));

    /// <summary>By itself, or in a part for each service: AiSettings { OpenAi: { ApiKey } }.</summary>
    private static bool CarriesKey(Type type, bool parts = true) => Array.Exists(
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance),
        p => p.SetMethod is { IsPublic: true } && !Nullability.AllowsNull(p)
            && (IsKey(p.PropertyType, Verbs.Words(p.Name)) || p.Name == "Key" && TypeText.Is(p.PropertyType, "System.String") || parts && p.PropertyType is { IsClass: true, IsAbstract: false } part && part.Assembly == type.Assembly && CarriesKey(part, parts: false)));

    private static bool IsKey(Type type, List<string> words) => TypeText.Is(type, "System.String")
        && words is [.., "password" or "secret" or "credential" or "apikey"] or [.., "connection", "string"] or [.., "key" or "token"]
        && (words is not [.., "key" or "token"] || words is [.., var door, _] && Array.IndexOf(Doors, door) >= 0);
}
