namespace AgentCore.Text;

/// <summary>Reads the word lists that are embedded in this assembly.</summary>
internal static class TextResource
{
    /// <summary>A list's lines, without comments and empty ones.</summary>
    public static IEnumerable<string> Lines(string name)
    {
        using var stream = typeof(TextResource).Assembly.GetManifestResourceStream($"AgentCore.Text.{name}")
            ?? throw new InvalidOperationException($"The embedded word list '{name}' is missing from {typeof(TextResource).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#') yield return line;
    }
}
