using System.Runtime.Versioning;

namespace AgentCore.Hosting.Plugins;

/// <summary>Finds what other users of the machine may change of a plugin: its file, the files and folders beside it (they are
/// loaded with it), all folders above, and what links among these lead to.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class OthersAccess
{
    private readonly HashSet<(string Path, bool StickyHelps)> _seen = [];
    private readonly HashSet<string> _walked = new(StringComparer.Ordinal);

    /// <summary>What others may change; null where there is nothing.</summary>
    /// <param name="plugin">The plugin's file.</param>
    /// <param name="plugins">The folder of all plugins.</param>
    /// <exception cref="UnauthorizedAccessException">A folder can't be read.</exception>
    public static string? Find(string plugin, string plugins)
    {
        var access = new OthersAccess();
        return access.OnTheWay(plugin) ?? access.OnTheWay(plugins) ?? access.Below(LinkedPath.EndOf(Path.GetDirectoryName(plugin)!));
    }

    private string? OnTheWay(string path)
    {
        foreach (var (at, left) in LinkedPath.Follow(path))
        {
            // For a thing and the folder that holds it a sticky folder helps nothing, as others may put files into it.
            var stickyHelps = left > 1;
            if (_seen.Add((at, stickyHelps)) && IsOpen(at, stickyHelps))
                return at;
        }

        return null;
    }

    private string? Below(string folder)
    {
        if (!_walked.Add(folder))
            return null;

        foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
        {
            if (OnTheWay(entry) is { } open)
                return open;
            if (Directory.Exists(entry) && Below(LinkedPath.EndOf(entry)) is { } within)
                return within;
        }

        return null;
    }

    private static bool IsOpen(string path, bool stickyHelps)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            return mode.HasFlag(UnixFileMode.OtherWrite) && !(stickyHelps && mode.HasFlag(UnixFileMode.StickyBit));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A link to nothing: nothing of it is loaded.
            return false;
        }
    }
}
