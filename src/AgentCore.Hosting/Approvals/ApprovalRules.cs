using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Hosting.Definitions;
using AgentCore.Plugins;
using AgentCore.Runs;

namespace AgentCore.Hosting.Approvals;

/// <summary>Answers approvals by the rules in <c>config/approvals.yaml</c>. The first rule that fits decides; where none does,
/// or where it says <c>ask</c>, a person must. Rules decide on tool calls alone, never on lost outcomes or questions.</summary>
public sealed class ApprovalRules : IDecider
{
    internal const string FileName = "config/approvals.yaml";

    private readonly IReadOnlyList<ApprovalRule> _rules;

    private ApprovalRules(IReadOnlyList<ApprovalRule> rules)
    {
        _rules = rules;
    }

    internal static IReadOnlyList<DefinitionField> Fields { get; } =
    [
        new("rules", DefinitionType.ObjectList, "The rules, the first that fits decides.")
        {
            IsRequired = true,
            Fields =
            [
                new("tool", DefinitionType.Text, "The tool's name; * and ? stand for any text and any character.") { IsRequired = true },
                new("decision", DefinitionType.Text, "What is decided: allow, deny, or ask a person.") { IsRequired = true, Allowed = ["allow", "deny", "ask"] },
                new("agent", DefinitionType.Text, "The agent's name, as a pattern; any without one."),
                new("arguments", DefinitionType.TextMap, "Patterns that the call's arguments must fit, all of them; an argument that isn't there fits none."),
                new("reason", DefinitionType.Text, "Why; the model is told it when a call is denied."),
            ],
        },
    ];

    /// <inheritdoc/>
    public ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Pending.Kind != DecisionKind.Approval)
            return default;

        for (var i = 0; i < _rules.Count; i++)
        {
            var rule = _rules[i];
            if (!rule.Fits(request))
                continue;

            var by = string.Create(CultureInfo.InvariantCulture, $"rule {i + 1} of {FileName}");
            return new(rule.Decision switch
            {
                "allow" => new Decision(Verdict.Approve, by) { Reason = rule.Reason },
                "deny" => new Decision(Verdict.Deny, by) { Reason = rule.Reason },
                _ => null,
            });
        }

        return default;
    }

    internal static ApprovalRules Read(string workspace, List<DefinitionError> errors)
    {
        var path = Path.Combine(workspace, FileName);
        if (!File.Exists(path) || DefinitionFile.ReadText(path, FileName, errors) is not { } text || YamlTree.Read(FileName, text, errors) is not { } tree)
            return new ApprovalRules([]);

        var json = new FieldReader(FileName, errors).Object(tree, Fields);
        var rules = (json["rules"] as JsonArray ?? []).Select(r => r.Deserialize<ApprovalRule>(JsonSerializerOptions.Web)!);
        return new ApprovalRules([.. rules]);
    }

    private sealed record ApprovalRule(string Tool, string Decision, string? Agent, IReadOnlyDictionary<string, string>? Arguments, string? Reason)
    {
        public bool Fits(DecisionRequest request)
        {
            if (!Matches(Tool, request.Pending.Name) || (Agent is not null && !Matches(Agent, request.Agent)))
                return false;
            if (Arguments is null or { Count: 0 })
                return true;

            var given = JsonSerializer.Deserialize<JsonElement>(request.Pending.Arguments ?? "{}");
            return Arguments.All(a => given.TryGetProperty(a.Key, out var value)
                && Matches(a.Value, value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()));
        }

        // Case counts: a rule must not allow more than it says.
        private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
    }
}
