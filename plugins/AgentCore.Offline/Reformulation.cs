namespace AgentCore.Offline;

/// <summary>A second query for a search that found too little.</summary>
internal static class Reformulation
{
    private const double Enough = Answerability.EnoughCoverage;

    /// <summary>The question's telling words with their synonyms, where the best passage speaks of too little of it; else null.</summary>
    public static string? Of(QuestionWeights question, IReadOnlyList<RankedAnswer> ranked)
    {
        if (ranked.Count > 0 && ranked[0].Coverage >= Enough) return null;
        var words = question.Concepts.Where(concept => concept.Specificity >= 0.5).Select(concept => concept.Word).ToList();
        return words.Count == 0 || words.Count == question.Concepts.Count ? null : string.Join(' ', words);
    }
}
