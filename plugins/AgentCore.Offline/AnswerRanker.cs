using AgentCore.Text;

namespace AgentCore.Offline;

/// <summary>A piece of evidence with the line in it that answers best.</summary>
/// <param name="Citation">The line, as a citation.</param>
/// <param name="Sentence">The sentence around it, as it stands in the file.</param>
/// <param name="Piece">The piece.</param>
/// <param name="Coverage">The share of the question that the piece with its headings speaks of, from 0 to 1.</param>
/// <param name="Matches">How well each of the question's concepts is named in it.</param>
/// <param name="Score">Higher is better.</param>
internal sealed record RankedAnswer(Citation Citation, string Sentence, Evidence Piece, double Coverage, double[] Matches, double Score);

/// <summary>
/// Picks sentences that answer a question: the query-focused extraction of Goldstein et al. (SIGIR 1999), with each sentence
/// scored by the rarity-weighted share of the question that it and its headings name, and by cues of the question's kind.
/// </summary>
internal static class AnswerRanker
{
    private const int MaxQuote = 1000;
    private const double Same = 1e-9;
    private const double RelevanceWeight = 0.75;
    private const double CueWeight = 0.4;
    private const double LengthWeight = 0.01;
    private const double CodeWeight = -0.1;

    /// <summary>Ranks the pieces, best first.</summary>
    public static List<RankedAnswer> Rank(QuestionWeights question, EvidenceSet evidence)
    {
        var best = evidence.Pieces.Count == 0 ? 0 : evidence.Pieces.Max(piece => piece.Score);
        var cues = AnswerCues.Of(question.Query.Text);
        var ranked = new List<RankedAnswer>();
        foreach (var piece in evidence.Pieces)
            if (RankOne(question, cues, piece, best) is { } answer) ranked.Add(answer);
        // The same sentence in several files is cited once.
        var quotes = new HashSet<string>(StringComparer.Ordinal);
        return [.. ranked.OrderByDescending(answer => answer.Score).Where(answer => quotes.Add(answer.Citation.Quote))];
    }

    private static RankedAnswer? RankOne(QuestionWeights question, AnswerCues cues, Evidence piece, double best)
    {
        (double Score, double Cue, Sentence? Sentence) chosen = (double.MinValue, 0, null);
        foreach (var sentence in Sentences.Split(piece.Text, piece.Line))
        {
            if (!Quotable.IsText(sentence.Text)) continue;
            var cue = cues.Score(sentence.Text);
            var score = question.Relate(question.Match(TermsOf(sentence.Text))) + cue;
            // Between equals the first one leads.
            if (score > chosen.Score + Same) chosen = (score, cue, sentence);
        }
        if (chosen.Sentence is null) return null;

        var matches = question.Match(TermsOf($"{piece.File} {piece.Heading}\n{piece.Text}"));
        var coverage = question.Cover(matches);
        var relevance = best > 0 ? piece.Score / best : coverage;
        var total = (relevance * RelevanceWeight) + (chosen.Cue * CueWeight) + (Math.Log(1 + piece.Text.Length) * LengthWeight) + (Quotable.CodeShare(piece.Text) * CodeWeight);
        var (line, quote) = LineOf(question, chosen.Sentence);
        return new RankedAnswer(new Citation(piece.File, line, quote), chosen.Sentence.Text, piece, coverage, matches, total);
    }

    // A quote stands on one line, so that anyone can find it there: the line of the sentence that says most.
    private static (int Line, string Quote) LineOf(QuestionWeights question, Sentence sentence)
    {
        var lines = sentence.Text.Split('\n');
        var (at, most) = (0, -1d);
        for (var i = 0; i < lines.Length; i++)
        {
            if (!Quotable.IsText(lines[i])) continue;
            var score = question.Relate(question.Match(TermsOf(lines[i]))) + (Math.Min(lines[i].Trim().Length, 80) / 800d);
            if (score > most + Same) (at, most) = (i, score);
        }
        return (sentence.Line + at, Quotable.Trim(lines[at], MaxQuote));
    }

    private static HashSet<string> TermsOf(string text) => [.. Tokenizer.Tokenize(text).Select(token => token.Term)];
}
