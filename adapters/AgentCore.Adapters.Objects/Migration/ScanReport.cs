using System.Text.Json;
using System.Text.Json.Serialization;
using AgentCore.Adapters.Objects.Bindings;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>An agent class that a scan found.</summary>
public sealed record ScannedAgent
{
    /// <summary>The agent's name, unique in the report.</summary>
    public required string Name { get; init; }

    /// <summary>The class, with its namespace.</summary>
    public required string Type { get; init; }

    /// <summary>The assembly's path; null for a line of an inventory.</summary>
    public string? Assembly { get; init; }

    /// <summary>The base class; null for none.</summary>
    public string? Base { get; init; }

    /// <summary>How much it takes to wrap it.</summary>
    public required AgentClass Class { get; init; }

    /// <summary>Why this class.</summary>
    public required string Why { get; init; }

    /// <summary>Why it is taken for an agent.</summary>
    public string? FoundBy { get; init; }

    /// <summary>What it can do.</summary>
    public IReadOnlyList<string> Abilities { get; init; } = [];

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The starting binding; its gaps are named.</summary>
    public required ObjectBinding Binding { get; init; }

    /// <summary>The signatures of its methods.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];
}

/// <summary>What a scan found.</summary>
public sealed partial record ScanReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Line = new(Json) { WriteIndented = false };

    /// <summary>The agents, by class and name.</summary>
    public required IReadOnlyList<ScannedAgent> Agents { get; init; }

    /// <summary>How many types were looked at.</summary>
    public int TypesSeen { get; init; }

    /// <summary>The assemblies that were scanned.</summary>
    public IReadOnlyList<string> Assemblies { get; init; } = [];

    /// <summary>Assemblies that are referred to and missing.</summary>
    public IReadOnlyList<string> MissingDependencies { get; init; } = [];

    /// <summary>Files and types that could not be read, with the reason.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>How many agents are of each class.</summary>
    public IReadOnlyDictionary<AgentClass, int> Counts =>
        Enum.GetValues<AgentClass>().ToDictionary(c => c, c => Agents.Count(a => a.Class == c));

    /// <summary>The report as one JSON document.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            typesSeen = TypesSeen,
            agents = Agents.Count,
            counts = Counts,
            assemblies = Assemblies,
            missingDependencies = MissingDependencies,
            problems = Problems,
            found = Agents.Select(a => new
            {
                a.Name,
                a.Type,
                a.Base,
                a.Assembly,
                a.Class,
                a.Why,
                a.FoundBy,
                method = a.Binding.Method,
                arguments = a.Binding.Arguments,
                construct = a.Binding.Construct,
                result = a.Binding.Result,
                a.Abilities,
                gaps = a.Binding.Gaps,
                a.Problems,
            }),
        }, Json);

    /// <summary>The inventory: one JSON line an agent, with its name, base class and methods. A scan reads it again.</summary>
    public string ToInventory() => string.Concat(Agents.Select(a => JsonSerializer.Serialize(
        new { name = a.Name, type = a.Type, assembly = a.Assembly, baseClass = a.Base, @class = a.Class, methods = a.Methods }, Line) + "\n"));
}
