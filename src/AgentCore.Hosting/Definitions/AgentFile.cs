using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Agents;
using AgentCore.Learning;
using AgentCore.Plugins;
using AgentCore.Tools;

namespace AgentCore.Hosting.Definitions;

/// <summary>An agent's definition file, read and checked.</summary>
internal sealed class AgentFile
{
    private readonly FieldReader _reader;
    private readonly JsonObject _json;
    private readonly AgentKind _kind;
    private readonly string _path;

    private AgentFile(DefinitionFile file, string path, AgentMetadata metadata, AgentKind kind, JsonObject json, FieldReader reader)
    {
        File = file;
        _path = path;
        Metadata = metadata;
        _kind = kind;
        _json = json;
        _reader = reader;
        Learning = LearningFields.Read(json["learning"] as JsonObject);
    }

    public DefinitionFile File { get; }

    public AgentMetadata Metadata { get; }

    public string Kind => _kind.Name;

    public string? Model => (string?)_json["model"];

    /// <summary>How it learns from its errors; null where the file doesn't say.</summary>
    public LearningOptions? Learning { get; }

    /// <summary>The only tools that it sees; null for all that its capabilities allow.</summary>
    public IReadOnlyList<string>? ToolNames => _json["tools"] is JsonArray names ? [.. names.Select(n => (string)n!)] : null;

    /// <summary>Reads a file.</summary>
    /// <returns>Null where it has errors, which are added.</returns>
    public static AgentFile? Read(DefinitionFile file, IReadOnlyDictionary<string, AgentKind> kinds, List<DefinitionError> errors)
    {
        var before = errors.Count;
        if (YamlTree.Read(file.Shown, file.Text, errors) is not { } tree)
        {
            if (errors.Count == before)
                errors.Add(new DefinitionError(file.Shown, 1, 1, "", "it is empty; an agent needs at least instructions."));
            return null;
        }

        return Read(file, tree, "", kinds, errors);
    }

    /// <summary>Reads an agent within a file, such as a team's member.</summary>
    public static AgentFile? Read(DefinitionFile file, YamlValue tree, string path, IReadOnlyDictionary<string, AgentKind> kinds, List<DefinitionError> errors)
    {
        var before = errors.Count;
        var kind = KindOf(file, tree, kinds, errors);
        if (kind is null)
            return null;

        var reader = new FieldReader(file.Shown, errors);
        var json = reader.Object(tree, [.. AgentFields.Common, .. kind.Fields], path);
        var agent = new AgentFile(file, path, Describe(file, path, json, reader, errors), kind, json, reader);
        return errors.Count == before ? agent : null;
    }

    /// <summary>Why an agent or a team can't have a name; null where it can.</summary>
    public static string? NameProblem(string name) => string.IsNullOrWhiteSpace(name) ? "it is empty; give a name, or leave it out for the file's."
        : name.Length > 200 ? $"it has {name.Length} characters; a name has at most 200." : null;

    /// <summary>Says of each tool that it names and that isn't there.</summary>
    public void CheckTools(ToolRegistry tools, List<DefinitionError> errors)
    {
        for (var i = 0; ToolNames is { } names && i < names.Count; i++)
        {
            if (!tools.TryGet(names[i], out _))
                Add(errors, _reader, File.Shown, _path, $"tools[{i}]", new UnknownNameException("tool", names[i], tools.All.Select(t => t.Name)).Message);
        }
    }

