using AgentCore.Agents;
using AgentCore.Plugins;
using AgentCore.Teams;
using Microsoft.Extensions.AI;

namespace AgentCore.Hosting.Definitions;

/// <summary>The fields of agent files, and the kind that is built in.</summary>
internal static class AgentFields
{
    /// <summary>What every agent file may have, whatever its kind.</summary>
    public static IReadOnlyList<DefinitionField> Common { get; } =
    [
        new("name", DefinitionType.Text, "The agent's name; the file's name without one."),
        new("kind", DefinitionType.Text, "The kind of agent; chat without one."),
        new("description", DefinitionType.Text, "What the agent does, in a sentence; models that choose among agents read it."),
        new("role", DefinitionType.Text, "Its role in teams, such as researcher."),
        new("model", DefinitionType.Text, "The model it works with, as provider/model; the workspace's without one."),
        new("capabilities", DefinitionType.TextList, "What it may do: dotted names such as files.read, or files.*. It sees the tools that these allow, and no other."),
        new("tools", DefinitionType.TextList, "The only tools that it sees, by name; it gets the capabilities that they need."),
        new("timeout", DefinitionType.Duration, "The longest that a run may take, such as 5m; no limit without one."),
        new("retry", DefinitionType.Object, "How a failed run is tried again; not at all without one.")
        {
            Fields =
            [
                new("maxRetries", DefinitionType.Integer, "How often to try again.") { Minimum = 1, Maximum = 100 },
                new("delay", DefinitionType.Duration, "The wait before the first retry, doubled with each further one; 1s without one.") { Maximum = FieldReader.SecondsOfADay },
            ],
        },
        LearningFields.Field,
    ];

    /// <summary>A model with instructions and tools.</summary>
    public static AgentKind Chat { get; } = new("chat", "A model with instructions and tools.",
    [
        new("instructions", DefinitionType.Text, "What the model is told to be and to do.") { IsRequired = true },
        new("temperature", DefinitionType.Number, "How freely the model chooses its words; the model's own default without one.") { Minimum = 0, Maximum = 2 },
        new("maxOutputTokens", DefinitionType.Integer, "The longest reply, in tokens.") { Minimum = 1, Maximum = int.MaxValue },
        new("maxModelCalls", DefinitionType.Integer, "How many model calls a run may make; 20 without one.") { Minimum = 1, Maximum = 100_000 },
        new("maxSlips", DefinitionType.Integer, "How many slips of the model in a row (an unknown tool, bad arguments) a run survives; 3 without one.") { Minimum = 1, Maximum = 1_000 },
        new("maxRepeats", DefinitionType.Integer, "How often the same tool may be called with the same arguments one after the other; 3 without one.") { Minimum = 1, Maximum = 1_000 },
    ], CreateChat);

    /// <summary>A person, who is asked at the console or answers later.</summary>
    public static AgentKind Person { get; } = new("person", "A person, who is asked at the console, or answers later with 'agentcore runs answer'.", [],
        (definition, _) => new PersonAgent(definition.Metadata));

    private static ChatAgent CreateChat(AgentDefinition definition, AgentHost host)
    {
        var chat = new ChatAgentOptions { Instructions = definition.Get<string>("instructions")?.TrimEnd() };
        if (definition.Fields.ContainsKey("temperature") || definition.Fields.ContainsKey("maxOutputTokens"))
        {
            chat = chat with
            {
                Model = new ChatOptions
                {
                    Temperature = definition.Get<float?>("temperature"),
                    MaxOutputTokens = definition.Get<int?>("maxOutputTokens"),
                },
            };
        }

        if (definition.Get<int?>("maxModelCalls") is { } calls)
            chat = chat with { MaxModelCalls = calls };
        if (definition.Get<int?>("maxSlips") is { } slips)
            chat = chat with { MaxSlips = slips };
        if (definition.Get<int?>("maxRepeats") is { } repeats)
            chat = chat with { MaxRepeats = repeats };
        return new ChatAgent(definition.Metadata, host.Client, chat, definition.Options with { MaxConcurrentRuns = 0 });
    }
}
