namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Reads from an agent's members what it can do.</summary>
internal static class AbilityFinder
{
    public static IReadOnlyList<string> Find(AgentShape shape, MethodChoice choice)
    {
        var found = new List<string>();
        if (choice.Method is not null)
            found.Add("execution");
        if (Any(shape, "tool", "function", "plugin", "skill"))
            found.Add("tools");
        if (Any(shape, "memory", "history", "remember", "recall", "knowledge"))
            found.Add("memory");
        if (shape.Events.Count > 0 || Any(shape, "publish", "subscribe", "broadcast", "sendmessage", "onmessage", "handlemessage", "mailbox"))
            found.Add("messaging");
        if (shape.Methods.Any(m => m.Return.Kind is ResultKind.AsyncStream or ResultKind.Observable || m.Parameters.Any(p => p.Kind.IsReplyChannel())))
            found.Add("streaming");
        if (choice.Lifecycle.Save is not null && choice.Lifecycle.Load is not null)
            found.Add("state");
        if (choice.Lifecycle.Any)
            found.Add("lifecycle");
        return found;
    }

    private static bool Any(AgentShape shape, params string[] words) =>
        shape.Methods.Any(m => Says(m.Name, words)) || shape.Properties.Any(p => Says(p.Name, words) || Says(p.TypeName, words));

    private static bool Says(string name, string[] words) => Array.Exists(words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
