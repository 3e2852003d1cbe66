namespace AgentCore.Samples.Tests;

/// <summary>A C# block of a Markdown file. Its fence may say <c>csharp no-run</c> where running it needs a server or a key:
/// then it is only compiled.</summary>
internal sealed record Snippet(string File, int Line, string Code, bool Runs)
{
    public static IEnumerable<Snippet> In(string root)
    {
        var files = Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(root, "README.md"));
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var lines = System.IO.File.ReadAllLines(file);
            for (var i = 0; i < lines.Length; i++)
            {
                if (!lines[i].StartsWith("```csharp", StringComparison.Ordinal))
                    continue;

                var end = Array.FindIndex(lines, i + 1, l => l.StartsWith("```", StringComparison.Ordinal));
                yield return new Snippet(Path.GetRelativePath(root, file), i + 1, string.Join('\n', lines[(i + 1)..end]), !lines[i].Contains("no-run", StringComparison.Ordinal));
                i = end;
            }
        }
    }

    /// <summary>The repository's folder.</summary>
    public static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "AgentCore.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository: AgentCore.sln is in no folder above.");
        }
    }

    public override string ToString() => $"{File}:{Line}";
}
