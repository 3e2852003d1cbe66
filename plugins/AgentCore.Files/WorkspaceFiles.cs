using System.Text.RegularExpressions;

namespace AgentCore.Files;

/// <summary>
/// What decides over a workspace's agents: their definitions and rights, the rules for approvals, plugins, and the runs. Whoever
/// writes them grants himself what he likes, so no tool does.
/// </summary>
internal static partial class WorkspaceFiles
{
    private const string Settings = "agentcore.yaml";
    private const string Runs = "checkpoints";
    private static readonly string[] Names = [Settings, "agents", "teams", "config", "plugins", Runs, "schemas"];

    /// <summary>Refuses to write such a file. The root is taken for a workspace, and so is a folder below it that looks like one.</summary>
    /// <exception cref="FileAccessException">It is one.</exception>
    public static void RefuseWrite(FileRoot root, string[] parts)
    {
        var folder = root.RealPath;
        for (var i = 0; i < parts.Length; i++)
        {
            if (IsHidden(parts[i]) || IsShort(parts[i]) || ((i == 0 || IsWorkspace(folder)) && Names.Contains(Plain(parts[i]), StringComparer.OrdinalIgnoreCase)))
            {
                throw new FileAccessException(string.Join('/', parts),
                    $"a workspace's own files can't be written by a tool: {Settings}, {string.Join(", ", Names[1..].Select(name => name + "/"))} and names that begin with a dot or look like NAME~1. Choose another name, such as notes/summary.md.");
            }
            folder = Path.Combine(folder, parts[i]);
        }
    }

    /// <summary>Whether a file or folder of this name is neither listed nor searched nor read: keys are kept in files such as .env and .git/config.</summary>
    public static bool IsUnread(string name) => IsHidden(name) || (OperatingSystem.IsWindows() && IsShort(name));

    /// <summary>Refuses to read what isn't listed or searched either.</summary>
    /// <param name="path">The path as asked for.</param>
    /// <param name="below">Its parts below the root.</param>
    /// <exception cref="FileAccessException">A part of the path begins with a dot.</exception>
    public static void RefuseRead(string path, string[] below)
    {
        if (Array.Exists(below, IsUnread))
            throw new FileAccessException(path, "names that begin with a dot can't be read by a tool; files.list names those that can.");
    }

    private static bool IsWorkspace(string folder) => File.Exists(Path.Combine(folder, Settings)) || Directory.Exists(Path.Combine(folder, Runs, "runs"));

    private static bool IsHidden(string name) => name.StartsWith('.');

    // A file system with short names knows .env as ENV~1 too, and agentcore.yaml as AGENTC~1.YAM.
    private static bool IsShort(string name) => ShortName().IsMatch(name);

    // Letters that a file system may hold to be the same, beside those in upper and lower case.
    private static string Plain(string name) => name.Replace('\u017F', 's').Replace('\u212A', 'k').Replace("\uFB01", "fi", StringComparison.Ordinal);

    [GeneratedRegex(@"^[^.~]{1,6}~[0-9]{1,6}(\.[^.]{0,3})?$", RegexOptions.CultureInvariant)]
    private static partial Regex ShortName();
}
