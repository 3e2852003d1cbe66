namespace AgentCore.Text;

/// <summary>
/// Reduces an English word to its stem, so that "retries" meets "retry". The algorithm is Snowball's English stemmer
/// ("Porter2", https://snowballstem.org/algorithms/english/stemmer.html).
/// </summary>
/// <remarks>Stateless and safe from any thread. A word with a character outside a-z and the apostrophe is returned as it is.</remarks>
public static class EnglishStemmer
{
    private const int MaxLength = 64;

    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["skis"] = "ski",
        ["skies"] = "sky",
        ["dying"] = "die",
        ["lying"] = "lie",
        ["tying"] = "tie",
        ["idly"] = "idl",
        ["gently"] = "gentl",
        ["ugly"] = "ugli",
        ["early"] = "earli",
        ["only"] = "onli",
        ["singly"] = "singl",
        ["sky"] = "sky",
        ["news"] = "news",
        ["howe"] = "howe",
        ["atlas"] = "atlas",
        ["cosmos"] = "cosmos",
        ["bias"] = "bias",
        ["andes"] = "andes",
        ["inning"] = "inning",
        ["outing"] = "outing",
        ["canning"] = "canning",
        ["herring"] = "herring",
        ["earring"] = "earring",
        ["proceed"] = "proceed",
        ["exceed"] = "exceed",
        ["succeed"] = "succeed",
    };

    private static readonly (string Suffix, string Replacement)[] Step2 =
    [
        ("ization", "ize"), ("ational", "ate"), ("fulness", "ful"), ("ousness", "ous"), ("iveness", "ive"), ("tional", "tion"),
        ("biliti", "ble"), ("lessli", "less"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"),
        ("ousli", "ous"), ("iviti", "ive"), ("fulli", "ful"), ("enci", "ence"), ("anci", "ance"), ("abli", "able"),
        ("izer", "ize"), ("ator", "ate"), ("alli", "al"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ];

    private static readonly (string Suffix, string Replacement)[] Step3 =
    [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ative", ""),
        ("ical", "ic"), ("ness", ""), ("ful", ""),
    ];

    private static readonly string[] Step4 =
    [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion",
        "al", "er", "ic",
    ];

    /// <summary>Returns the stem of a lower-case word.</summary>
    /// <param name="word">One word in lower case.</param>
    /// <returns>The stem; <paramref name="word"/> itself where nothing is to be removed.</returns>
    public static string Stem(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Length is <= 2 or > MaxLength) return word;
        foreach (var c in word)
            if (c is not ((>= 'a' and <= 'z') or '\'')) return word;
        if (Exceptions.TryGetValue(word, out var known)) return known;

        Span<char> buffer = stackalloc char[MaxLength + 2];
        word.CopyTo(buffer);
        var stem = new Word(buffer, word.Length);
        stem.Prepare();
        stem.Step0();
        stem.Step1A();
        if (Exceptions.ContainsKey(stem.Text.ToString())) return stem.Text.ToString();
        stem.Step1B();
        stem.Step1C();
        stem.ReplaceIn(Step2);
        stem.ReplaceIn(Step3, step3: true);
        stem.RunStep4();
        stem.Step5();
        return stem.Finish();
    }

    /// <summary>The word being stemmed; Y stands for a consonant y.</summary>
    private ref struct Word(Span<char> buffer, int length)
    {
        private readonly Span<char> _chars = buffer;
        private int _length = length;
        private int _r1;
        private int _r2;

        public readonly ReadOnlySpan<char> Text => _chars[.._length];

        public void Prepare()
        {
            if (_chars[0] == '\'')
            {
                Text[1..].CopyTo(_chars);
                _length--;
            }
            for (var i = 0; i < _length; i++)
                if (_chars[i] == 'y' && (i == 0 || IsVowel(_chars[i - 1]))) _chars[i] = 'Y';

            _r1 = Text.StartsWith("gener") || Text.StartsWith("arsen") ? 5
                : Text.StartsWith("commun") ? 6
                : Region(0);
            _r2 = Region(_r1);
        }

        public void Step0()
        {
            if (!Drop("'s'") && !Drop("'s")) Drop("'");
        }

        public void Step1A()
        {
            if (Ends("sses")) Cut(2);
            else if (Ends("ied") || Ends("ies")) Cut(_length > 4 ? 2 : 1);
            else if (Ends("us") || Ends("ss")) return;
            else if (Ends("s") && HasVowelBefore(_length - 2)) Cut(1);
        }

        public void Step1B()
        {
            foreach (var suffix in (ReadOnlySpan<string>)["eedly", "eed"])
            {
                if (!Ends(suffix)) continue;
                if (_length - suffix.Length >= _r1) Cut(suffix.Length - 2);
                return;
            }
            foreach (var suffix in (ReadOnlySpan<string>)["ingly", "edly", "ing", "ed"])
            {
                if (!Ends(suffix)) continue;
                if (!HasVowelBefore(_length - suffix.Length)) return;
                Cut(suffix.Length);
                if (Ends("at") || Ends("bl") || Ends("iz")) Append('e');
                else if (EndsInDouble()) Cut(1);
                else if (IsShort()) Append('e');
                return;
            }
        }

        public readonly void Step1C()
        {
            if (_length > 2 && _chars[_length - 1] is 'y' or 'Y' && !IsVowel(_chars[_length - 2])) _chars[_length - 1] = 'i';
        }

        public void ReplaceIn((string Suffix, string Replacement)[] rules, bool step3 = false)
        {
            foreach (var (suffix, replacement) in rules)
            {
                if (!Ends(suffix)) continue;
                var at = _length - suffix.Length;
                if (at < _r1) return;
                if (suffix == "ogi" && (at == 0 || _chars[at - 1] != 'l')) return;
                if (suffix == "li" && (at == 0 || !"cdeghkmnrt".Contains(_chars[at - 1], StringComparison.Ordinal))) return;
                if (step3 && suffix == "ative" && at < _r2) return;
                Cut(suffix.Length);
                foreach (var c in replacement) Append(c);
                return;
            }
        }

        public void RunStep4()
        {
            foreach (var suffix in Step4)
            {
                if (!Ends(suffix)) continue;
                var at = _length - suffix.Length;
                if (at < _r2) return;
                if (suffix == "ion" && (at == 0 || _chars[at - 1] is not ('s' or 't'))) return;
                Cut(suffix.Length);
                return;
            }
        }

        public void Step5()
        {
            if (Ends("e"))
            {
                var at = _length - 1;
                if (at >= _r2 || (at >= _r1 && !EndsInShortSyllable(at))) Cut(1);
            }
            else if (Ends("l") && _length - 1 >= _r2 && _length > 1 && _chars[_length - 2] == 'l')
            {
                Cut(1);
            }
        }

        public readonly string Finish()
        {
            for (var i = 0; i < _length; i++)
                if (_chars[i] == 'Y') _chars[i] = 'y';
            return Text.ToString();
        }

        private readonly int Region(int from)
        {
            for (var i = from + 1; i < _length; i++)
                if (!IsVowel(_chars[i]) && IsVowel(_chars[i - 1])) return i + 1;
            return _length;
        }

        private readonly bool Ends(string suffix) => Text.EndsWith(suffix);

        private bool Drop(string suffix)
        {
            if (!Ends(suffix)) return false;
            Cut(suffix.Length);
            return true;
        }

        private void Cut(int count) => _length -= count;

        private void Append(char c) => _chars[_length++] = c;

        private readonly bool HasVowelBefore(int end)
        {
            for (var i = 0; i < end; i++)
                if (IsVowel(_chars[i])) return true;
            return false;
        }

        private readonly bool EndsInDouble() =>
            _length > 1 && _chars[_length - 1] == _chars[_length - 2] && "bdfgmnprt".Contains(_chars[_length - 1], StringComparison.Ordinal);

        private readonly bool IsShort() => _r1 >= _length && EndsInShortSyllable(_length);

        private readonly bool EndsInShortSyllable(int end) => end switch
        {
            2 => IsVowel(_chars[0]) && !IsVowel(_chars[1]),
            > 2 => !IsVowel(_chars[end - 1]) && _chars[end - 1] is not ('w' or 'x' or 'Y') && IsVowel(_chars[end - 2]) && !IsVowel(_chars[end - 3]),
            _ => false,
        };

        private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';
    }
}
