using System.Collections.Frozen;

namespace AgentCore.Text;

/// <summary>English words that carry no subject: they are neither indexed nor asked for.</summary>
public static class StopWords
{
    private static readonly FrozenSet<string> Words = (
        "a an the this that these those there here it its itself he she him her his hers they them their theirs we us our ours " +
        "i me my mine you your yours who whom whose which what when where why how " +
        "is am are was were be been being do does did doing done have has had having can could will would shall should may might must " +
        "of in to for with at by from as into onto about than then so if or and but nor because while though although " +
        "just also too very really quite rather still even ever yet already " +
        "s t d m ve re ll don doesn didn isn aren wasn weren won wouldn shouldn couldn cannot hasn haven hadn ain let " +
        "dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt couldnt cant havent hasnt im ive id whats thats theres lets youre theyre " +
        "some any such same other another each every both few more most much many " +
        "please thank thanks hi hello hey ok okay etc e.g i.e eg ie")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a lower-case word is a stop word.</summary>
    /// <param name="word">One word in lower case, not stemmed.</param>
    public static bool Contains(ReadOnlySpan<char> word) => word.Length <= 9 && Lookup.Contains(word);
}
