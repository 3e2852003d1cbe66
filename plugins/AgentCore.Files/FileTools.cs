using System.ComponentModel;
using System.IO.Enumeration;
using System.Text;
using AgentCore.Text;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Files;

/// <summary>
/// The tools <c>files.list</c>, <c>files.search</c>, <c>files.read</c> and <c>files.write</c>, confined to the folders they were
/// given: no <c>..</c>, absolute path, symbolic link, device or pipe leads out of them.
/// </summary>
/// <remarks>Safe from any thread. The search index is built on the first search and again when a file has changed.</remarks>
public sealed class FileTools : IDisposable
{
    private const int MaxNamed = 50;
    private const int MaxListed = 500;
    private const int MaxLines = 400;
    private const int MaxLineChars = 4000;
    private const int MaxReadChars = 60_000;
    private const int MaxWriteChars = 4_000_000;

    private readonly FileToolsOptions _options;
    private readonly IReadOnlyList<FileRoot> _roots;
    private readonly FileRoot? _writeRoot;
    private readonly SemaphoreSlim _building = new(1, 1);
    private FileIndex? _index;

    /// <summary>Makes the tools.</summary>
    /// <param name="options">What they may touch.</param>
    /// <exception cref="ArgumentException">A root doesn't exist, or an option is out of range.</exception>
    public FileTools(FileToolsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _roots = FileRoot.Open(options.ReadRoots);
        if (options.WriteRoot is { } path)
        {
            _writeRoot = new FileRoot("", FileRoot.Resolve(path), false);
            if (File.Exists(_writeRoot.RealPath)) throw new ArgumentException($"FileToolsOptions.WriteRoot is '{path}', a file; name a folder.");
        }
        Tools = MakeTools();
    }

    /// <summary>The tools, each with the capability it needs. Reading is repeatable, writing is not.</summary>
    public IReadOnlyList<Tool> Tools { get; }

    /// <summary>Lists the files that may be read.</summary>
    /// <param name="pattern">A pattern for names with <c>*</c> and <c>?</c>; all files without one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    [Description("Lists the files that can be read and searched, with their sizes.")]
    public FileListing List(
        [Description("A pattern for file names with * and ?, such as *.md. Leave it out for all files.")] string? pattern = null,
        CancellationToken cancellationToken = default)
    {
        var catalog = FileCatalog.Take(_roots, _options, cancellationToken);
        var matching = catalog.Files
            .Where(file => string.IsNullOrWhiteSpace(pattern) || FileSystemName.MatchesSimpleExpression(pattern, file.Name) || FileSystemName.MatchesSimpleExpression(pattern, file.Parts.LastOrDefault(file.Name)))
            .ToList();
        return new FileListing([.. matching.Take(MaxListed).Select(file => new ListedFile(file.Name, file.Length))], matching.Count, [.. catalog.Skipped.Take(MaxNamed)]);
    }

