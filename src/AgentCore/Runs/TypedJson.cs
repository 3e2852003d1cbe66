using System.Reflection;
using System.Text.Json;
using AgentCore.Checkpoints;

namespace AgentCore.Runs;

/// <summary>JSON of a user's value; where its type has a <see cref="StateTypeAttribute"/>, with the type's name and version
/// around it.</summary>
internal static class TypedJson<T>
{
    private const string TypeProperty = "$state";
    private const string VersionProperty = "$version";
    private const string ValueProperty = "value";

    private static readonly StateTypeAttribute? Type = typeof(T).GetCustomAttribute<StateTypeAttribute>();

    public static JsonElement Write(T value)
    {
        var json = JsonSerializer.SerializeToElement(value, AgentJson.Options);
        return Type is null
            ? json
            : JsonSerializer.SerializeToElement(
                new Dictionary<string, object?> { [TypeProperty] = Type.Name, [VersionProperty] = Type.Version, [ValueProperty] = json }, AgentJson.Options);
    }

    public static byte[] WriteBytes(T value) => Type is null
        ? JsonSerializer.SerializeToUtf8Bytes(value, AgentJson.Options)
        : JsonSerializer.SerializeToUtf8Bytes(Write(value), AgentJson.Options);

    public static T? Read(JsonElement json, StateMigrations? migrations) =>
        (Type is null ? json : Current(json, Type, migrations)).Deserialize<T>(AgentJson.Options);

    public static T? Read(ReadOnlyMemory<byte> json, StateMigrations? migrations) => Type is null
        ? JsonSerializer.Deserialize<T>(json.Span, AgentJson.Options)
        : Read(JsonSerializer.Deserialize<JsonElement>(json.Span, AgentJson.Options), migrations);

    private static JsonElement Current(JsonElement json, StateTypeAttribute type, StateMigrations? migrations)
    {
        // A value from before its type was named is of version 1.
        var (name, version, value) = json.ValueKind == JsonValueKind.Object && json.TryGetProperty(TypeProperty, out var kept)
            ? (kept.GetString()!, json.GetProperty(VersionProperty).GetInt32(), json.GetProperty(ValueProperty))
            : (type.Name, 1, json);
        if (name != type.Name)
            throw new StoreException($"A '{name}' is kept where the code reads a '{type.Name}' ({typeof(T).Name}). If the type was renamed, keep its name in StateTypeAttribute.");

        return (migrations ?? new StateMigrations()).Migrate(value, name, version, type.Version);
    }
}
