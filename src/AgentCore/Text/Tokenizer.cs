using System.Collections.Concurrent;

namespace AgentCore.Text;

/// <summary>One searchable term of a text.</summary>
/// <param name="Term">The normal form: lower case, no accents, English words stemmed.</param>
/// <param name="Start">Where its word starts in the text, in characters.</param>
/// <param name="Length">How many characters its word has.</param>
/// <param name="IsCompound">Whether it joins the parts reported just before it.</param>
public readonly record struct Token(string Term, int Start, int Length, bool IsCompound);

/// <summary>Turns text of any language into terms. English is stemmed; other languages keep their words.</summary>
public static class Tokenizer
{
    private const int MaxCached = 200_000;
    private static readonly ConcurrentDictionary<string, string> Stems = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> StemLookup =
        Stems.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Returns the terms of a text in order, without stop words.</summary>
    /// <param name="text">Any text.</param>
    public static List<Token> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new List<Token>();
        var scanner = new WordScanner(text);
        Span<char> word = stackalloc char[64];
        while (scanner.Next())
        {
            var length = scanner.WriteNormal(word);
            if (length == 0 || StopWords.Contains(word[..length])) continue;
            tokens.Add(new Token(Term(word[..length]), scanner.Start, scanner.Length, scanner.IsCompound));
        }
        return tokens;
    }

    /// <summary>Returns the term of one word in lower case: what the index stores for it.</summary>
    /// <param name="word">One word, in lower case and without accents.</param>
    public static string Term(ReadOnlySpan<char> word)
    {
        if (StemLookup.TryGetValue(word, out var stem)) return stem;
        var text = word.ToString();
        stem = EnglishStemmer.Stem(text);
        if (Stems.Count < MaxCached) Stems.TryAdd(text, stem);
        return stem;
    }
}
