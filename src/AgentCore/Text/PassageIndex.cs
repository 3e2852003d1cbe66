using System.Runtime.InteropServices;

namespace AgentCore.Text;

/// <summary>A passage that matched, and how well.</summary>
/// <param name="Passage">The passage's number, as <see cref="PassageIndex.Add"/> returned it.</param>
/// <param name="Score">Higher is better; comparable within one search only.</param>
public readonly record struct PassageHit(int Passage, double Score);

/// <summary>
/// A compact in-memory index over passages that stand in sections of files. Ranks with BM25F (Robertson, Zaragoza and Taylor,
/// "Simple BM25 extension to multiple weighted fields", CIKM 2004): a passage's own words, the headings above it, the file's
/// name and title, and the section around it are fields of different weight.
/// </summary>
/// <remarks>
/// Filling is for one thread; searching a filled index is safe from any number of them. It holds postings, not text: about a
/// third of the indexed text's size.
/// </remarks>
public sealed class PassageIndex
{
    private const int MaxTerms = 1_000_000;
    private const int MaxCount = 255;

    private readonly Dictionary<string, int> _termIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _termLookup;
    private readonly PostingPool _pool = new();
    private readonly List<int> _touched = [];
    private readonly List<ushort> _bodyLengths = [];
    private readonly List<int> _sectionOf = [];
    private readonly List<Section> _sections = [];
    private readonly List<DocumentFile> _files = [];
    private Posting[] _postings = new Posting[1024];
    private long _totalBody;

    /// <summary>Makes an empty index.</summary>
    public PassageIndex() => _termLookup = _termIds.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The number of passages.</summary>
    public int Count => _bodyLengths.Count;

    /// <summary>Begins a file: the passages that follow are its.</summary>
    /// <param name="name">Its relative path; its words count as title.</param>
    /// <param name="prior">What its passages' scores are multiplied with: 1 for usual text, less for what seldom answers.</param>
    public void BeginFile(string name, double prior = 1)
    {
        _files.Add(new DocumentFile { Prior = (float)prior });
        BeginSection("", "");
        AddTitle(name);
    }

    /// <summary>Adds words to the current file's title.</summary>
    /// <param name="title">The title.</param>
    public void AddTitle(string title) => Collect(title, Field.Title);

    /// <summary>Begins a section: the passages that follow stand under its headings.</summary>
    /// <param name="heading">The section's own heading.</param>
    /// <param name="parents">The headings above it: they count half.</param>
    public void BeginSection(string heading, string parents)
    {
        // A section that held no passage leaves its heading words to the next one; its own must not.
        if (_sections.Count > 0 && _sections[^1].FirstPassage == Count) _sections.RemoveAt(_sections.Count - 1);
        _sections.Add(new Section { FirstPassage = Count, File = _files.Count - 1 });
        Collect(heading, Field.Heading);
        Collect(heading, Field.Heading);
        Collect(parents, Field.Heading);
    }

    /// <summary>Adds a passage to the current section.</summary>
    /// <param name="text">Its text.</param>
    /// <returns>Its number, counted from 0 in the order of adding.</returns>
    public int Add(ReadOnlySpan<char> text)
    {
        var passage = Count;
        var length = Collect(text, Field.Body);
        foreach (var id in _touched) _postings[id].Flush(_pool, passage);
        _touched.Clear();
        _bodyLengths.Add((ushort)Math.Min(length, ushort.MaxValue));
        _sectionOf.Add(_sections.Count - 1);
        _totalBody += length;
        CollectionsMarshal.AsSpan(_sections)[^1].BodyLength += length;
        return passage;
    }

    /// <summary>Gives back the room that filling left over.</summary>
    public void Trim()
    {
        _termIds.TrimExcess();
        _bodyLengths.TrimExcess();
        _sectionOf.TrimExcess();
        Array.Resize(ref _postings, Math.Max(1, _termIds.Count));
    }

    /// <summary>In how many passages, or headings and titles above them, a term stands.</summary>
    /// <param name="term">A term in normal form (see <see cref="Tokenizer.Term"/>).</param>
    public int DocumentFrequency(string term) => _termIds.TryGetValue(term, out var id) ? _postings[id].Count : 0;