    /// <summary>Makes the agent.</summary>
    /// <exception cref="DefinitionErrorsException">Its kind refuses the definition.</exception>
    public BaseAgent Create(AgentHost host, TimeProvider time, ErrorLearner learner, int? maxModelCalls)
    {
        var (tools, metadata) = Tools(host.Tools);
        var options = new AgentOptions
        {
            Tools = tools,
            Time = time,
            Timeout = _json["timeout"] is { } timeout ? TimeSpan.FromSeconds((double)timeout) : null,
            Retry = _json["retry"] is JsonObject retry ? Retry(retry) : null,
            Learner = learner,
        };
        var fields = _kind.Fields.Where(f => _json.ContainsKey(f.Name)).ToDictionary(f => f.Name, f => JsonSerializer.SerializeToElement(_json[f.Name]), StringComparer.Ordinal);
        if (maxModelCalls is { } most && _kind == AgentFields.Chat)
            fields["maxModelCalls"] = JsonSerializer.SerializeToElement(most);
        try
        {
            return _kind.Create(new AgentDefinition(metadata, _kind.Name, File.Folder, options) { Fields = fields }, host with { Tools = tools });
        }
        catch (DefinitionException e)
        {
            var errors = new List<DefinitionError>();
            Add(errors, _reader, File.Shown, _path, e.Field, PlainMessage.Of(e));
            throw new DefinitionErrorsException(errors);
        }
    }

    private (ToolRegistry, AgentMetadata) Tools(ToolRegistry all)
    {
        var own = new ToolRegistry();
        if (ToolNames is not { } names)
        {
            foreach (var tool in all.For(Metadata.Capabilities))
                own.Add(tool);
            return (own, Metadata);
        }

        var capabilities = new List<string>(Metadata.Capabilities);
        foreach (var name in names.Distinct())
        {
            if (!all.TryGet(name, out var tool))
                throw new UnknownNameException("tool", name, all.All.Select(t => t.Name));
            own.Add(tool);
            capabilities.AddRange(tool.Required);
        }

        return (own, Metadata with { Capabilities = new CapabilitySet(capabilities.Distinct()) });
    }

    private static RetryOptions Retry(JsonObject retry)
    {
        var options = new RetryOptions();
        if (retry["maxRetries"] is { } most)
            options = options with { MaxRetries = (int)most };
        if (retry["delay"] is { } delay)
            options = options with { Delay = TimeSpan.FromSeconds((double)delay) };
        return options;
    }

    private static AgentKind? KindOf(DefinitionFile file, YamlValue tree, IReadOnlyDictionary<string, AgentKind> kinds, List<DefinitionError> errors)
    {
        if (tree is not YamlMap map || map.Entries.FirstOrDefault(e => e.Key.Text == "kind").Value is not { } value)
            return AgentFields.Chat;
        if (value is YamlScalar scalar && kinds.TryGetValue(scalar.Text, out var kind))
            return kind;

        var name = (value as YamlScalar)?.Text ?? "";
        errors.Add(new DefinitionError(file.Shown, value.Line, value.Column, "kind",
            $"'{name}' is no kind of agent.{NearestName.Hint(name, kinds.Keys)} Choose one of: {string.Join(", ", kinds.Keys.Order(StringComparer.Ordinal))}."));
        return null;
    }

    private static AgentMetadata Describe(DefinitionFile file, string path, JsonObject json, FieldReader reader, List<DefinitionError> errors)
    {
        var name = (string?)json["name"] ?? file.Name;
        if (NameProblem(name) is { } problem)
        {
            Add(errors, reader, file.Shown, path, "name", problem);
            name = "unnamed";
        }

        var capabilities = new List<string>();
        foreach (var (capability, i) in (json["capabilities"] as JsonArray ?? []).Select((c, i) => ((string)c!, i)))
        {
            try
            {
                _ = new CapabilitySet([capability]);
                capabilities.Add(capability);
            }
            catch (ArgumentException e)
            {
                Add(errors, reader, file.Shown, path, $"capabilities[{i}]", PlainMessage.Of(e));
            }
        }

        return new AgentMetadata(name)
        {
            Description = (string?)json["description"] ?? "",
            Role = (string?)json["role"],
            Capabilities = new CapabilitySet(capabilities),
            DefinitionHash = file.Hash,
        };
    }

    private static void Add(List<DefinitionError> errors, FieldReader reader, string shown, string path, string field, string message)
    {
        var full = path.Length == 0 ? field : field.Length == 0 ? path : $"{path}.{field}";
        var (line, column) = reader.PlaceOf(full) ?? (1, 1);
        errors.Add(new DefinitionError(shown, line, column, full, message));
    }
}
