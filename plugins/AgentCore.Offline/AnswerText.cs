using System.Text;
using AgentCore.Text;

namespace AgentCore.Offline;

/// <summary>Writes answers: fixed phrases around quotations, and nothing else.</summary>
internal static class AnswerText
{
    /// <summary>What is said when the input doesn't hold the answer.</summary>
    public const string NotFound = "Not found in the input.";

    private const int MaxSentence = 600;
    private const string ToolReported = "A tool reported: ";

    /// <summary>Whether a report says that the answer was not found; what cites an answer may quote these words.</summary>
    public static bool SaysNotFound(string text)
    {
        const string words = "not found in the input";
        return text.TrimStart().StartsWith(words, StringComparison.OrdinalIgnoreCase)
            || (text.Contains(words, StringComparison.OrdinalIgnoreCase) && Citation.ParseAll(text).Count == 0);
    }

    /// <summary>What tools refused or failed with, where a text says that the answer was not found.</summary>
    public static IEnumerable<string> ErrorsIn(string text) =>
        text.Split('\n').Where(line => line.StartsWith(ToolReported, StringComparison.Ordinal)).Select(line => line[ToolReported.Length..]);

    /// <summary>An answer: the best sentence whole, then the citations, best first.</summary>
    public static string Answer(IReadOnlyList<RankedAnswer> answers)
    {
        var text = new StringBuilder();
        text.Append("From the input, best match first:\n\n");
        foreach (var answer in answers)
        {
            var heading = answer.Piece.Heading;
            if (heading.Length > 0) text.Append(heading).Append(":\n");
            var sentence = Quotable.Trim(string.Join(' ', answer.Sentence.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)), MaxSentence);
            if (sentence.Length > answer.Citation.Quote.Length) text.Append(sentence).Append('\n');
            text.Append(answer.Citation).Append("\n\n");
        }
        return text.ToString().TrimEnd();
    }

    /// <summary>An answer that only cites.</summary>
    public static string Cite(IEnumerable<Citation> citations) => "From the input, best match first:\n\n" + string.Join('\n', citations);

    /// <summary>That the input doesn't hold the answer, and the words that it doesn't use.</summary>
    public static string Decline(QuestionWeights? question, IReadOnlyList<string> errors)
    {
        var text = new StringBuilder(NotFound);
        if (question is not null)
        {
            var unknown = question.Concepts.Where((concept, i) => question.Frequencies[i] == 0 && concept.Specificity >= 0.7).Select(concept => $"\"{concept.Word}\"").Take(5).ToList();
            if (unknown.Count > 0) text.Append(" The searched text never mentions ").AppendJoin(", ", unknown).Append('.');
        }
        foreach (var error in errors.Distinct().Take(3)) text.Append('\n').Append(ToolReported).Append(error);
        return text.ToString();
    }
}
