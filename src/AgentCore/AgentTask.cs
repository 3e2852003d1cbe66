using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace AgentCore;

/// <summary>What an agent is asked to do.</summary>
public sealed record AgentTask
{
    private static readonly IReadOnlyDictionary<string, JsonElement> NoData = new Dictionary<string, JsonElement>();

    /// <summary>Creates a task.</summary>
    /// <param name="input">The request, in words.</param>
    [JsonConstructor]
    public AgentTask(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Input = input;
    }

    /// <summary>The request, in words.</summary>
    public string Input { get; init; }

    /// <summary>The kind of work, by which tasks can be routed; null for none.</summary>
    public string? Type { get; init; }

    /// <summary>How urgent it is: larger first, 0 by default.</summary>
    public int Priority { get; init; }

    /// <summary>The capabilities that an agent must have to be given this task.</summary>
    public IReadOnlyList<string> RequiredCapabilities { get; init; } = [];

    /// <summary>The role of the agent that should do it, if there is one; null for any.</summary>
    public string? PreferredRole { get; init; }

    /// <summary>Further input by name, as JSON; <see cref="With{T}"/> adds to it and <see cref="Get{T}"/> reads it.</summary>
    public IReadOnlyDictionary<string, JsonElement> Data { get; init; } = NoData;

    /// <summary>The conversation that led here, oldest first; in a team, what its members have said. Not to be changed.</summary>
    public IReadOnlyList<ChatMessage> Messages { get; init; } = [];

    /// <summary>The type that the answer is to be read as, while the process that asked runs it; a resumed run doesn't know it.</summary>
    internal Type? AnswerType { get; init; }

    /// <summary>A task of a text.</summary>
    /// <param name="input">The request.</param>
    public static implicit operator AgentTask(string input) => new(input);

    /// <summary>The same task with one more named input.</summary>
    /// <typeparam name="T">The value's type.</typeparam>
    /// <param name="name">The input's name.</param>
    /// <param name="value">The value; it is kept as JSON.</param>
    public AgentTask With<T>(string name, T value)
    {
        var data = new Dictionary<string, JsonElement>(Data) { [name] = JsonSerializer.SerializeToElement(value, AgentJson.Options) };
        return this with { Data = data };
    }

    /// <summary>Reads a named input.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <param name="name">The input's name.</param>
    /// <returns>The value, or the type's default where there is none.</returns>
    /// <exception cref="ArgumentException">The input isn't of that type.</exception>
    public T? Get<T>(string name)
    {
        if (!Data.TryGetValue(name, out var element))
            return default;

        try
        {
            return element.Deserialize<T>(AgentJson.Options);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"The task's input '{name}' is not a {typeof(T).Name}: {e.Message}", nameof(name), e);
        }
    }
}
