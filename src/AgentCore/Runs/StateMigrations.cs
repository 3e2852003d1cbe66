using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Checkpoints;

namespace AgentCore.Runs;

/// <summary>How kept values of a user's types are brought up to date, version by version.</summary>
public sealed class StateMigrations
{
    private readonly Dictionary<(string Name, int From), Func<JsonNode, JsonNode>> _steps = [];

    /// <summary>Adds the change from one version of a type to the next.</summary>
    /// <param name="name">The type's name, as <see cref="StateTypeAttribute"/> gives it.</param>
    /// <param name="from">The version that it starts from, 1 or more; the result is of the next one.</param>
    /// <param name="migrate">Makes the next version's JSON of this one's; it may change and return what it is given.</param>
    /// <exception cref="InvalidOperationException">There is one already.</exception>
    public StateMigrations Add(string name, int from, Func<JsonNode, JsonNode> migrate)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentNullException.ThrowIfNull(migrate);
        if (!_steps.TryAdd((name, from), migrate))
            throw new InvalidOperationException($"StateMigrations has a change of '{name}' from version {from} already. Remove one of them.");

        return this;
    }

    internal JsonElement Migrate(JsonElement value, string name, int from, int to)
    {
        if (from > to)
            throw new StoreException($"A '{name}' is kept in version {from}, but this code has version {to}: it was written by a newer version of the program. Use that one.");
        if (from == to)
            return value;

        var node = JsonNode.Parse(value.GetRawText())!;
        for (var version = from; version < to; version++)
        {
            if (!_steps.TryGetValue((name, version), out var step))
                throw new StoreException($"A '{name}' is kept in version {from}, and nothing says how to bring version {version} to {version + 1}. Add it to StateMigrations, in AgentOptions.Migrations.");
            node = step(node);
        }

        return JsonSerializer.SerializeToElement(node, AgentJson.Options);
    }
}
