using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Bindings;

/// <summary>Agent names from class names: <c>WeatherAgent</c> is <c>weather</c>.</summary>
internal static class AgentNames
{
    public static string For(string className)
    {
        var words = Verbs.Words(className);
        if (words.Count > 1 && words[^1] == "agent")
            words.RemoveAt(words.Count - 1);
        return words.Count == 0 ? "agent" : string.Join('-', words);
    }
}
