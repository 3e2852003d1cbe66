using AgentCore.Plugins;

namespace AgentCore.Hosting.Definitions;

/// <summary>The fields of team files.</summary>
internal static class TeamFields
{
    /// <summary>What is done when a member's turn fails.</summary>
    private static readonly DefinitionField OnFailure =
        new("onFailure", DefinitionType.Object, "What is done when a member's turn fails; the team stops without one.")
        {
            Shorthand = "then",
            Fields =
            [
                new("then", DefinitionType.Text, "What is done when it failed for good.") { Allowed = ["stop", "skip", "replace"] },
                new("retries", DefinitionType.Integer, "How often the turn is tried again first.") { Minimum = 0, Maximum = 100 },
                new("substitute", DefinitionType.Text, "The member that takes the turn instead, for 'replace'."),
            ],
        };

    /// <summary>What a member that is defined in the team file may have beside an agent's fields.</summary>
    public static IReadOnlyList<DefinitionField> Member { get; } =
    [
        new("history", DefinitionType.Text, "How much of the conversation it is shown: all of it, the last turn, or the task alone.") { Allowed = ["all", "last", "task"] },
        new("handoffs", DefinitionType.TextList, "The members that it may hand over to; all others without one."),
        OnFailure,
    ];

    /// <summary>A member that is an agent or a team of its own.</summary>
    public static IReadOnlyList<DefinitionField> Reference { get; } =
    [
        new("agent", DefinitionType.Text, "The agent's or team's name.") { IsRequired = true },
        new("role", DefinitionType.Text, "Its role in this team; its own without one."),
        .. Member,
    ];

    private static IReadOnlyList<DefinitionField> Condition { get; } =
    [
        new("phrase", DefinitionType.Text, "A turn's text contains this, ignoring case."),
        new("member", DefinitionType.Text, "This member spoke."),
        new("tool", DefinitionType.Text, "This tool was called in the turn."),
        new("field", DefinitionType.Text, "The turn's answer is JSON that has this field; names joined by dots."),
        new("value", DefinitionType.Text, "The value that the field must have."),
    ];

    /// <summary>A team's own fields, but its protocol and members.</summary>
    public static IReadOnlyList<DefinitionField> Team { get; } =
    [
        new("name", DefinitionType.Text, "The team's name; the file's name without one."),
        new("description", DefinitionType.Text, "What the team does, in a sentence."),
        new("role", DefinitionType.Text, "Its role where it is a member of another team."),
        new("limits", DefinitionType.Object, "Its bounds: 20 turns, a million tokens, half an hour without them.")
        {
            Fields =
            [
                new("maxTurns", DefinitionType.Integer, "The most turns.") { Minimum = 1, Maximum = 1_000_000 },
                new("maxTokens", DefinitionType.Integer, "The most tokens of all members together.") { Minimum = 1 },
                new("maxCost", DefinitionType.Number, "The most that its models may cost, in the currency of their prices.") { Minimum = 0.000001m },
                new("maxTime", DefinitionType.Duration, "The longest time."),
                new("maxTurnTime", DefinitionType.Duration, "The longest time of one turn."),
            ],
        },
        new("until", DefinitionType.Object, "When it is done, besides what the protocol says; all that is named must hold after the same turn.")
        {
            Shorthand = "phrase",
            Fields = [.. Condition, new("any", DefinitionType.ObjectList, "Conditions of which one is enough.") { Fields = Condition, Shorthand = "phrase" }],
        },
        new("progress", DefinitionType.Object, "When it is found to go round in circles.")
        {
            Fields =
            [
                new("maxRepeatedRounds", DefinitionType.Integer, "How often the same members may say the same things; 3 without one.") { Minimum = 2, Maximum = 1_000_000 },
                new("maxRepeatedCalls", DefinitionType.Integer, "How often in a row a member may call a tool alike with the same result; 5 without one.") { Minimum = 2, Maximum = 1_000_000 },
                new("maxPingPong", DefinitionType.Integer, "How often in a row two members may hand over to each other; 6 without one.") { Minimum = 2, Maximum = 1_000_000 },
            ],
        },
        OnFailure,
    ];
}
