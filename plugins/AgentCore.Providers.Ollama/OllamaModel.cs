using System.Text.Json;
using AgentCore.Providers.OpenAI;

namespace AgentCore.Providers.Ollama;

/// <summary>A model that the server has.</summary>
/// <param name="Name">Its name with tag, as <c>ollama list</c> shows it.</param>
/// <param name="Capabilities">What the server says it can do, such as <c>completion</c>, <c>tools</c>, <c>vision</c>; null where the
/// server does not say.</param>
internal sealed record OllamaModel(string Name, IReadOnlySet<string>? Capabilities)
{
    /// <summary>Whether it can chat; one that only embeds can't.</summary>
    public bool CanChat => Capabilities?.Contains("completion") ?? true;

    /// <summary>Whether it can call tools; null where the server does not say.</summary>
    public bool? CanCallTools => Capabilities?.Contains("tools");

    /// <summary>Reads the answer of <c>/api/tags</c>.</summary>
    public static List<OllamaModel> ReadList(JsonElement root) =>
        [.. root.Items("models").Select(Read).OfType<OllamaModel>()];

    /// <summary>Reads the capabilities in the answer of <c>/api/show</c>; older servers give none.</summary>
    public static IReadOnlySet<string>? ReadCapabilities(JsonElement root) => root.Get("capabilities") is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.String).Select(c => WireText.Read(c)).ToHashSet(StringComparer.Ordinal)
        : null;

    private static OllamaModel? Read(JsonElement model) =>
        (model.Text("name") ?? model.Text("model")) is { } name && !string.IsNullOrWhiteSpace(name) ? new OllamaModel(name, ReadCapabilities(model)) : null;
}
