namespace AgentCore.Offline;

/// <summary>A piece of text that a tool returned, or another agent cited, with its place.</summary>
/// <param name="File">Its file.</param>
/// <param name="Line">The number of its first line.</param>
/// <param name="Text">The text, as it stands in the file.</param>
/// <param name="Heading">The headings above it, if known.</param>
/// <param name="Score">What the tool thought of it; 0 if it gave no score.</param>
internal sealed record Evidence(string File, int Line, string Text, string Heading, double Score);

/// <summary>What the tool results tell: pieces of text, and how common the query's terms are in the searched files.</summary>
internal sealed class EvidenceSet
{
    private readonly Dictionary<(string File, int Line), Evidence> _pieces = [];
    private readonly List<string> _errors = [];
    private readonly Dictionary<string, int> _frequencies = new(StringComparer.Ordinal);

    /// <summary>The pieces, in the order of finding.</summary>
    public List<Evidence> Pieces { get; } = [];

    /// <summary>How many passages were searched; 0 if the tool doesn't say.</summary>
    public int Passages { get; set; }

    /// <summary>What the tools refused or failed with, each on one line, so that nothing in it reads as a citation.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Adds a piece; the same place counts once, with its best score.</summary>
    public void Add(Evidence piece)
    {
        if (_pieces.TryGetValue((piece.File, piece.Line), out var known))
        {
            if (known.Text.Length >= piece.Text.Length && known.Score >= piece.Score) return;
            var merged = (known.Text.Length >= piece.Text.Length ? known : piece) with { Score = Math.Max(known.Score, piece.Score) };
            Pieces[Pieces.IndexOf(known)] = merged;
            _pieces[(piece.File, piece.Line)] = merged;
            return;
        }
        _pieces.Add((piece.File, piece.Line), piece);
        Pieces.Add(piece);
    }

    /// <summary>Notes what a tool refused or failed with.</summary>
    public void AddError(string error) => _errors.Add(error.ReplaceLineEndings(" "));

    /// <summary>Notes in how many passages a term stands.</summary>
    public void AddFrequency(string term, int passages) => _frequencies[term] = passages;

    /// <summary>In how many passages a term stands; <see langword="null"/> if no tool said.</summary>
    public int? FrequencyOf(string term) => _frequencies.TryGetValue(term, out var passages) ? passages : null;
}
