namespace AgentCore.Tools;

/// <summary>Names of tools as models may return them. Some providers allow no dots in a function's name.</summary>
internal static class ToolNames
{
    /// <summary>The registry's name for one that a provider wrote with <c>__</c> in place of dots.</summary>
    public static string FromModel(string name) => name.Replace("__", ".", StringComparison.Ordinal);
}
