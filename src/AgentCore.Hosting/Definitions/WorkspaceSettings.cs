using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AgentCore.Learning;
using AgentCore.Plugins;

namespace AgentCore.Hosting.Definitions;

/// <summary>What <c>agentcore.yaml</c> says.</summary>
public sealed record WorkspaceSettings
{
    internal const string FileName = "agentcore.yaml";

    internal static IReadOnlyList<DefinitionField> Fields { get; } =
    [
        new("model", DefinitionType.Text, "The model that agents work with unless they name one, as provider/model."),
        new("store", DefinitionType.Text, "The kind of store that a new workspace keeps its runs in, such as file or litedb."),
        new("inputs", DefinitionType.TextList, "Files and folders that agents may read, from the workspace's folder on."),
        new("budget", DefinitionType.Integer, "The tokens that a run may use in all.") { Minimum = 1 },
        new("maxTurns", DefinitionType.Integer, "The most turns of a team, or model calls of an agent.") { Minimum = 1, Maximum = 1_000_000 },
        LearningFields.Field,
        new("settings", DefinitionType.TextMap, "Settings of model providers and plugins, such as OPENAI_BASE_URL. Secrets only as references: ${NAME} is taken from the environment when it is used."),
    ];

    /// <summary>The model, as <c>provider/model</c>; null where the file names none.</summary>
    public string? Model { get; init; }

    /// <summary>The kind of store; null where the file names none.</summary>
    public string? Store { get; init; }

    /// <summary>The inputs, as full paths.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The tokens that a run may use; null for no limit.</summary>
    public long? Budget { get; init; }

    /// <summary>The most turns; null where the file says nothing.</summary>
    public int? MaxTurns { get; init; }

    /// <summary>How agents learn from their errors, unless their definitions say otherwise.</summary>
    [JsonIgnore]
    public LearningOptions Learning { get; init; } = LearningFields.Unsaid;

    /// <summary>Settings by name. Their values may hold references, never secrets.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    internal static WorkspaceSettings Read(string workspace, List<DefinitionError> errors)
    {
        var path = Path.Combine(workspace, FileName);
        if (!File.Exists(path) || DefinitionFile.ReadText(path, FileName, errors) is not { } text || YamlTree.Read(FileName, text, errors) is not { } tree)
            return new WorkspaceSettings();

        var reader = new FieldReader(FileName, errors);
        var json = reader.Object(tree, Fields);
        var learning = LearningFields.Read(json["learning"] as JsonObject);
        json.Remove("learning");
        var settings = JsonSerializer.Deserialize<WorkspaceSettings>(json, JsonSerializerOptions.Web) ?? new WorkspaceSettings();
        void Add(string field, string message)
        {
            var (line, column) = reader.PlaceOf(field) ?? (1, 1);
            errors.Add(new DefinitionError(FileName, line, column, field, message));
        }

        for (var i = 0; i < settings.Inputs.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(settings.Inputs[i]))
                Add(string.Create(CultureInfo.InvariantCulture, $"inputs[{i}]"), "it is empty; give a file or a folder, such as docs, or '.' for the whole workspace.");
        }

        foreach (var (name, value) in settings.Settings)
        {
            if (IsSecret(name, value) && !value.Contains("${", StringComparison.Ordinal))
                Add($"settings.{name}", $"a secret doesn't belong into a file; write a reference to the environment, such as ${{{name}}}.");
        }

        return settings with { Learning = learning ?? LearningFields.Unsaid, Inputs = [.. settings.Inputs.Where(i => !string.IsNullOrWhiteSpace(i)).Select(i => Path.GetFullPath(i, workspace))] };
    }

    private static readonly string[] SecretNames = ["KEY", "TOKEN", "SECRET", "PASSWORD"];

    // A number of TOKENS, as in MAX_TOKENS, is what a model may use.
    private static bool IsSecret(string name, string value)
    {
        var read = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? name.Replace("TOKENS", "", StringComparison.OrdinalIgnoreCase) : name;
        return SecretNames.Any(n => read.Contains(n, StringComparison.OrdinalIgnoreCase));
    }
}
