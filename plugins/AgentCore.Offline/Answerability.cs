namespace AgentCore.Offline;

/// <summary>
/// Whether the evidence can answer the question at all. Similarity alone can't tell: what counts is the share of the question
/// that one place speaks of, weighted by how rare and how telling each word is, and whether a telling word is missing everywhere.
/// </summary>
internal static class Answerability
{
    /// <summary>The least share of a question that one of the best pieces must speak of, from 0 to 1.</summary>
    public const double EnoughCoverage = 0.42;

    private const int Considered = 5;

    /// <summary>Judges the best pieces.</summary>
    public static bool IsAnswered(QuestionWeights question, IReadOnlyList<RankedAnswer> ranked)
    {
        if (ranked.Count == 0 || question.Concepts.Count == 0) return false;
        return ranked.Take(Considered).Max(answer => answer.Coverage) >= EnoughCoverage;
    }
}
