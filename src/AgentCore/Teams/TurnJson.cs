using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Text;

namespace AgentCore.Teams;

/// <summary>A turn's answer as JSON: its data, or the object that its text holds.</summary>
internal static class TurnJson
{
    public static bool TryRead(TeamTurn turn, out JsonElement element)
    {
        element = turn.Data switch
        {
            null => default,
            JsonElement data => data,
            var data => JsonSerializer.SerializeToElement(data, data.GetType(), AgentJson.Options),
        };
        return element.ValueKind != JsonValueKind.Undefined || TryRead(turn.Text, out element);
    }

    /// <summary>Reads the JSON object in a text: the text itself, a fenced block of it, or from the first brace to the last.</summary>
    public static bool TryRead(string text, out JsonElement element)
    {
        element = default;
        var start = text.IndexOf('{', StringComparison.Ordinal);
        var end = text.LastIndexOf('}');
        if (start < 0 || end < start)
            return false;

        try
        {
            element = WholeJson.Of(JsonSerializer.Deserialize<JsonElement>(text.AsSpan(start, end - start + 1)));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads the JSON object in a text as a type.</summary>
    public static bool TryRead<T>(string text, [NotNullWhen(true)] out T? value, out string problem)
    {
        value = default;
        problem = "it holds no JSON object.";
        if (!TryRead(text, out var element))
            return false;

        try
        {
            value = element.Deserialize<T>(AgentJson.Options);
            return value is not null;
        }
        catch (JsonException e)
        {
            problem = e.Message;
            return false;
        }
    }
}
