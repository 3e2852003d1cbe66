namespace AgentCore.Files;

/// <summary>One file or folder that the tools were given, by its real path, and the name it goes by in tool results.</summary>
/// <param name="Name">The first part of its files' names; empty where it is the only root.</param>
/// <param name="RealPath">Its absolute path, with symbolic links followed: the user chose it, so its own links are trusted.</param>
/// <param name="IsFile">Whether it is a single file.</param>
internal sealed record FileRoot(string Name, string RealPath, bool IsFile)
{
    /// <summary>Takes the roots as the user gave them.</summary>
    /// <exception cref="ArgumentException">One doesn't exist.</exception>
    public static IReadOnlyList<FileRoot> Open(IEnumerable<string> paths)
    {
        var real = paths.Select(path => Resolve(path)).Distinct(StringComparer.Ordinal).ToList();
        if (real.Count == 1) return [new FileRoot(File.Exists(real[0]) ? Path.GetFileName(real[0]) : "", real[0], File.Exists(real[0]))];
        var roots = new List<FileRoot>();
        foreach (var path in real)
        {
            var plain = Path.GetFileName(path.TrimEnd('/', '\\')) is { Length: > 0 } last ? last : "root";
            var name = plain;
            for (var n = 2; roots.Exists(root => string.Equals(root.Name, name, StringComparison.OrdinalIgnoreCase)); n++)
                name = File.Exists(path) ? $"{Path.GetFileNameWithoutExtension(plain)}-{n}{Path.GetExtension(plain)}" : $"{plain}-{n}";
            roots.Add(new FileRoot(name, path, File.Exists(path)));
        }
        return roots;
    }

    /// <summary>Resolves a path with every symbolic link in it.</summary>
    /// <exception cref="ArgumentException">It doesn't exist, or its links run in a circle.</exception>
    public static string Resolve(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new ArgumentException("An input path is empty; name a file or a folder.");
        var full = Path.GetFullPath(path);
        for (var links = 0; links < 40; links++)
        {
            var next = FollowFirstLink(full);
            if (next is null)
            {
                if (File.Exists(full) || Directory.Exists(full)) return Path.TrimEndingDirectorySeparator(full);
                throw new ArgumentException($"The input '{path}' doesn't exist; name a file or a folder that does.");
            }
            full = next;
        }
        throw new ArgumentException($"The input '{path}' is a circle of symbolic links; name a file or a folder.");
    }

    private static string? FollowFirstLink(string full)
    {
        var at = Path.GetPathRoot(full) ?? "";
        var parts = full[at.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < parts.Length; i++)
        {
            var here = Path.Combine(at, parts[i]);
            if (new FileInfo(here).LinkTarget is { } target)
                return Path.GetFullPath(Path.Combine([Path.GetFullPath(target, at), .. parts[(i + 1)..]]));
            at = here;
        }
        return null;
    }
}
