using System.Runtime.Versioning;

namespace AgentCore.Hosting.Plugins;

/// <summary>Follows a path as the system does: part by part, each link from the folder that really holds it.</summary>
[UnsupportedOSPlatform("windows")]
internal static class LinkedPath
{
    // As many as Linux follows; more lead round in a circle.
    private const int MostLinks = 40;

    /// <summary>The files and folders on the way, from the root to the path's end, by their real paths, and how many parts of
    /// the way are left at each. A link that leads nowhere is told as it is.</summary>
    public static IEnumerable<(string Path, int Left)> Follow(string path)
    {
        var left = new Stack<string>();
        Push(left, path);
        var at = "/";
        var links = 0;
        yield return (at, left.Count);
        while (left.TryPop(out var part))
        {
            var next = part == ".." ? Path.GetDirectoryName(at) ?? at : Path.Combine(at, part);
            if (new FileInfo(next).LinkTarget is { } target && links++ < MostLinks)
            {
                Push(left, target);
                if (!Path.IsPathRooted(target))
                    continue;
                next = "/";
            }

            at = next;
            yield return (at, left.Count);
        }
    }

    /// <summary>Where a path really ends.</summary>
    public static string EndOf(string path) => Follow(path).Last().Path;

    private static void Push(Stack<string> left, string path)
    {
        foreach (var part in path.Split('/').Reverse().Where(p => p is not ("" or ".")))
            left.Push(part);
    }
}
