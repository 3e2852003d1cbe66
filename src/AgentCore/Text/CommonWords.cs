using System.Collections.Frozen;

namespace AgentCore.Text;

/// <summary>
/// How telling a word is: words that most documentation and most people use say little about a subject, so a text that lacks
/// them may still answer. The list was counted over the documentation of public projects and joined with words of everyday speech.
/// </summary>
internal static class CommonWords
{
    private static readonly FrozenDictionary<string, int> Tiers = Load();

    /// <summary>From 0 (everyday speech) to 1 (a name or a technical term).</summary>
    public static double SpecificityOf(string term) =>
        Tiers.TryGetValue(term, out var tier) ? tier switch { 0 => 0.05, 1 => 0.25, 2 => 0.55, _ => 0.7 } : IsNumber(term) ? 0.4 : 1;

    /// <summary>How much a word matters when ranking, from 0 to 1: less for words of everyday speech.</summary>
    public static double WeightOf(string term) =>
        Tiers.TryGetValue(term, out var tier) ? tier switch { 0 => 0.3, 1 => 0.8, 2 => 1, _ => 0.85 } : 1;

    private static bool IsNumber(string term) => !term.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static FrozenDictionary<string, int> Load()
    {
        var tiers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in TextResource.Lines("common-words.txt"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var tier = int.Parse(line.AsSpan(0, colon), System.Globalization.CultureInfo.InvariantCulture);
            foreach (var word in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
                tiers.TryAdd(Tokenizer.Term(word), tier);
        }
        return tiers.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
