using AgentCore.Text;

namespace AgentCore.Files;

/// <summary>An index over a catalog's files: finds passages, and reads their text back from the files.</summary>
internal sealed class FileIndex
{
    private readonly PassageIndex _index = new();
    private readonly PassageTable _passages = new();
    private readonly FileCatalog _catalog;

    private FileIndex(FileCatalog catalog)
    {
        _catalog = catalog;
        Skipped = [.. catalog.Skipped];
    }

    /// <summary>What isn't in the index, or only in part.</summary>
    public List<SkippedFile> Skipped { get; }

    /// <summary>The number of files that are.</summary>
    public int Files { get; private set; }

    /// <summary>The number of passages.</summary>
    public int Passages => _index.Count;

    /// <summary>The stamp of the catalog that it was built from.</summary>
    public long Stamp => _catalog.Stamp;

    /// <summary>Reads every file once.</summary>
    public static FileIndex Build(FileCatalog catalog, CancellationToken cancellationToken)
    {
        var index = new FileIndex(catalog);
        var splitter = new PassageSplitter(index._index, index._passages);
        for (var number = 0; number < catalog.Files.Count; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = catalog.Files[number];
            var before = index._index.Count;
            index._passages.BeginFile(number);
            try
            {
                using var handle = SafeFiles.OpenRead(file.Root, file.Parts);
                if (splitter.Add(handle, file.Name, cancellationToken) is { } reason) index.Skipped.Add(new SkippedFile(file.Name, reason));
            }
            catch (Exception e) when (e is FileAccessException or IOException or UnauthorizedAccessException)
            {
                index.Skipped.Add(new SkippedFile(file.Name, e is FileAccessException ? e.Message[(e.Message.IndexOf("': ", StringComparison.Ordinal) + 3)..] : "it can't be read"));
            }
            if (index._index.Count > before) index.Files++;
        }
        index._passages.Trim();
        index._index.Trim();
        return index;
    }

    /// <summary>In how many passages a term stands.</summary>
    public int DocumentFrequency(string term) => _index.DocumentFrequency(term);

    /// <summary>Finds the best passages for a query, best first.</summary>
    public List<FoundPassage> Search(TextQuery query, int top, CancellationToken cancellationToken)
    {
        var found = new List<FoundPassage>();
        foreach (var hit in _index.Search(query, Math.Max(top * 3, 60)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TextOf(hit.Passage) is not { } text) continue;
            var place = _passages[hit.Passage];
            var heading = _passages.HeadingOf(hit.Passage);
            var score = hit.Score * PassageBoost.Of(query, text, heading);
            found.Add(new FoundPassage(_catalog.Files[place.File].Name, place.FirstLine, place.LastLine, heading, text.TrimEnd('\n'), Math.Round(score, 3)));
        }
        // A stable sort: equal scores stay in the order of the files.
        return [.. found.OrderByDescending(passage => passage.Score).Take(top)];
    }

    private string? TextOf(int passage)
    {
        var place = _passages[passage];
        var file = _catalog.Files[place.File];
        try
        {
            using var handle = SafeFiles.OpenRead(file.Root, file.Parts);
            var bytes = new byte[place.Length];
            var read = RandomAccess.Read(handle, bytes, place.Offset);
            return TextDecoder.Decode(bytes.AsSpan(0, read)).Replace("\r\n", "\n", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is FileAccessException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
