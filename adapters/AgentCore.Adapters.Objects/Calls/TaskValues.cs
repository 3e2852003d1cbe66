using System.Text.Json;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Calls;

/// <summary>Reads named values from a task: from its data, or from its text where that is a JSON object.</summary>
internal static class TaskValues
{
    /// <summary>The value of a name, however its words are written: <c>userId</c>, <c>user_id</c>, <c>UserID</c>.</summary>
    public static bool TryGet(AgentTask task, string name, out JsonElement value)
    {
        if (task.Data.TryGetValue(name, out value))
            return true;
        foreach (var (key, found) in task.Data)
        {
            if (Same(key, name))
            {
                value = found;
                return true;
            }
        }

        return InputObject(task) is { } json && TryGet(json, name, out value);
    }

    public static bool TryGet(JsonElement json, string name, out JsonElement value)
    {
        if (json.TryGetProperty(name, out value))
            return true;
        foreach (var property in json.EnumerateObject())
        {
            if (Same(property.Name, name))
            {
                value = property.Value;
                return true;
            }
        }

        return false;
    }

    /// <summary>The task's text as a JSON object; null where it is none.</summary>
    public static JsonElement? InputObject(AgentTask task) => Input(task, '{');

    /// <summary>The task's text as JSON that begins so; null where it isn't.</summary>
    public static JsonElement? Input(AgentTask task, char opening)
    {
        var text = task.Input.AsSpan().TrimStart();
        if (text.IsEmpty || text[0] != opening)
            return null;
        try
        {
            return JsonElement.Parse(task.Input);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static bool Same(string a, string b) =>
        string.Equals(a, b, StringComparison.OrdinalIgnoreCase) || string.Concat(Verbs.Words(a)) == string.Concat(Verbs.Words(b));
}