    /// <summary>Ranks the passages for a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="top">At most so many hits.</param>
    /// <returns>The hits, best first; equal scores in the order of adding.</returns>
    public IReadOnlyList<PassageHit> Search(TextQuery query, int top)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (Count == 0) return [];
        var ranking = new Ranking(this, (float)_totalBody / Count);
        foreach (var concept in query.Concepts) ranking.Add(concept);
        return ranking.Best(top);
    }

    private int Collect(ReadOnlySpan<char> text, Field field)
    {
        var scanner = new WordScanner(text);
        Span<char> word = stackalloc char[64];
        var count = 0;
        while (scanner.Next())
        {
            var length = scanner.WriteNormal(word);
            if (length == 0 || StopWords.Contains(word[..length])) continue;
            if (!scanner.IsCompound) count++;
            var id = IdOf(Tokenizer.Term(word[..length]));
            if (id < 0) continue;
            if (_postings[id].Collect(field)) _touched.Add(id);
        }
        return count;
    }

    private int IdOf(string term)
    {
        if (_termIds.TryGetValue(term, out var id)) return id;
        if (_termIds.Count == MaxTerms) return -1;
        id = _termIds.Count;
        _termIds.Add(term, id);
        if (id == _postings.Length) Array.Resize(ref _postings, id * 2);
        return id;
    }

    private enum Field
    {
        Body,
        Heading,
        Title,
    }

    private struct Section
    {
        public int FirstPassage;
        public int File;
        public int BodyLength;
    }

    private struct DocumentFile
    {
        public float Prior;
    }

    /// <summary>A term's postings, and its counts in the passage that is being added.</summary>
    private struct Posting
    {
        public PostingPool.Chain Chain;
        public int Count;
        private int _lastPassage;
        private byte _body;
        private byte _heading;
        private byte _title;

        public bool Collect(Field field)
        {
            var isFirst = (_body | _heading | _title) == 0;
            ref var count = ref _body;
            if (field == Field.Heading) count = ref _heading;
            if (field == Field.Title) count = ref _title;
            if (count < MaxCount) count++;
            return isFirst;
        }

        public void Flush(PostingPool pool, int passage)
        {
            var delta = (uint)(passage - _lastPassage);
            var kind = (_heading | _title) != 0 ? 2u : _body == 1 ? 0u : 1u;
            pool.Append(ref Chain, (delta << 2) | kind);
            if (kind != 0) pool.Append(ref Chain, _body);
            if (kind == 2)
            {
                pool.Append(ref Chain, _heading);
                pool.Append(ref Chain, _title);
            }
            (_lastPassage, _body, _heading, _title) = (passage, 0, 0, 0);
            Count++;
        }
    }

    /// <summary>One search: scores of every passage, filled concept by concept.</summary>
    private sealed class Ranking(PassageIndex index, float averageBody)
    {
        private const float K1 = 1.2f;
        private const float BodyB = 0.7f;
        private const float SectionB = 0.8f;
        private const float HeadingWeight = 1.2f;
        private const float TitleWeight = 0.8f;
        private const float SectionWeight = 0.35f;

        private const float HighestIdf = 5f;
        private const double VariantFrequency = 0.5;
        private const float LeadGain = 1.1f;

        private readonly float[] _scores = new float[index.Count];
        private readonly float[] _body = new float[index.Count];
        private readonly float[] _section = new float[index._sections.Count];
        private readonly float[] _file = new float[index._files.Count];
        private readonly float _averageSection = (float)index._totalBody / Math.Max(1, index._sections.Count);

        public void Add(Concept concept)
        {
            Array.Clear(_body);
            Array.Clear(_section);
            Array.Clear(_file);
            var frequency = 0d;
            var found = false;
            foreach (var variant in concept.Variants)
            {
                if (!index._termIds.TryGetValue(variant.Term, out var id)) continue;
                found = true;
                frequency = Math.Max(frequency, index._postings[id].Count * (variant.Weight >= 1 ? 1 : VariantFrequency));
                Collect(index._postings[id], (float)variant.Weight);
            }
            if (!found) return;

            var idf = (float)(concept.Weight * Math.Min(HighestIdf, Math.Log(1 + ((index.Count - frequency + 0.5) / (frequency + 0.5)))));
            var sections = CollectionsMarshal.AsSpan(index._sections);
            for (var passage = 0; passage < _scores.Length; passage++)
            {
                var section = index._sectionOf[passage];
                var frequencyHere = _section[section] + _file[sections[section].File];
                if (_body[passage] > 0)
                    frequencyHere += _body[passage] / (1 - BodyB + (BodyB * index._bodyLengths[passage] / averageBody));
                if (frequencyHere > 0) _scores[passage] += idf * frequencyHere / (K1 + frequencyHere);
            }
        }

        public PassageHit[] Best(int top)
        {
            var sections = CollectionsMarshal.AsSpan(index._sections);
            var best = new PriorityQueue<PassageHit, (double Score, int Order)>();
            for (var passage = 0; passage < _scores.Length; passage++)
            {
                if (_scores[passage] <= 0) continue;
                var section = index._sectionOf[passage];
                var score = (double)_scores[passage] * index._files[sections[section].File].Prior;
                if (sections[section].FirstPassage == passage) score *= LeadGain;
                var hit = new PassageHit(passage, score);
                if (best.Count < top) best.Enqueue(hit, (score, -passage));
                else best.EnqueueDequeue(hit, (score, -passage));
            }
            var hits = new PassageHit[best.Count];
            for (var i = hits.Length - 1; i >= 0; i--) hits[i] = best.Dequeue();
            return hits;
        }

        private void Collect(Posting posting, float weight)
        {
            var sections = CollectionsMarshal.AsSpan(index._sections);
            var reader = index._pool.Read(posting.Chain);
            var passage = 0;
            while (!reader.AtEnd)
            {
                var head = reader.Next();
                passage += (int)(head >> 2);
                var kind = head & 3;
                var body = kind == 0 ? 1 : reader.Next();
                var section = index._sectionOf[passage];
                if (body > 0)
                {
                    _body[passage] += weight * body;
                    _section[section] += weight * body * SectionWeight / (1 - SectionB + (SectionB * sections[section].BodyLength / _averageSection));
                }
                if (kind != 2) continue;
                _section[section] += weight * HeadingWeight * Math.Min(reader.Next(), 2) / 2;
                var title = reader.Next();
                if (title > 0) _file[sections[section].File] += weight * TitleWeight;
            }
        }
    }
}
