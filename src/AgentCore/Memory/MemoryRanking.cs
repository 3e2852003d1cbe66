using AgentCore.Text;

namespace AgentCore.Memory;

/// <summary>Ranks memories for a query: by words (BM25), by vectors where there are any, and both fused by reciprocal rank
/// (Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR
/// 2009): each list adds 1 / (60 + rank). Equal scores: the newer memory first.</summary>
internal static class MemoryRanking
{
    private const int FusionConstant = 60;

    public static List<MemoryHit> Best(
        IReadOnlyList<(MemoryEntry Entry, StoredMemory Stored)> memories, string query, ReadOnlyMemory<float>? vector, string model, int count)
    {
        var scores = new double[memories.Count];
        var matches = new MemoryMatch[memories.Count];
        // Deeper than asked, so that what is middling in both lists can win over what is good in one.
        var depth = Math.Max(4 * count, 20);
        Add(ByWords(memories, query, depth), MemoryMatch.Words);
        if (vector is { } asked)
            Add(ByVector(memories, asked, model, depth), MemoryMatch.Meaning);

        return [.. Enumerable.Range(0, memories.Count)
            .Where(i => matches[i] != MemoryMatch.None)
            .OrderByDescending(i => scores[i])
            .ThenByDescending(i => memories[i].Entry.Number)
            .ThenBy(i => memories[i].Entry.Id, StringComparer.Ordinal)
            .Take(count)
            .Select(i => new MemoryHit(memories[i].Entry, scores[i], matches[i]))];

        void Add(IEnumerable<int> ranked, MemoryMatch match)
        {
            var rank = 1;
            foreach (var i in ranked)
            {
                scores[i] += 1.0 / (FusionConstant + rank++);
                matches[i] |= match;
            }
        }
    }

    private static IEnumerable<int> ByWords(IReadOnlyList<(MemoryEntry Entry, StoredMemory Stored)> memories, string query, int depth)
    {
        var index = new PassageIndex();
        foreach (var (entry, _) in memories)
        {
            // Each is a document of its own, with its tags as title.
            index.BeginFile(string.Join(' ', entry.Tags));
            index.Add(entry.Text);
        }

        return index.Search(TextQuery.Parse(query), depth).Select(hit => hit.Passage);
    }

    private static IEnumerable<int> ByVector(
        IReadOnlyList<(MemoryEntry Entry, StoredMemory Stored)> memories, ReadOnlyMemory<float> asked, string model, int depth) =>
        Enumerable.Range(0, memories.Count)
            .Select(i => (Index: i, Similarity: memories[i].Stored.SimilarityTo(asked.Span, model)))
            .Where(m => m.Similarity > 0)
            .OrderByDescending(m => m.Similarity)
            .ThenByDescending(m => memories[m.Index].Entry.Number)
            .Take(depth)
            .Select(m => m.Index);
}
