using System.Text.Json;
using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Runner.Migration;

/// <summary>A class of an inventory whose Python source is there.</summary>
/// <param name="Name">What the inventory calls it.</param>
/// <param name="File">The source.</param>
internal sealed record PythonListing(string Name, string File)
{
    /// <summary>The class's own name.</summary>
    public string Class => Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>Those entries of an inventory that name a Python file or module beside it. What is no JSON is for the scan to tell.</summary>
    public static IEnumerable<PythonListing> Read(string inventory)
    {
        if (!Inventory.IsInventory(inventory) || !System.IO.File.Exists(inventory))
            return [];
        var text = System.IO.File.ReadAllText(inventory);
        var entries = text.AsSpan().TrimStart().StartsWith("[") ? Parse(text) is { ValueKind: JsonValueKind.Array } all ? [.. all.EnumerateArray()] : [] : text.Split('\n').Select(Parse).ToList();
        var folder = Path.GetDirectoryName(Path.GetFullPath(inventory))!;
        return entries.Select(e => Of(e, folder)).OfType<PythonListing>();
    }

    private static PythonListing? Of(JsonElement entry, string folder)
    {
        var name = Text(entry, "type") ?? Text(entry, "name");
        var file = Text(entry, "file") ?? Text(entry, "assembly");
        if (file is null && Text(entry, "module") is { } module && Path.Combine(folder, module.Replace('.', Path.DirectorySeparatorChar)) is var stem)
            file = System.IO.File.Exists(stem + ".py") ? stem + ".py" : Path.Combine(stem, "__init__.py");
        if (name is null || file is null || !file.EndsWith(".py", StringComparison.OrdinalIgnoreCase))
            return null;
        file = Path.GetFullPath(Path.Combine(folder, file));
        return System.IO.File.Exists(file) ? new PythonListing(name, file) : null;
    }

    private static string? Text(JsonElement entry, string field) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
