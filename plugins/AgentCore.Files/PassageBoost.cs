using AgentCore.Text;

namespace AgentCore.Files;

/// <summary>
/// Raises passages in which the query's words stand near each other, after Tao and Zhai, "An exploration of proximity measures
/// in information retrieval" (SIGIR 2007), and those whose heading speaks of little else than the query.
/// </summary>
internal static class PassageBoost
{
    private const int Window = 8;
    private const double MostProximity = 0.35;
    private const double HalfProximity = 1.5;
    private const double MostHeading = 0.5;
    private const double HeadingSmoothing = 0.5;

    /// <summary>A factor from 1 to about 2 for a passage's score.</summary>
    public static double Of(TextQuery query, string text, string heading)
    {
        if (query.Concepts.Count == 0) return 1;
        var near = Nearness(query.Concepts, Tokenizer.Tokenize(heading + "\n" + text));
        return (1 + (MostProximity * near / (near + HalfProximity))) * (1 + (MostHeading * HeadingShare(query.Concepts, heading)));
    }

    // The sum, over pairs of concepts, of how near they come to each other within the window.
    private static double Nearness(IReadOnlyList<Concept> concepts, List<Token> tokens)
    {
        var last = new int[concepts.Count];
        Array.Fill(last, -1000);
        var near = new Dictionary<(int, int), double>();
        for (var at = 0; at < tokens.Count; at++)
        {
            for (var concept = 0; concept < concepts.Count; concept++)
            {
                var weight = concepts[concept].WeightOf(tokens[at].Term);
                if (weight <= 0) continue;
                last[concept] = at;
                for (var other = 0; other < concepts.Count; other++)
                {
                    var distance = at - last[other];
                    if (other == concept || distance is 0 or > Window) continue;
                    var pair = other < concept ? (other, concept) : (concept, other);
                    var gain = weight / distance * Math.Min(concepts[concept].Weight, concepts[other].Weight);
                    near[pair] = Math.Max(near.GetValueOrDefault(pair), gain);
                }
            }
        }
        return near.Values.Sum();
    }

    // The share of the innermost heading's words that the query asks about.
    private static double HeadingShare(IReadOnlyList<Concept> concepts, string heading)
    {
        var parent = heading.LastIndexOf(HeadingStack.Separator, StringComparison.Ordinal);
        var words = Tokenizer.Tokenize(parent < 0 ? heading : heading[(parent + HeadingStack.Separator.Length)..]);
        return words.Sum(word => concepts.Max(concept => concept.WeightOf(word.Term))) / (words.Count + HeadingSmoothing);
    }
}
