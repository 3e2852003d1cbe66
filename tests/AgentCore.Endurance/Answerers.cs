using AgentCore.Files;
using AgentCore.Text;

namespace AgentCore.Endurance;

/// <summary>Answers a question over one folder with citations, or with none.</summary>
internal interface IAnswerer : IDisposable
{
    Task<IReadOnlyList<Cited>> AnswerAsync(string question, CancellationToken cancellationToken);

    int FindFaults(IReadOnlyList<Cited> citations);
}

internal static class Answerers
{
    public static IAnswerer Make(string by, string folder)
    {
        var options = new FileToolsOptions();
        options.ReadRoots.Add(folder);
        var tools = new FileTools(options);
        return by switch
        {
            "paragraphs" => new BaselineAnswerer(tools, withHeadings: false),
            "headings" => new BaselineAnswerer(tools, withHeadings: true),
            "search" => new SearchAnswerer(tools),
            "client" => new ClientAnswerer(tools),
            _ => throw new ArgumentException($"'{by}' can't answer."),
        };
    }
}

/// <summary>The search tool alone: its best passages are its answer.</summary>
internal sealed class SearchAnswerer(FileTools tools) : IAnswerer
{
    public async Task<IReadOnlyList<Cited>> AnswerAsync(string question, CancellationToken cancellationToken)
    {
        var found = await tools.SearchAsync(question, 3, cancellationToken);
        return [.. found.Results.Select(result => new Cited(result.File, result.Line, result.EndLine, result.Text))];
    }

    public int FindFaults(IReadOnlyList<Cited> citations) => 0;

    public void Dispose() => tools.Dispose();
}

/// <summary>Plain BM25 over paragraphs, for comparison; with headings, each paragraph has its headings before it.</summary>
internal sealed class BaselineAnswerer(FileTools tools, bool withHeadings) : IAnswerer
{
    private const double K1 = 1.2;
    private const double B = 0.75;

    private readonly List<(Cited Place, Dictionary<string, int> Terms, int Length)> _paragraphs = [];
    private readonly Dictionary<string, int> _frequencies = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<Cited>> AnswerAsync(string question, CancellationToken cancellationToken)
    {
        if (_paragraphs.Count == 0) Fill(cancellationToken);
        var average = _paragraphs.Average(paragraph => paragraph.Length);
        var terms = Tokenizer.Tokenize(question).Where(token => !token.IsCompound).Select(token => token.Term).Distinct().ToList();
        IReadOnlyList<Cited> best = [.. _paragraphs
            .Select(paragraph => (paragraph.Place, Score: terms.Sum(term => Score(paragraph.Terms.GetValueOrDefault(term), paragraph.Length, term, average))))
            .OrderByDescending(scored => scored.Score).Take(3).Select(scored => scored.Place)];
        return Task.FromResult(best);
    }

    public int FindFaults(IReadOnlyList<Cited> citations) => 0;

    public void Dispose() => tools.Dispose();

    private double Score(int count, int length, string term, double average)
    {
        if (count == 0) return 0;
        var frequency = _frequencies[term];
        var idf = Math.Log(1 + ((_paragraphs.Count - frequency + 0.5) / (frequency + 0.5)));
        return idf * count * (K1 + 1) / (count + (K1 * (1 - B + (B * length / average))));
    }

    private void Fill(CancellationToken cancellationToken)
    {
        foreach (var file in tools.List(cancellationToken: cancellationToken).Files.Where(file => Path.GetExtension(file.File) is ".md" or ".rst" or ".txt" or ".adoc"))
        {
            var lines = new List<FileLine>();
            for (FileText? text = null; text is null || text.HasMore;)
            {
                text = tools.Read(file.File, lines.Count + 1, cancellationToken: cancellationToken);
                lines.AddRange(text.Lines);
            }
            var heading = "";
            for (var start = 0; start < lines.Count; start++)
            {
                if (string.IsNullOrWhiteSpace(lines[start].Text)) continue;
                var end = start;
                while (end + 1 < lines.Count && !string.IsNullOrWhiteSpace(lines[end + 1].Text)) end++;
                if (end == start && lines[start].Text.StartsWith('#')) heading = lines[start].Text;
                else if (end == start + 1 && lines[end].Text.Length > 2 && lines[end].Text.Distinct().Count() == 1) heading = lines[start].Text;
                else Add(file.File, lines, start, end, heading);
                start = end;
            }
        }
    }

    private void Add(string file, List<FileLine> lines, int start, int end, string heading)
    {
        var text = string.Join('\n', lines.Skip(start).Take(end - start + 1).Select(line => line.Text));
        var terms = new Dictionary<string, int>(StringComparer.Ordinal);
        var tokens = Tokenizer.Tokenize(withHeadings ? heading + "\n" + text : text).Where(token => !token.IsCompound).ToList();
        foreach (var token in tokens) terms[token.Term] = terms.GetValueOrDefault(token.Term) + 1;
        foreach (var term in terms.Keys) _frequencies[term] = _frequencies.GetValueOrDefault(term) + 1;
        _paragraphs.Add((new Cited(file, start + 1, end + 1, text), terms, tokens.Count));
    }
}
