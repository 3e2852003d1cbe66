namespace AgentCore.Text;

/// <summary>A term that stands for a concept, and how well: 1 for the asker's own word.</summary>
/// <param name="Term">A term in normal form.</param>
/// <param name="Weight">From 0 to 1.</param>
public readonly record struct Variant(string Term, double Weight);

/// <summary>One thing that a query asks about, with the terms that may name it.</summary>
/// <param name="Word">The asker's word or phrase.</param>
/// <param name="Weight">How much it matters, about 1.</param>
/// <param name="Specificity">From 0 (a word of everyday speech) to 1 (a name or a technical term): how surely an answer must speak of it.</param>
/// <param name="IsOptional">Whether it only helps ranking, and its absence says nothing.</param>
/// <param name="Variants">The terms, the asker's own first.</param>
public sealed record Concept(string Word, double Weight, double Specificity, bool IsOptional, IReadOnlyList<Variant> Variants)
{
    /// <summary>How well a term names this concept: 0 where it doesn't.</summary>
    /// <param name="term">A term in normal form.</param>
    public double WeightOf(string term)
    {
        foreach (var variant in Variants)
            if (variant.Term == term) return variant.Weight;
        return 0;
    }
}

/// <summary>A question or search taken apart: concepts, their synonyms, and how much each one matters.</summary>
public sealed class TextQuery
{
    private const int MaxConcepts = 48;
    private const double PhraseWeight = 0.9;
    private const double HintWeight = 0.4;
    private const double PhraseSpecificity = 0.4;
    private const double PhraseSynonym = 0.7;
    private const double PhraseWord = 0.8;

    private TextQuery(string text, IReadOnlyList<Concept> concepts)
    {
        Text = text;
        Concepts = concepts;
    }

    /// <summary>The query as asked.</summary>
    public string Text { get; }

    /// <summary>Its concepts in the order of asking.</summary>
    public IReadOnlyList<Concept> Concepts { get; }

    /// <summary>Takes a question or a list of keywords apart.</summary>
    /// <param name="text">The text.</param>
    /// <param name="expand">Whether synonyms from the built-in table of how people speak of software are added.</param>
    public static TextQuery Parse(string text, bool expand = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var concepts = new List<Concept>();
        var words = QueryWord.Scan(text);
        if (expand) Synonyms.JoinSplitVerbs(words);
        for (var i = 0; i < words.Count && concepts.Count < MaxConcepts;)
        {
            var phrase = expand ? Synonyms.LongestAt(words, i) : 1;
            var concept = phrase > 1 ? FromPhrase(words, i, phrase) : FromWord(words[i], expand);
            if (concept is not null) Merge(concepts, concept);
            if (phrase == 1 && concept is not null) AddJoined(concepts, words, i);
            i += phrase;
        }
        return new TextQuery(text, concepts);
    }

    /// <summary>Returns this query with further concepts.</summary>
    /// <param name="concepts">What is added.</param>
    public TextQuery With(IEnumerable<Concept> concepts) => new(Text, [.. Concepts, .. concepts]);

    private static Concept? FromWord(QueryWord word, bool expand)
    {
        if (word.IsStop) return null;
        var variants = new List<Variant> { new(word.Term, 1) };
        if (expand) Synonyms.AddVariants(word.Term, variants);
        return new Concept(word.Text, CommonWords.WeightOf(word.Term), CommonWords.SpecificityOf(word.Term), word.IsCompound, variants);
    }

    private static Concept FromPhrase(List<QueryWord> words, int at, int count)
    {
        var key = string.Join(' ', words.Skip(at).Take(count).Select(word => word.Term));
        var variants = new List<Variant>();
        Synonyms.AddVariants(key, variants);
        variants = [.. variants.Select(variant => variant with { Weight = PhraseSynonym })];
        for (var i = at; i < at + count; i++)
            if (!words[i].IsStop && !variants.Exists(variant => variant.Term == words[i].Term)) variants.Add(new Variant(words[i].Term, PhraseWord));
        var text = string.Join(' ', words.Skip(at).Take(count).Select(word => word.Text));
        // "how long" hints at the answer's kind, but an answer need not say "duration".
        var isHint = words[at].Normal is "how" or "where" or "what" or "who" or "when";
        return new Concept(text, isHint ? HintWeight : PhraseWeight, PhraseSpecificity, isHint, variants);
    }

    // "dry run" is "dry-run" or "dryrun" in many a text.
    private static void AddJoined(List<Concept> concepts, List<QueryWord> words, int at)
    {
        if (at + 1 >= words.Count || words[at].IsCompound || words[at + 1].IsCompound || words[at + 1].IsStop) return;
        var joined = words[at].Normal + words[at + 1].Normal;
        if (joined.Length > 30) return;
        Merge(concepts, new Concept(joined, 0.5, 0, true, [new Variant(Tokenizer.Term(joined), 1)]));
    }

    private static void Merge(List<Concept> concepts, Concept concept)
    {
        // A word said twice matters a little more, not twice.
        var at = concepts.FindIndex(other => other.Variants[0].Term == concept.Variants[0].Term);
        if (at < 0) concepts.Add(concept);
        else concepts[at] = concepts[at] with { Weight = Math.Min(concepts[at].Weight + 0.25, 1.5), IsOptional = concepts[at].IsOptional && concept.IsOptional };
    }
}
