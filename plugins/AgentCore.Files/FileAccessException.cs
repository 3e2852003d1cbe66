namespace AgentCore.Files;

/// <summary>A path that the tools may not touch, or that isn't there. The message is meant for the model that asked.</summary>
public sealed class FileAccessException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path as asked for.</param>
    /// <param name="reason">Why it is refused, and what to do.</param>
    public FileAccessException(string path, string reason)
        : base($"'{Shorten(path)}': {reason}") => Path = path;

    /// <summary>The path as asked for.</summary>
    public string Path { get; }

    private static string Shorten(string path)
    {
        var clean = string.Concat(path.Take(120).Select(c => char.IsControl(c) ? '?' : c));
        return path.Length > 120 ? clean + "…" : clean;
    }
}
