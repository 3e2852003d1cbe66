using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentCore.Offline;

/// <summary>JSON whose strings can all be read. Half of a surrogate pair, which tools and models write that cut within a
/// character, is JSON but no text: it becomes U+FFFD.</summary>
internal static partial class JsonText
{
    /// <summary>The same JSON with whole characters.</summary>
    public static JsonElement Whole(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Undefined) return json;
        var raw = json.GetRawText();
        var whole = Escape().Replace(raw, escape => escape.Groups["half"].Success ? @"\ufffd" : escape.Value);
        return whole == raw ? json : JsonSerializer.Deserialize<JsonElement>(whole);
    }

    /// <summary>A value as text; a JSON string without its quotes.</summary>
    public static string? Of(object? value) => value is JsonElement json ? Whole(json).ToString() : value?.ToString();

    [GeneratedRegex(@"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|(?<half>\\u[dD][89a-fA-F]\w\w)|\\.")]
    private static partial Regex Escape();
}
