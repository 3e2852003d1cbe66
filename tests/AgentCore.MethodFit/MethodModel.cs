using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.MethodFit;

/// <summary>A softmax over the methods of each class: that which is right is to be the likeliest. Fitted by AdaGrad with a small L2, the same every time.</summary>
internal static class MethodModel
{
    private const int Rounds = 12;
    private const double Step = 0.08;
    private const double Decay = 0.002;
    private const double Start = 0.001;
    private const int FewestGroups = 3;

    public static Dictionary<string, double> Fit(IReadOnlyList<CodedClass> classes)
    {
        var kept = Kept(classes);
        // A group of forty classes doesn't say forty times as much as a group of one.
        var worth = classes.GroupBy(c => c.Group).ToDictionary(g => g.Key, g => 1 / Math.Sqrt(g.Count()));
        var weights = kept.ToDictionary(name => name, _ => 0.0, StringComparer.Ordinal);
        var squares = kept.ToDictionary(name => name, _ => Start, StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            var order = classes.ToArray();
            new Random(round).Shuffle(order);
            foreach (var coded in order)
            {
                // Half as often it is learned without its code, which an inventory doesn't have.
                Learn(coded.WithCode, coded.Right, worth[coded.Group]);
                Learn(coded.Written, coded.Right, worth[coded.Group] / 2);
            }
        }

        return weights;

        void Learn(IReadOnlyList<IReadOnlyDictionary<string, double>> features, IReadOnlyList<bool> right, double worth)
        {
            var scores = features.Select(f => MethodRanking.Sum(f, weights)).ToArray();
            var odds = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
            var (all, rights) = (odds.Sum(), odds.Where((_, i) => right[i]).Sum());
            var gradient = new Dictionary<string, double>(StringComparer.Ordinal);
            for (var i = 0; i < odds.Length; i++)
            {
                var error = (odds[i] / all) - (right[i] ? odds[i] / rights : 0);
                foreach (var (name, value) in features[i].Where(f => weights.ContainsKey(f.Key)))
                    gradient[name] = gradient.GetValueOrDefault(name) + (error * value);
            }

            foreach (var (name, slope) in gradient)
            {
                var pull = (worth * slope) + (Decay * weights[name]);
                squares[name] += pull * pull;
                weights[name] -= Step * pull / Math.Sqrt(squares[name]);
            }
        }
    }

    /// <summary>What only one house has says nothing of others.</summary>
    private static HashSet<string> Kept(IReadOnlyList<CodedClass> classes) => classes
        .SelectMany(c => c.WithCode.SelectMany(f => f.Keys).Distinct().Select(name => (name, c.Group))).Distinct()
        .GroupBy(pair => pair.name).Where(pairs => pairs.Count() >= FewestGroups).Select(pairs => pairs.Key).ToHashSet(StringComparer.Ordinal);
}
