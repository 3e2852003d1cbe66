using System.Text.Json.Nodes;
using AgentCore.Plugins;
using AgentCore.Teams;
using Microsoft.Extensions.AI;

namespace AgentCore.Hosting.Definitions;

/// <summary>A protocol as team files ask for it.</summary>
internal sealed record ProtocolKind(string Name, string Description, IReadOnlyList<DefinitionField> Fields, Func<JsonObject, IChatClient, TeamProtocol> Create);

/// <summary>The protocols that team files can ask for.</summary>
internal static class Protocols
{
    private static readonly DefinitionField Rounds = new("rounds", DefinitionType.Integer, "How many rounds.") { Minimum = 1, Maximum = 1_000_000 };

    private static readonly DefinitionField Model = new("model", DefinitionType.Text, "The model that leads, as provider/model; the workspace's without one.");

    private static readonly DefinitionField Instructions = new("instructions", DefinitionType.Text, "What the model that leads is told.");

    public static IReadOnlyList<ProtocolKind> All { get; } =
    [
        new("sequential", "Each member speaks once, in the team's order, and hears what was said before.", [], (_, _) => new SequentialProtocol()),
        new("round-robin", "The members speak in turn, round after round, until a condition holds or a limit is reached.", [Rounds],
            (f, _) => new RoundRobinProtocol((int?)f["rounds"])),
        new("selector", "A model picks who speaks next.",
            [Model, Instructions, Boolean("mayRepeat", "Whether a member may be picked twice in a row."), Boolean("mayEnd", "Whether the model may end the run; true without one.")],
            Selector),
        new("handoff", "The member that speaks says who goes on; who answers without handing over ends the run.",
            [new("first", DefinitionType.Text, "The member that begins; the first without one.")],
            (f, _) => new HandoffProtocol((string?)f["first"])),
        new("concurrent", "The members speak at once and don't hear each other; then one answer is made of theirs.",
            [new("reducer", DefinitionType.Text, "The member that makes one answer; the answers are joined without one.")],
            (f, _) => new ConcurrentProtocol((string?)f["reducer"])),
        new("debate", "The members argue for some rounds; then a judge, one of them, decides.",
            [new("judge", DefinitionType.Text, "The member that decides.") { IsRequired = true }, Rounds with { Maximum = 100 }],
            (f, _) => f["rounds"] is { } rounds ? new DebateProtocol((string)f["judge"]!, (int)rounds) : new DebateProtocol((string)f["judge"]!)),
        new("vote", "The members vote; a choice wins with a majority, where a quorum has voted.",
            [
                new("choices", DefinitionType.TextList, "What is voted on, two or more; yes and no without one."),
                new("quorum", DefinitionType.Number, "The share of the members that must vote, up to 1; 0.5 without one.") { Minimum = 0.0001m, Maximum = 1 },
                new("majority", DefinitionType.Number, "A choice needs more than this share of the votes; 0.5 without one.") { Minimum = 0, Maximum = 0.9999m },
                new("maxRounds", DefinitionType.Integer, "How often is voted where nobody wins; once without one.") { Minimum = 1, Maximum = 10 },
            ],
            Vote),
        new("planner", "A model plans and leads: it says who does what next, and plans anew when the team gets stuck.",
            [
                Model, Instructions,
                new("maxStalls", DefinitionType.Integer, "How often the team may not get on before it plans anew; 2 without one.") { Minimum = 0, Maximum = 100 },
                new("maxReplans", DefinitionType.Integer, "How often it plans anew; 2 without one.") { Minimum = 0, Maximum = 100 },
            ],
            Planner),
    ];

    private static DefinitionField Boolean(string name, string description) => new(name, DefinitionType.Boolean, description);

    private static SelectorProtocol Selector(JsonObject fields, IChatClient client)
    {
        var options = new SelectorOptions { MayRepeat = (bool?)fields["mayRepeat"] ?? false, MayEnd = (bool?)fields["mayEnd"] ?? true };
        return new SelectorProtocol(client, fields["instructions"] is { } text ? options with { Instructions = (string)text! } : options);
    }

    private static VoteProtocol Vote(JsonObject fields, IChatClient client)
    {
        var options = new VoteOptions();
        if (fields["choices"] is JsonArray choices)
            options = options with { Choices = [.. choices.Select(c => (string)c!)] };
        if (fields["quorum"] is { } quorum)
            options = options with { Quorum = (double)quorum };
        if (fields["majority"] is { } majority)
            options = options with { Majority = (double)majority };
        if (fields["maxRounds"] is { } rounds)
            options = options with { MaxRounds = (int)rounds };
        return new VoteProtocol(options);
    }

    private static PlannerProtocol Planner(JsonObject fields, IChatClient client)
    {
        var options = new PlannerOptions();
        if (fields["instructions"] is { } text)
            options = options with { Instructions = (string)text! };
        if (fields["maxStalls"] is { } stalls)
            options = options with { MaxStalls = (int)stalls };
        if (fields["maxReplans"] is { } replans)
            options = options with { MaxReplans = (int)replans };
        return new PlannerProtocol(client, options);
    }
}
