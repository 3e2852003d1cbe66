namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>What names and marks say of a method, beside its verb.</summary>
internal static class MethodNames
{
    // RunToolAsync, SendHeartbeat: parts of the work; OnGameStarted(game): told, not asked.
    private static readonly string[] Parts = ["error", "tool", "exception", "heartbeat", "event", "callback", "health", "command", "function", "config", "log", "status", "batch"];
    private static readonly string[] Ends = ["file", "title", "started", "ended", "finished", "outcome", "outcomes", "changed", "joined", "connected"];

    /// <summary>What follows the verb names a part of the work, and not the work.</summary>
    public static bool IsPart(string rest) =>
        Array.Exists(Parts, part => rest.Contains(part, StringComparison.Ordinal)) || Array.Exists(Ends, end => rest.EndsWith(end, StringComparison.Ordinal)) || rest is "all";

    /// <summary>ChooseMove, TakeTurn, NextAction: what players are asked.</summary>
    public static bool IsMove(string name) => Verbs.Words(name).Exists(word => word is "move" or "turn" or "action" or "bid" or "shot" or "guess");

    /// <summary>A text that says where something stands, and not what it says.</summary>
    public static bool IsPath(ParameterShape p) => p.Kind == ArgumentKind.Text && Verbs.Words(p.Name) is [.., "path" or "file" or "filename" or "folder" or "directory"];

    /// <summary>[Function]: what a host calls to reach the agent.</summary>
    public static bool IsTrigger(MethodShape m)
    {
        try
        {
            return m.IsStatic && m.Source?.GetCustomAttributesData().Any(a => a.AttributeType.Name is "FunctionAttribute" or "FunctionNameAttribute") == true;
        }
        catch (Exception e) when (Inheritance.IsMissing(e))
        {
            return false;
        }
    }
}
