using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Agents;

namespace AgentCore.Teams;

/// <summary>The tool by which a model hands over: it ends the turn, and the call keeps its result in the history.</summary>
internal sealed class HandoffTool : EndingTool
{
    public const string ToolName = "handoff";

    private readonly IReadOnlyList<TeamMember> _targets;

    public HandoffTool(IReadOnlyList<TeamMember> targets)
    {
        _targets = targets;
        JsonSchema = SchemaOf(targets);
        Description = "Hands the conversation over to another member, who goes on in your place. Call it alone, when another can do better. "
            + string.Join(" ", targets.Select(t => $"{t.Name}: {Describe(t)}"));
    }

    public override string Name => ToolName;

    public override string Description { get; }

    public override JsonElement JsonSchema { get; }

    public override string Reply => $"Handed over to {((Handoff)Outcome!).To}.";

    public override string? Take(IDictionary<string, object?>? arguments)
    {
        var to = Text(arguments, "to");
        if (Outcome is Handoff taken)
            return $"You have handed over to {taken.To} already.";
        if (_targets.FirstOrDefault(t => string.Equals(t.Name, to?.Trim(), StringComparison.OrdinalIgnoreCase)) is not { } target)
            return $"You can't hand over to '{to}'. Choose one of: {string.Join(", ", _targets.Select(t => t.Name))}; or answer yourself.";

        Outcome = new Handoff(target.Name, Text(arguments, "reason"));
        return null;
    }

    private static string Describe(TeamMember member) =>
        member.Agent.Metadata.Description is { Length: > 0 } description ? description : member.Role ?? "no description.";

    private static string? Text(IDictionary<string, object?>? arguments, string name) =>
        arguments?.TryGetValue(name, out var value) == true ? value?.ToString() : null;

    private static JsonElement SchemaOf(IReadOnlyList<TeamMember> targets) => JsonSerializer.SerializeToElement(new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["to"] = new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. targets.Select(t => (JsonNode)t.Name)]), ["description"] = "Who goes on." },
            ["reason"] = new JsonObject { ["type"] = "string", ["description"] = "What the other needs to know." },
        },
        ["required"] = new JsonArray("to"),
    });
}
