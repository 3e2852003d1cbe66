using System.Text.Json;

namespace AgentCore.Runs;

/// <summary>Named values that an agent keeps between the runs of a session, as JSON.</summary>
public sealed class StateBag
{
    private readonly Dictionary<string, JsonElement> _values;

    internal StateBag(IEnumerable<KeyValuePair<string, JsonElement>>? values = null) =>
        _values = values is null ? new(StringComparer.Ordinal) : new(values, StringComparer.Ordinal);

    /// <summary>How kept values of older versions are brought up to date.</summary>
    internal StateMigrations? Migrations { get; set; }

    /// <summary>The names that have a value.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>The value, or the type's default where there is none.</returns>
    /// <exception cref="JsonException">The value is not of that type.</exception>
    /// <exception cref="Checkpoints.StoreException">The value is of a newer version of its type, or nothing says how to bring
    /// it up to date.</exception>
    public T? Get<T>(string name) => _values.TryGetValue(name, out var value) ? TypedJson<T>.Read(value, Migrations) : default;

    /// <summary>Sets a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value; a copy of it is kept.</param>
    public void Set<T>(string name, T value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _values[name] = TypedJson<T>.Write(value);
    }

    /// <summary>Removes a value.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name) => _values.Remove(name);

    internal StateBag Copy() => new(_values) { Migrations = Migrations };

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(_values, AgentJson.Options);

    internal static StateBag Read(ReadOnlyMemory<byte> json) =>
        new(json.IsEmpty ? null : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json.Span, AgentJson.Options));
}
