using System.Text;

namespace AgentCore.Files;

/// <summary>Checks a path that a model gave, before anything on the disk is touched.</summary>
internal static class RelativePath
{
    private const int MaxLength = 1024;
    private const int MaxPart = 255;
    private const int MaxParts = 64;

    /// <summary>Splits a relative path into its parts.</summary>
    /// <exception cref="FileAccessException">It is absolute, leaves its root, or holds what no honest name does.</exception>
    public static string[] Parse(string? path)
    {
        if (string.IsNullOrWhiteSpace(path)) throw new FileAccessException(path ?? "", "the path is empty; give one as files.list names it.");
        if (path.Length > MaxLength) throw new FileAccessException(path, $"the path has {path.Length} characters; the most is {MaxLength}.");
        if (path.Any(c => char.IsControl(c) || IsInvisible(c))) throw new FileAccessException(path, "the path holds control or invisible characters.");
        if (path[0] is '/' or '\\' or '~' || path.Contains(':', StringComparison.Ordinal) && (OperatingSystem.IsWindows() || path.Length > 1 && path[1] == ':' || path.Contains("://", StringComparison.Ordinal)))
            throw new FileAccessException(path, "absolute paths are refused; give the path as files.list names it.");

        var separators = OperatingSystem.IsWindows() ? ['/', '\\'] : new[] { '/' };
        var parts = path.Split(separators).Where(part => part is not ("" or ".")).ToArray();
        if (parts.Length is 0 or > MaxParts) throw new FileAccessException(path, $"the path must have 1 to {MaxParts} parts.");
        foreach (var part in parts)
        {
            if (part.Trim() == ".." || part.Contains("..\\", StringComparison.Ordinal) || part.Contains("\\..", StringComparison.Ordinal))
                throw new FileAccessException(path, "'..' is refused; give the path as files.list names it.");
            if (Encoding.UTF8.GetByteCount(part) > MaxPart) throw new FileAccessException(path, $"a name in it is longer than {MaxPart} bytes.");
            if (LooksLikeDots(part)) throw new FileAccessException(path, "characters that look like '..' are refused.");
            if (OperatingSystem.IsWindows() && (part.EndsWith('.') || part.EndsWith(' ') || part.IndexOfAny(['<', '>', '"', '|', '?', '*']) >= 0))
                throw new FileAccessException(path, "the name isn't valid on Windows.");
        }
        return parts;
    }

    private static bool IsInvisible(char c) => c is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2069') or '\uFEFF';

    // Full-width and one-dot-leader characters that some file systems normalise to dots.
    private static bool LooksLikeDots(string part) => part.Length <= 3 && part.All(c => c is '.' or '\uFF0E' or '\u2024' or '\u2025' or '\u2026') && part.Any(c => c != '.');
}
