using AgentCore.Text;

namespace AgentCore.Files;

/// <summary>
/// Raises passages in which the query's words stand near each other: pairs of concepts within a window count by how near they
/// are (after Tao and Zhai, "An exploration of proximity measures in information retrieval", SIGIR 2007).
/// </summary>
internal static class Proximity
{
    private const int Window = 8;
    private const double MostGain = 0.35;

    /// <summary>A factor from 1 (no two concepts near each other) to 1.35.</summary>
    public static double Boost(TextQuery query, string text, string heading)
    {
        var concepts = query.Concepts;
        if (concepts.Count < 2) return 1;
        var last = new int[concepts.Count];
        Array.Fill(last, -1000);
        var near = new Dictionary<(int, int), double>();
        var tokens = Tokenizer.Tokenize(heading + "\n" + text);
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
        var sum = near.Values.Sum();
        return 1 + (MostGain * sum / (sum + 1.5));
    }
}
