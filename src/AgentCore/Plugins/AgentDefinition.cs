using System.Text.Json;

namespace AgentCore.Plugins;

/// <summary>An agent as a definition file describes it, read and checked.</summary>
/// <param name="Metadata">What it is. Its capabilities are those of the file, and its definition hash is the file's.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Folder">The folder that relative paths in it start from.</param>
/// <param name="Options">How it runs: tools, timeout, retries, as the file and the host say. A kind may change what it must.</param>
public sealed record AgentDefinition(AgentMetadata Metadata, string Kind, string Folder, AgentOptions Options)
{
    /// <summary>The fields of its kind that the file has, as JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement> Fields { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Reads a field.</summary>
    /// <typeparam name="T">The type to read it as: <c>string</c>, <c>int</c>, <c>double</c>, <c>bool</c>, a list of texts, a
    /// dictionary of texts, or any type that its JSON fits. A duration reads as <c>double</c>, in seconds.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>Its value, or the type's default where the file doesn't have it.</returns>
    /// <exception cref="DefinitionException">Its value is not of that type.</exception>
    public T? Get<T>(string name)
    {
        if (!Fields.TryGetValue(name, out var value))
            return default;

        try
        {
            return value.Deserialize<T>(AgentJson.Options);
        }
        catch (JsonException e)
        {
            throw new DefinitionException(name, $"it can't be read as {(Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)).Name}: {e.Message}", e);
        }
    }
}

/// <summary>A definition asks for something that can't be: the host adds the file and the line.</summary>
public sealed class DefinitionException : AgentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="field">The field that is at fault; empty for the whole definition.</param>
    /// <param name="message">What is wrong with it and what to do.</param>
    /// <param name="innerException">The cause, if another exception was it.</param>
    public DefinitionException(string field, string message, Exception? innerException = null) : base(message, innerException) => Field = field;

    /// <summary>The field that is at fault; empty for the whole definition.</summary>
    public string Field { get; }
}