    /// <summary>Finds passages about a question.</summary>
    /// <param name="query">A question or keywords.</param>
    /// <param name="limit">How many passages, 1 to 50; null for 10.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FileAccessException">The query is empty.</exception>
    [Description("Searches the text of all files for passages about a question or some keywords. Returns the best passages with file, line, heading, text and score.")]
    public async Task<SearchResult> SearchAsync(
        [Description("The question in plain words, or keywords.")] string query,
        [Description("How many passages to return, 1 to 50; 10 where it is left out.")] int? limit = null,
        CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(query)) throw new FileAccessException("", "the query is empty; give a question or keywords.");
        var index = await IndexAsync(cancellationToken).ConfigureAwait(false);
        var parsed = TextQuery.Parse(query);
        var found = index.Search(parsed, Math.Clamp(limit ?? 10, 1, 50), cancellationToken);
        var terms = parsed.Concepts.SelectMany(concept => concept.Variants).Select(variant => variant.Term).Distinct()
            .Select(term => new TermCount(term, index.DocumentFrequency(term))).ToList();
        return new SearchResult(query, found, terms, index.Files, index.Passages, [.. index.Skipped.Take(MaxNamed)], index.Skipped.Count);
    }

    /// <summary>Reads lines of a file.</summary>
    /// <param name="path">The file, as <see cref="List"/> names it.</param>
    /// <param name="startLine">The first line, from 1; null for 1.</param>
    /// <param name="endLine">The last line; null for the file's. At most 400 lines come at once.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="FileAccessException">The file may not be read, isn't there or isn't text.</exception>
    [Description("Reads lines of a file, with their line numbers.")]
    public FileText Read(
        [Description("The file, as files.list or files.search names it.")] string path,
        [Description("The first line to read; 1 where it is left out.")] int? startLine = null,
        [Description("The last line to read. At most 400 lines come at once.")] int? endLine = null,
        CancellationToken cancellationToken = default)
    {
        var (root, parts) = Find(path);
        var first = Math.Max(1, startLine ?? 1);
        var last = Math.Min(endLine ?? int.MaxValue, first + MaxLines - 1);
        using var handle = SafeFiles.OpenRead(root, parts);
        var reader = new LineReader();
        if (reader.Open(handle) is { } reason) throw new FileAccessException(path, $"it is {reason}.");

        var lines = new List<FileLine>();
        var (chars, cut, latin1, hasMore) = (0, false, false, false);
        while (reader.Next())
        {
            if ((reader.Number & 0xFFF) == 0) cancellationToken.ThrowIfCancellationRequested();
            if (reader.Number < first) continue;
            if (reader.Number > last || chars > MaxReadChars)
            {
                hasMore = true;
                break;
            }
            var text = reader.Text;
            cut |= text.Length > MaxLineChars || reader.IsCut;
            latin1 |= reader.IsLatin1;
            lines.Add(new FileLine(reader.Number, (text.Length > MaxLineChars ? text[..MaxLineChars] : text).ToString()));
            chars += Math.Min(text.Length, MaxLineChars);
        }
        var note = cut ? $"lines longer than {MaxLineChars} characters are cut" : latin1 ? "not UTF-8: read as Latin-1" : null;
        return new FileText(path, lines, hasMore, note);
    }

    /// <summary>Writes a text file below the write root, whole or not at all. The files that decide over a workspace's agents
    /// (<c>agentcore.yaml</c>, <c>agents/</c>, <c>teams/</c>, <c>config/</c>, <c>plugins/</c>, <c>checkpoints/</c>, <c>schemas/</c>) and names that begin with a dot are refused.</summary>
    /// <param name="path">Its path below the write root; folders are made.</param>
    /// <param name="content">Its text.</param>
    /// <exception cref="FileAccessException">It may not be written, or writing failed.</exception>
    [Description("Writes a text file in the workspace, replacing one of the same name.")]
    public WrittenFile Write(
        [Description("The file's path in the workspace, such as notes/summary.md.")] string path,
        [Description("The whole text of the file.")] string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (_writeRoot is null) throw new FileAccessException(path, "no folder may be written to.");
        if (content.Length > MaxWriteChars) throw new FileAccessException(path, $"the text has {content.Length} characters; the most is {MaxWriteChars}.");
        var parts = RelativePath.Parse(path);
        WorkspaceFiles.RefuseWrite(_writeRoot, parts);
        var bytes = Encoding.UTF8.GetBytes(content);
        SafeFiles.Write(_writeRoot, parts, bytes);
        return new WrittenFile(string.Join('/', parts), bytes.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _building.Dispose();

    private async Task<FileIndex> IndexAsync(CancellationToken cancellationToken)
    {
        await _building.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Reading a big folder takes seconds: not on the caller's thread, which may be one that must not block.
            return await Task.Run(() => Index(cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _building.Release();
        }
    }

    private FileIndex Index(CancellationToken cancellationToken)
    {
        var catalog = FileCatalog.Take(_roots, _options, cancellationToken);
        if (_index is null || _index.Stamp != catalog.Stamp)
        {
            _index = null;
            _index = FileIndex.Build(catalog, cancellationToken);
        }
        return _index;
    }

    private (FileRoot Root, string[] Parts) Find(string path)
    {
        var parts = RelativePath.Parse(path);
        foreach (var root in _roots)
        {
            var below = root.Name.Length == 0 ? parts : root.Name == parts[0] ? parts[1..] : null;
            if (below is null || root.IsFile != (below.Length == 0)) continue;
            // The root itself may have any name: the user gave it.
            WorkspaceFiles.RefuseRead(path, below);
            return (root, below);
        }
        throw new FileAccessException(path, "there is no such file; files.list names those there are.");
    }

    private List<Tool> MakeTools()
    {
        var reading = new ToolOptions { Capabilities = ["files.read"], Repeatable = true };
        var tools = new List<Tool>
        {
            new(Function(List, "files.list"), reading),
            new(Function(SearchAsync, "files.search"), reading),
            new(Function(Read, "files.read"), reading),
        };
        if (_writeRoot is not null) tools.Add(new(Function(Write, "files.write"), new ToolOptions { Capabilities = ["files.write"] }));
        return tools;
    }

    // An argument that may be left out may be null too: strict schemas require them all.
    private static AIFunction Function(Delegate method, string name) => AIFunctionFactory.Create(method, new AIFunctionFactoryOptions { Name = name });
}
