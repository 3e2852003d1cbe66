using System.Globalization;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>
/// Ranks the methods that may execute an agent by a linear model: what people chose of public classes, fitted by <c>tests/AgentCore.MethodFit</c> (a softmax
/// over each class's methods, AdaGrad, L2). It is read once, from <c>MethodWeights.tsv</c>.
/// </summary>
internal static class MethodRanking
{
    /// <summary>Scores are hundredths of the model's: so many more make a method 2.7 times as likely as its rival.</summary>
    public const int Scale = 100;

    private const int Marked = 10_000;

    private static readonly Lazy<Dictionary<string, double>> Weights = new(ReadWeights);

    /// <summary>The methods in the order given, with their scores: by what is written of them, or by the code too.</summary>
    public static List<(MethodShape Method, int Score)> Score(AgentShape shape, IReadOnlyList<MethodShape> methods, bool withCode)
    {
        var features = MethodFeatures.Of(shape, methods, withCode);
        return [.. methods.Select((m, i) => (m, m.IsMarked ? Marked : (int)Math.Round(Scale * Sum(features[i], Weights.Value))))];
    }

    /// <summary>What a method's features are worth together.</summary>
    public static double Sum(IReadOnlyDictionary<string, double> features, IReadOnlyDictionary<string, double> weights) => features.Sum(f => f.Value * weights.GetValueOrDefault(f.Key));

    /// <summary>The weights as the file has them: a line per feature, its name and its weight with a tab between.</summary>
    public static string Write(IReadOnlyDictionary<string, double> weights) =>
        string.Concat(weights.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Key}\t{w.Value:0.00}\n")));

    private static Dictionary<string, double> ReadWeights()
    {
        using var stream = typeof(MethodRanking).Assembly.GetManifestResourceStream("MethodWeights.tsv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .ToDictionary(cells => cells[0], cells => double.Parse(cells[1], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }
}
