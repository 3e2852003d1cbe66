using System.Globalization;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.MethodFit;

/// <summary>What a model is worth on classes of groups that it hasn't seen.</summary>
internal static class HeldBack
{
    private const int Parts = 10;

    /// <summary>Fits ten times without a tenth of the groups, and tells what it chooses in these, with their code and without.</summary>
    public static IEnumerable<string> Try(IReadOnlyList<CodedClass> classes)
    {
        var groups = classes.Select(c => c.Group).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        new Random(1).Shuffle(groups);
        var part = groups.Select((group, i) => (group, i)).ToDictionary(g => g.group, g => g.i % Parts);
        var models = Enumerable.Range(0, Parts).Select(i => MethodModel.Fit([.. classes.Where(c => part[c.Group] != i)])).ToList();
        return new[] { true, false }.SelectMany(withCode => Tell([.. classes.Select(c => Choose(c, models[part[c.Group]], withCode))], withCode));
    }

    private static IEnumerable<string> Tell(IReadOnlyList<(CodedClass Class, bool Right, double Margin, string Chosen)> tried, bool withCode)
    {
        var byGroup = tried.GroupBy(t => t.Class.Group).Average(g => g.Average(t => t.Right ? 1.0 : 0));
        var near = tried.Where(t => t.Margin < 1).ToList();
        yield return string.Create(CultureInfo.InvariantCulture, $"Held back in ten parts, {(withCode ? "with" : "without")} code: {tried.Average(t => t.Right ? 1.0 : 0):p1} right; {byGroup:p1} where each group counts as much.");
        yield return $"{near.Count} have a rival within {MethodRanking.Scale} points: {near.Count(t => !t.Right)} of these are wrong, and {tried.Count(t => t.Margin >= 1 && !t.Right)} of the {tried.Count - near.Count} others.";
        foreach (var (coded, _, _, chosen) in tried.Where(t => !t.Right))
            yield return $"  {coded.Group}: {coded.Type} has {string.Join(" or ", coded.Names.Where((_, i) => coded.Right[i]).Distinct())}; {chosen} was chosen";
    }

    private static (CodedClass Class, bool Right, double Margin, string Chosen) Choose(CodedClass coded, Dictionary<string, double> weights, bool withCode)
    {
        var scores = coded.Features(withCode).Select(f => MethodRanking.Sum(f, weights)).ToList();
        var best = scores.IndexOf(scores.Max());
        return (coded, coded.Right[best], scores.Where((_, i) => coded.Names[i] != coded.Names[best]).Select(s => scores[best] - s).DefaultIfEmpty(double.MaxValue).Min(), coded.Names[best]);
    }
}
