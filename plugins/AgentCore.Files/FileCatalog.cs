namespace AgentCore.Files;

/// <summary>A file below a root.</summary>
/// <param name="Name">Its name in tool results: the root's name, where there are several, and its path below, with slashes.</param>
/// <param name="Root">The root.</param>
/// <param name="Parts">Its path below the root.</param>
/// <param name="Length">Its size, in bytes.</param>
/// <param name="Stamp">When it was written, in UTC ticks.</param>
internal sealed record CatalogFile(string Name, FileRoot Root, string[] Parts, long Length, long Stamp);

/// <summary>A file that is not searched, or only in part, and why.</summary>
/// <param name="File">Its name.</param>
/// <param name="Reason">Why.</param>
public sealed record SkippedFile(string File, string Reason);

/// <summary>The files below the roots at one moment, in order of name, and those left out.</summary>
internal sealed class FileCatalog
{
    private const int MaxDepth = 48;
    private static readonly EnumerationOptions Entries = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = false };
    private static readonly string[] Unread = ["node_modules", "bower_components", "__pycache__"];

    private readonly FileToolsOptions _options;
    private long _bytes;
    private bool _countsTextOnly;

    private FileCatalog(FileToolsOptions options) => _options = options;

    /// <summary>The files.</summary>
    public List<CatalogFile> Files { get; } = [];

    /// <summary>What was left out.</summary>
    public List<SkippedFile> Skipped { get; } = [];

    /// <summary>A number that changes when a file is added, removed or written.</summary>
    public long Stamp { get; private set; }

    /// <summary>Looks at the disk.</summary>
    public static FileCatalog Take(IEnumerable<FileRoot> roots, FileToolsOptions options, CancellationToken cancellationToken)
    {
        var catalog = new FileCatalog(options);
        foreach (var root in roots)
        {
            if (root.IsFile) catalog.AddRootFile(root, new FileInfo(root.RealPath));
            else catalog.AddFolder(root, [], new DirectoryInfo(root.RealPath), cancellationToken);
        }
        var stamp = new HashCode();
        foreach (var file in catalog.Files)
        {
            stamp.Add(file.Name, StringComparer.Ordinal);
            stamp.Add(file.Length);
            stamp.Add(file.Stamp);
        }
        catalog.Stamp = ((long)catalog.Files.Count << 32) ^ (uint)stamp.ToHashCode();
        return catalog;
    }

    private void AddFolder(FileRoot root, string[] parts, DirectoryInfo folder, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FileSystemInfo[] entries;
        try
        {
            entries = folder.GetFileSystemInfos("*", Entries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Skip(root, parts, "the folder can't be read");
            return;
        }
        Array.Sort(entries, (a, b) => string.CompareOrdinal(a.Name, b.Name));
        foreach (var entry in entries)
        {
            string[] inside = [.. parts, entry.Name];
            if (entry.LinkTarget is not null) Skip(root, inside, "symbolic link");
            else if (!entry.Exists) Skip(root, inside, "it can't be found by its name");
            else if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint)) Skip(root, inside, "symbolic link");
            else if (WorkspaceFiles.IsUnread(entry.Name)) continue;
            else if (entry is FileInfo file) AddFile(root, inside, file);
            else if (Unread.Contains(entry.Name)) continue;
            else if (inside.Length >= MaxDepth) Skip(root, inside, $"more than {MaxDepth} folders deep");
            else if (RelativePath.Refusal(NameOf(root, inside)) is { } reason) Skip(root, inside, reason);
            else AddFolder(root, inside, (DirectoryInfo)entry, cancellationToken);
        }
    }

    private void AddRootFile(FileRoot root, FileInfo file)
    {
        if (file.Exists) AddFile(root, [], file);
        else Skip(root, [], "it is not there any more");
    }

    private void AddFile(FileRoot root, string[] parts, FileInfo info)
    {
        var file = new CatalogFile(NameOf(root, parts), root, parts, info.Length, info.LastWriteTimeUtc.Ticks);
        // What is listed is read by its name.
        if (RelativePath.Refusal(file.Name) is { } reason) Skip(root, parts, reason);
        else if (Files.Count == _options.MaxFiles) Skip(root, parts, $"more than {_options.MaxFiles} files; raise FileToolsOptions.MaxFiles");
        else if (!Fits(file)) Skip(root, parts, $"more than {_options.MaxBytes} bytes in all; raise FileToolsOptions.MaxBytes");
        else Files.Add(file);
    }

    // Files are only looked into where their sizes don't fit: then those that aren't text don't count.
    private bool Fits(CatalogFile file)
    {
        if (!_countsTextOnly && _bytes + file.Length > _options.MaxBytes)
        {
            _countsTextOnly = true;
            _bytes = Files.Where(IsText).Sum(text => text.Length);
        }
        if (_countsTextOnly && !IsText(file)) return true;
        if (_bytes + file.Length > _options.MaxBytes) return false;
        _bytes += file.Length;
        return true;
    }

    private static bool IsText(CatalogFile file)
    {
        try
        {
            using var handle = SafeFiles.OpenRead(file.Root, file.Parts);
            return LineReader.IsText(handle);
        }
        catch (Exception e) when (e is FileAccessException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Skip(FileRoot root, string[] parts, string reason) => Skipped.Add(new SkippedFile(NameOf(root, parts), reason));

    private static string NameOf(FileRoot root, string[] parts) =>
        parts.Length == 0 ? root.Name : root.Name.Length == 0 ? string.Join('/', parts) : $"{root.Name}/{string.Join('/', parts)}";
}
