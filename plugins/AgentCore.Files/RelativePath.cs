using System.Text;

namespace AgentCore.Files;

/// <summary>Checks a path that a model gave, before anything on the disk is touched.</summary>
internal static class RelativePath
{
    private const int MaxLength = 1024;
    private const int MaxPart = 255;
    private const int MaxParts = 64;

    private static readonly char[] Separators = OperatingSystem.IsWindows() ? ['/', '\\'] : ['/'];

    /// <summary>Splits a relative path into its parts.</summary>
    /// <exception cref="FileAccessException">It is absolute, leaves its root, or holds what no honest name does.</exception>
    public static string[] Parse(string? path)
    {
        path ??= "";
        return Refusal(path) is { } reason ? throw new FileAccessException(path, reason) : Split(path);
    }

    /// <summary>Why <see cref="Parse"/> refuses a path; null where it doesn't.</summary>
    public static string? Refusal(string path)
    {
        if (string.IsNullOrWhiteSpace(path)) return "the path is empty; give one as files.list names it.";
        if (path.Length > MaxLength) return $"the path has {path.Length} characters; the most is {MaxLength}.";
        for (var i = 0; i < path.Length; i++)
            if (char.IsControl(path[i]) || (IsInvisible(path[i]) && !Joiners.Joins(path, i))) return "the path holds control or invisible characters.";
        if (IsAbsolute(path)) return "absolute paths are refused; give the path as files.list names it.";

        var parts = Split(path);
        if (parts.Length is 0 or > MaxParts) return $"the path must have 1 to {MaxParts} parts.";
        return parts.Select(PartRefusal).FirstOrDefault(reason => reason is not null);
    }

    private static string[] Split(string path) => path.Split(Separators).Where(part => part is not ("" or ".")).ToArray();

    // A name may begin with a tilde or a letter and a colon; a home folder or a drive has its separator after them.
    private static bool IsAbsolute(string path) => path switch
    {
        ['/' or '\\', ..] or ['~'] or ['~', '/' or '\\', ..] => true,
        [var drive, ':', .. var rest] when char.IsAsciiLetter(drive) && rest is "" or ['/' or '\\', ..] => true,
        _ => path.Contains("://", StringComparison.Ordinal) || (OperatingSystem.IsWindows() && path.Contains(':', StringComparison.Ordinal)),
    };

    private static string? PartRefusal(string part)
    {
        if (part.Trim() == ".." || part.Contains("..\\", StringComparison.Ordinal) || part.Contains("\\..", StringComparison.Ordinal))
            return "'..' is refused; give the path as files.list names it.";
        if (Encoding.UTF8.GetByteCount(part) > MaxPart) return $"a name in it is longer than {MaxPart} bytes.";
        if (LooksLikeDots(part)) return "characters that look like '..' are refused.";
        if (OperatingSystem.IsWindows() && (part.EndsWith('.') || part.EndsWith(' ') || part.IndexOfAny(['<', '>', '"', '|', '?', '*']) >= 0))
            return "the name isn't valid on Windows.";
        return null;
    }

    private static bool IsInvisible(char c) => c is (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u2069') or '\uFEFF';

    // Full-width and one-dot-leader characters that some file systems normalise to dots.
    private static bool LooksLikeDots(string part) => part.Length <= 3 && part.All(c => c is '.' or '\uFF0E' or '\u2024' or '\u2025' or '\u2026') && part.Any(c => c != '.');
}
