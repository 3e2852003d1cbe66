using System.Text.Json;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline;

/// <summary>A tool as seen from its name, description and parameters.</summary>
internal sealed class ToolShape
{
    private static readonly string[] QueryNames = ["query", "q", "question", "search", "keywords", "text", "pattern", "term", "terms"];
    private static readonly string[] PathNames = ["path", "file", "filename", "file_path", "filepath", "document", "uri"];

    private static readonly string[] SearchWords = ["search", "find", "queri", "lookup", "retriev", "grep"];
    private static readonly string[] ReadWords = ["read", "open", "get", "load", "show", "view", "fetch"];
    private static readonly string[] ChangeWords = ["write", "delet", "remov", "creat", "updat", "edit", "move", "append"];

    private ToolShape(AIFunctionDeclaration tool, List<Parameter> parameters)
    {
        Tool = tool;
        Parameters = parameters;
        Words = [.. TextQuery.Parse($"{tool.Name} {tool.Description}", expand: false).Concepts.Where(concept => !concept.IsOptional).Select(concept => concept.Variants[0].Term)];
        NameWords = [.. TextQuery.Parse(tool.Name, expand: false).Concepts.Where(concept => !concept.IsOptional).Select(concept => concept.Variants[0].Term)];
    }

    /// <summary>The tool.</summary>
    public AIFunctionDeclaration Tool { get; }

    /// <summary>Its parameters.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The terms of its name and description.</summary>
    public HashSet<string> Words { get; }

    /// <summary>The terms of its name.</summary>
    public HashSet<string> NameWords { get; }

    /// <summary>Whether it searches texts: its words say so and it takes a query.</summary>
    public bool IsSearch => HasAny(Words, SearchWords) && QueryParameter is { IsRequired: true } query && RequiresOnly(query);

    /// <summary>Whether its name says that it searches.</summary>
    public bool IsNamedSearch => HasAny(NameWords, SearchWords);

    /// <summary>Whether it reads a file: its words say so and it takes a path.</summary>
    public bool IsRead => HasAny(Words, ReadWords) && !HasAny(NameWords, ChangeWords) && PathParameter is { } path && RequiresOnly(path);

    /// <summary>The parameter for a query.</summary>
    public Parameter? QueryParameter => Find(QueryNames) ?? (Parameters.Count(parameter => parameter is { IsRequired: true, Type: "string" }) == 1
        ? Parameters.First(parameter => parameter is { IsRequired: true, Type: "string" }) : null);

    /// <summary>The parameter for a path.</summary>
    public Parameter? PathParameter => Find(PathNames);

    /// <summary>Takes a tool's shape from its JSON schema.</summary>
    public static ToolShape Of(AIFunctionDeclaration tool)
    {
        var parameters = new List<Parameter>();
        if (tool.JsonSchema.ValueKind == JsonValueKind.Object && tool.JsonSchema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            var required = tool.JsonSchema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
                ? names.EnumerateArray().Select(name => name.GetString() ?? "").ToHashSet(StringComparer.Ordinal) : [];
            foreach (var property in properties.EnumerateObject())
                parameters.Add(Parameter.Of(property.Name, property.Value, required.Contains(property.Name)));
        }
        return new ToolShape(tool, parameters);
    }

    /// <summary>The first parameter whose name holds one of some words.</summary>
    public Parameter? FindLike(params string[] words) =>
        Parameters.FirstOrDefault(parameter => words.Any(word => parameter.Name.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private Parameter? Find(string[] names)
    {
        foreach (var name in names)
            if (Parameters.FirstOrDefault(parameter => parameter.Type == "string" && string.Equals(parameter.Name, name, StringComparison.OrdinalIgnoreCase)) is { } found) return found;
        return null;
    }

    private bool RequiresOnly(Parameter parameter) => Parameters.All(other => !other.IsRequired || other == parameter);

    private static bool HasAny(HashSet<string> words, string[] stems) => stems.Any(words.Contains);

    /// <summary>One parameter of a tool.</summary>
    internal sealed record Parameter(string Name, string Type, string Description, bool IsRequired, IReadOnlyList<string> Choices)
    {
        public static Parameter Of(string name, JsonElement schema, bool isRequired)
        {
            if (schema.ValueKind != JsonValueKind.Object) return new Parameter(name, "any", "", isRequired, []);
            var description = schema.TryGetProperty("description", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
            var choices = schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array
                ? values.EnumerateArray().Where(value => value.ValueKind == JsonValueKind.String).Select(value => value.GetString()!).ToList() : [];
            return new Parameter(name, TypeOf(schema), description, isRequired, choices);
        }

        private static string TypeOf(JsonElement schema)
        {
            if (!schema.TryGetProperty("type", out var type)) return schema.TryGetProperty("enum", out _) ? "string" : "any";
            if (type.ValueKind == JsonValueKind.String) return type.GetString()!;
            return type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Select(item => item.GetString()).FirstOrDefault(item => item is not (null or "null")) ?? "any" : "any";
        }
    }
}
