using System.Text.Json;

namespace AgentCore.Runs;

/// <summary>Named values that an agent keeps between the runs of a session, as JSON.</summary>
public sealed class StateBag
{
    private readonly Dictionary<string, JsonElement> _values;

    internal StateBag(IEnumerable<KeyValuePair<string, JsonElement>>? values = null) =>
        _values = values is null ? new(StringComparer.Ordinal) : new(values, StringComparer.Ordinal);

    /// <summary>The names that have a value.</summary>
    public IReadOnlyCollection<string> Names => _values.Keys;

    /// <summary>Reads a value.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>The value, or the type's default where there is none.</returns>
    /// <exception cref="JsonException">The value is not of that type.</exception>
    public T? Get<T>(string name) => _values.TryGetValue(name, out var value) ? value.Deserialize<T>(AgentJson.Options) : default;

    /// <summary>Sets a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="value">The value; a copy of it is kept.</param>
    public void Set<T>(string name, T value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _values[name] = JsonSerializer.SerializeToElement(value, AgentJson.Options);
    }

    /// <summary>Removes a value.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name) => _values.Remove(name);

    internal StateBag Copy() => new(_values);

    internal byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(_values, AgentJson.Options);

    internal static StateBag Read(ReadOnlyMemory<byte> json) =>
        new(json.IsEmpty ? null : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json.Span, AgentJson.Options));
}
