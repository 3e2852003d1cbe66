using AgentCore.Text;

namespace AgentCore.Offline;

/// <summary>A question's concepts, each with how much an answer must speak of it.</summary>
internal sealed class QuestionWeights
{
    private const double UnknownRarity = 6;
    private const double LeastRarity = 0.5;
    private const double LeastSpecificity = 0.05;

    /// <summary>Weighs a question by what the tools said of its terms; where they said nothing, by how telling its words are.</summary>
    public QuestionWeights(TextQuery query, EvidenceSet evidence)
    {
        Query = query;
        Concepts = [.. query.Concepts.Where(concept => !concept.IsOptional)];
        Salience = [.. Concepts.Select(concept => Weigh(concept, evidence))];
        Weights = [.. Concepts.Select((concept, i) => Salience[i] * Math.Max(concept.Specificity, LeastSpecificity))];
        Frequencies = [.. Concepts.Select(concept => evidence.FrequencyOf(concept.Variants[0].Term))];
    }

    /// <summary>The question.</summary>
    public TextQuery Query { get; }

    /// <summary>Its concepts, without those that only help ranking.</summary>
    public IReadOnlyList<Concept> Concepts { get; }

    /// <summary>How much each concept tells sentences apart: how rare it is in what was searched.</summary>
    public IReadOnlyList<double> Salience { get; }

    /// <summary>How much an answer must speak of each concept: a rare technical term is a must, a word of everyday speech isn't.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>In how many passages each concept's own word stands; null where no tool said.</summary>
    public IReadOnlyList<int?> Frequencies { get; }

    /// <summary>How well each concept is named by some terms, from 0 to 1.</summary>
    public double[] Match(IReadOnlySet<string> terms)
    {
        var matches = new double[Concepts.Count];
        for (var i = 0; i < matches.Length; i++)
        {
            foreach (var variant in Concepts[i].Variants)
                if (variant.Weight > matches[i] && terms.Contains(variant.Term)) matches[i] = variant.Weight;
        }
        return matches;
    }

    /// <summary>The share of what an answer must speak of that some matches cover, from 0 to 1.</summary>
    public double Cover(double[] matches) => Share(Weights, matches);

    /// <summary>The share of the question that some matches speak of, for telling sentences apart, from 0 to 1.</summary>
    public double Relate(double[] matches) => Share(Salience, matches);

    private static double Share(IReadOnlyList<double> weights, double[] matches)
    {
        var (sum, total) = (0d, 0d);
        for (var i = 0; i < matches.Length; i++)
        {
            sum += weights[i] * matches[i];
            total += weights[i];
        }
        return total > 0 ? sum / total : 0;
    }

    private static double Weigh(Concept concept, EvidenceSet evidence)
    {
        var rarity = UnknownRarity;
        if (evidence.Passages > 0 && evidence.FrequencyOf(concept.Variants[0].Term) is { } frequency)
            rarity = Math.Log(1 + ((evidence.Passages - frequency + 0.5) / (frequency + 0.5)));
        return Math.Max(rarity, LeastRarity) * concept.Weight;
    }
}
