using System.Collections.Frozen;

namespace AgentCore.Text;

/// <summary>The built-in table of how people speak of software: which words may stand for which.</summary>
internal static class Synonyms
{
    /// <summary>How well a synonym names a concept, against 1 for the asker's own word.</summary>
    private const double Weight = 0.4;
    private const int MaxPhrase = 4;

    private static readonly FrozenDictionary<string, string[]> Table = Load();

    /// <summary>How many words the longest phrase of the table has that starts at a word of a query; 1 if none does.</summary>
    public static int LongestAt(IReadOnlyList<QueryWord> words, int at)
    {
        for (var count = Math.Min(MaxPhrase, words.Count - at); count > 1; count--)
        {
            var key = string.Join(' ', words.Skip(at).Take(count).Select(word => word.Term));
            if (Table.ContainsKey(key)) return count;
        }
        return 1;
    }

    /// <summary>Moves the particle of a split verb to it: "leave some files out" becomes "leave out some files".</summary>
    public static void JoinSplitVerbs(List<QueryWord> words)
    {
        for (var at = 0; at < words.Count; at++)
        {
            for (var particle = at + 2; particle < Math.Min(words.Count, at + 2 + MaxPhrase); particle++)
            {
                if (words[particle].Normal is not ("out" or "off" or "on" or "up" or "down" or "back" or "away" or "in")) continue;
                if (!Table.ContainsKey($"{words[at].Term} {words[particle].Term}")) continue;
                var moved = words[particle];
                words.RemoveAt(particle);
                words.Insert(at + 1, moved);
                break;
            }
        }
    }

    /// <summary>Adds the synonyms of a term or phrase.</summary>
    public static void AddVariants(string key, List<Variant> variants)
    {
        if (!Table.TryGetValue(key, out var others)) return;
        foreach (var other in others)
            if (!variants.Exists(variant => variant.Term == other)) variants.Add(new Variant(other, Weight));
    }

    private static FrozenDictionary<string, string[]> Load()
    {
        var table = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var line in TextResource.Lines("synonyms.txt"))
        {
            var keys = line.Split(',', StringSplitOptions.TrimEntries).Select(Key).ToList();
            // The first word's line lists what may stand for it; phrases stand for the line's words, and never the other way.
            Add(keys[0], keys);
            foreach (var key in keys.Where(key => key.Contains(' ', StringComparison.Ordinal))) Add(key, keys);
        }
        return table.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);

        void Add(string key, List<string> keys)
        {
            if (!table.TryGetValue(key, out var set)) table.Add(key, set = new HashSet<string>(StringComparer.Ordinal));
            foreach (var other in keys)
                if (other != key && !other.Contains(' ', StringComparison.Ordinal)) set.Add(other);
        }
    }

    private static string Key(string entry) => string.Join(' ', QueryWord.Scan(entry).Where(word => !word.IsCompound).Select(word => word.Term));
}
