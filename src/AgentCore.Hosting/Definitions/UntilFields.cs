using System.Globalization;
using System.Text.Json.Nodes;
using AgentCore.Teams;

namespace AgentCore.Hosting.Definitions;

/// <summary>A team file's <c>until</c>: when the team is done.</summary>
internal static class UntilFields
{
    /// <summary>Says what in it would never hold, or would hold of nothing.</summary>
    public static void Check(JsonObject fields, DefinitionFile file, FieldReader reader, List<DefinitionError> errors) => Check(fields, "until", file, reader, errors);

    /// <summary>The condition.</summary>
    public static TeamCondition Read(JsonObject fields)
    {
        var all = new List<TeamCondition>();
        if (fields["phrase"] is { } phrase)
            all.Add(TeamCondition.Phrase((string)phrase!));
        if (fields["member"] is { } member)
            all.Add(TeamCondition.Member((string)member!));
        if (fields["tool"] is { } tool)
            all.Add(TeamCondition.ToolCalled((string)tool!));
        if (fields["field"] is { } field)
            all.Add(TeamCondition.JsonField((string)field!, (string?)fields["value"]));
        if (fields["any"] is JsonArray any)
            all.Add(any.Select(c => Read(c!.AsObject())).Aggregate((a, b) => a | b));
        return all.Aggregate((a, b) => a & b);
    }

    private static void Check(JsonObject fields, string path, DefinitionFile file, FieldReader reader, List<DefinitionError> errors)
    {
        void Add(string at, string message)
        {
            var (line, column) = reader.PlaceOf(at) ?? (1, 1);
            errors.Add(new DefinitionError(file.Shown, line, column, at, message));
        }

        // Where fields were written and none was read, that was told.
        if (fields.Count == 0 && !reader.Places.Keys.Any(p => p.StartsWith(path + ".", StringComparison.Ordinal)))
            Add(path, "it names no condition; write one, such as 'phrase: DONE', or leave it out.");
        if (fields.ContainsKey("value") && !reader.Places.ContainsKey($"{path}.field"))
            Add($"{path}.value", "it says of no field that it must have this value; write 'field: NAME' beside it.");
        foreach (var (name, value) in fields)
        {
            var at = $"{path}.{name}";
            if (value is not JsonArray any)
            {
                if (name != "value" && string.IsNullOrWhiteSpace((string?)value))
                    Add(at, "it is empty; give a text, or leave it out.");
                continue;
            }

            if (any.Count == 0)
                Add(at, "it names no condition; list one or more, such as '- phrase: DONE', or leave it out.");
            for (var i = 0; i < any.Count; i++)
                Check(any[i]!.AsObject(), string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]"), file, reader, errors);
        }
    }
}
