using System.Text.Json;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>Reads inventories: JSON lines, or one JSON array, with an agent's name, base class and methods.</summary>
/// <remarks>A method is a name, a signature in C# or Python style, or an object with name, parameters and returns.</remarks>
internal static class Inventory
{
    /// <summary>How an agent of an inventory was found.</summary>
    public const string Listed = "listed in the inventory";

    public static bool IsInventory(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".jsonl" or ".ndjson" or ".json";

    public static IEnumerable<ScannedAgent> Read(string path)
    {
        var planner = new BindingPlanner(null);
        return IsArray(path) ? ReadArray(path, planner) : ReadLines(path, planner);
    }

    private static IEnumerable<ScannedAgent> ReadLines(string path, BindingPlanner planner)
    {
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                yield return Read(Parse(line, $"{path}, line {number}"), $"{path}, line {number}", planner);
        }
    }

    private static IEnumerable<ScannedAgent> ReadArray(string path, BindingPlanner planner) =>
        Parse(File.ReadAllText(path), path).EnumerateArray().Select((json, i) => Read(json, $"{path}, entry {i + 1}", planner));

    private static bool IsArray(string path)
    {
        using var reader = File.OpenText(path);
        int next;
        while ((next = reader.Read()) >= 0 && char.IsWhiteSpace((char)next))
        {
        }

        return next == '[';
    }

    private static JsonElement Parse(string text, string where)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"{where}: not JSON: {e.Message}", e);
        }
    }

    private static ScannedAgent Read(JsonElement json, string where, BindingPlanner planner)
    {
        try
        {
            return ReadAgent(json, where, planner);
        }
        catch (InvalidOperationException e)
        {
            // A text with half a surrogate pair is JSON, but no text.
            throw new ArgumentException($"{where}: {e.Message}", e);
        }
    }

    private static ScannedAgent ReadAgent(JsonElement json, string where, BindingPlanner planner)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new ArgumentException($"{where}: an agent is an object with name, base and methods.");

        var name = Text(json, "type", "fullName", "class", "className", "name") ?? throw new ArgumentException($"{where}: 'name' is missing.");
        if (Text(json, "type", "fullName") is null && Text(json, "name") is { } plain)
            name = plain;
        var parent = Text(json, "base", "baseClass", "base_class", "bases");
        var methods = Find(json, "methods") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Select(m => Method(m, where)).ToList() : [];
        var shape = new AgentShape(name)
        {
            Name = name[(name.LastIndexOf('.') + 1)..],
            BaseName = parent,
            Bases = parent is null ? [] : [TypeText.Simple(parent[(parent.LastIndexOf('.') + 1)..])],
            Methods = methods,
        };
        return MigrationScanner.Describe(shape, MethodChooser.Choose(shape), planner, Listed, Text(json, "assembly"));
    }

    private static MethodShape Method(JsonElement json, string where)
    {
        if (json.ValueKind == JsonValueKind.String)
            return SignatureText.Parse(json.GetString()!);
        if (json.ValueKind != JsonValueKind.Object || Text(json, "name") is not { } name)
            throw new ArgumentException($"{where}: a method is a name, a signature, or an object with name, parameters and returns.");

        var parameters = Find(json, "parameters", "params", "args") is { ValueKind: JsonValueKind.Array } list
            ? string.Join(", ", list.EnumerateArray().Select(p => p.ValueKind == JsonValueKind.String
                ? p.GetString()
                : $"{Text(p, "type") ?? "object"} {Text(p, "name") ?? "value"}{(Find(p, "optional") is { ValueKind: JsonValueKind.True } ? " = default" : "")}"))
            : "";
        return SignatureText.Parse($"{Text(json, "returns", "returnType", "return") ?? "object"} {name}({parameters})");
    }

    private static string? Text(JsonElement json, params string[] names) => Find(json, names) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Array } list => list.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } first ? first.GetString() : null,
        _ => null,
    };

    private static JsonElement? Find(JsonElement json, params string[] names)
    {
        foreach (var name in names)
        {
            foreach (var property in json.EnumerateObject())
            {
                if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind != JsonValueKind.Null)
                    return property.Value;
            }
        }

        return null;
    }
}
