namespace AgentCore.Files;

/// <summary>How a file's text is laid out.</summary>
internal enum Markup
{
    Plain,
    Markdown,
    ReStructuredText,
    AsciiDoc,
    Code,
}

/// <summary>What is known of a file from its name: its markup, and how often such a file answers a question.</summary>
internal readonly record struct FileKind(Markup Markup, double Prior)
{
    private const double Seldom = 0.6;
    private const double Sometimes = 0.85;
    private const double MadeFromOthers = 0.8;

    private static readonly HashSet<string> Code = new(StringComparer.OrdinalIgnoreCase)
    {
        ".py", ".js", ".ts", ".jsx", ".tsx", ".mjs", ".cs", ".java", ".go", ".rs", ".c", ".h", ".cpp", ".hpp", ".rb", ".php", ".sh", ".ps1", ".bat",
        ".css", ".scss", ".less", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".xml", ".sql", ".lua", ".pl", ".swift", ".kt", ".svg",
        ".csv", ".tsv", ".lock", ".mk", ".cmake", ".html", ".htm", ".vue", ".svelte", ".in", ".po", ".pot", ".map",
    };

    private static readonly string[] Records = ["change", "news", "history", "release", "relnotes", "whatsnew", "licen", "copying", "authors", "contribut", "code_of_conduct", "code-of-conduct", "changelog", "blog", "announcement", "legal", "test", "spec", "example", "migrat", "upgrad", "deprecat"];

    /// <summary>Judges a file by its relative path.</summary>
    public static FileKind Of(string name)
    {
        var extension = Path.GetExtension(name);
        // "usage.rst.inc" is included into other text, and laid out as it.
        if (extension is ".inc" or ".txt" or ".in" && Path.GetExtension(name[..^extension.Length]) is { Length: > 1 } inner) extension = inner;
        var markup = extension.ToLowerInvariant() switch
        {
            ".md" or ".markdown" or ".mdx" or ".mkd" or ".qmd" or ".rmd" => Markup.Markdown,
            ".rst" or ".rest" => Markup.ReStructuredText,
            ".adoc" or ".asciidoc" or ".asc" => Markup.AsciiDoc,
            _ when Code.Contains(extension) => Markup.Code,
            _ => Markup.Plain,
        };
        // Manual pages are mostly made from the sources of other text here.
        if (extension.Length == 2 && char.IsAsciiDigit(extension[1])) return new FileKind(markup, MadeFromOthers);
        if (markup == Markup.Code) return new FileKind(markup, Seldom);
        foreach (var part in name.Split('/'))
            foreach (var record in Records)
                if (part.StartsWith(record, StringComparison.OrdinalIgnoreCase)) return new FileKind(markup, record is "example" or "spec" or "test" ? Sometimes : Seldom);
        return new FileKind(markup, 1);
    }
}
