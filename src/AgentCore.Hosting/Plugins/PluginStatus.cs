namespace AgentCore.Hosting.Plugins;

/// <summary>A plugin that was found, and whether it was loaded.</summary>
/// <param name="Name">Its name, or its file's where it was not loaded.</param>
/// <param name="Version">Its assembly's version.</param>
/// <param name="Path">Its file.</param>
/// <param name="FromWorkspace">Whether it is in the workspace's <c>plugins</c> folder rather than part of the program.</param>
/// <param name="Refused">Why it was not loaded, and what to do; null where it was.</param>
public sealed record PluginStatus(string Name, string Version, string Path, bool FromWorkspace, string? Refused)
{
    /// <summary>Whether it was loaded.</summary>
    public bool IsLoaded => Refused is null;
}
