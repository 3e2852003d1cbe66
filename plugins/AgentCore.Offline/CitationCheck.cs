using System.Text;
using System.Text.Json;
using AgentCore.Text;
using Microsoft.Extensions.AI;

namespace AgentCore.Offline;

/// <summary>The critic's work: reads each cited line again and gives the answer back with a verdict for each citation.</summary>
internal static class CitationCheck
{
    /// <summary>At most so many citations are checked; those beyond don't hold.</summary>
    public const int Most = 20;

    /// <summary>How many lines are read from a cited line on: a quote may go on over the line's end.</summary>
    public const int LinesRead = 8;

    /// <summary>The checked text again: each citation with its verdict, and those that don't hold no longer as citations.</summary>
    public static string Report(string text, IReadOnlyList<Citation> citations, IReadOnlyDictionary<string, FunctionResultContent> results)
    {
        var report = new StringBuilder();
        var good = new HashSet<Citation>();
        foreach (var line in text.Split('\n'))
        {
            var number = Citation.TryParse(line, out var citation) ? citations.ToList().IndexOf(citation) : -1;
            if (number < 0)
            {
                report.Append(line).Append('\n');
                continue;
            }
            var verdict = results.TryGetValue(CallId(number), out var result) ? Judge(citations[number], result) : $"it was not read: {Most} are checked at most";
            if (verdict is null) good.Add(citations[number]);
            report.Append(verdict is null ? $"{citations[number]}: ok" : $"Removed, not ok ({verdict}): {citations[number].ToString()[2..]}").Append('\n');
        }
        report.Append('\n').Append(good.Count).Append(" of ").Append(citations.Count).Append(" citations stand in their files at their lines.");
        return report.ToString();
    }

    /// <summary>The id of the call that reads for a citation.</summary>
    public static string CallId(int number) => $"check-{number + 1}";

    private static string? Judge(Citation citation, FunctionResultContent result)
    {
        var evidence = new EvidenceSet();
        EvidenceReader.Read(result, evidence);
        var lines = evidence.Pieces.SelectMany(piece => piece.Text.Split('\n').Select((text, offset) => (Line: piece.Line + offset, Text: text)))
            .Where(line => line.Line >= citation.Line).OrderBy(line => line.Line).ToList();
        if (lines.Count > 0 && lines[0].Line == citation.Line && citation.IsIn([.. lines.Select(line => line.Text)], citation.Line)) return null;
        if (lines.Count == 0 && PlainText(result) is { } text && citation.IsIn(text.Split('\n'), citation.Line)) return null;
        return evidence.Errors.Count > 0 ? evidence.Errors[0] : "the file doesn't have this text at this line";
    }

    private static string? PlainText(FunctionResultContent result) => result.Result switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => JsonText.Of(json),
        _ => null,
    };
}
