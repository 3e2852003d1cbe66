using AgentCore.Text;

namespace AgentCore.Memory;

/// <summary>Ranks memories for a query: by words (BM25), by vectors where there are any, and both fused by reciprocal rank
/// (Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", SIGIR
/// 2009): each list adds 1 / (60 + rank). Equal scores: the newer memory first.</summary>
internal static class MemoryRanking
{
    private const int FusionConstant = 60;

    public static List<MemoryHit> Best(
        IEnumerable<(MemoryEntry Entry, StoredMemory Stored)> unordered, string query, ReadOnlyMemory<float>? vector, string model, int count)
    {
        // All that follows keeps this order between equals.
        var memories = NewestFirst(unordered);
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

    // In a scope the number tells which is newer, even where a clock went back; between scopes the time does.
    private static List<(MemoryEntry Entry, StoredMemory Stored)> NewestFirst(IEnumerable<(MemoryEntry Entry, StoredMemory Stored)> memories)
    {
        var timed = new List<((MemoryEntry Entry, StoredMemory Stored) Memory, DateTimeOffset Time)>();
        foreach (var scope in memories.GroupBy(m => m.Entry.Scope))
        {
            var latest = DateTimeOffset.MinValue;
            foreach (var memory in scope.OrderBy(m => m.Entry.Number))
            {
                latest = memory.Entry.Time > latest ? memory.Entry.Time : latest;
                timed.Add((memory, latest));
            }
        }

        return [.. timed.OrderByDescending(m => m.Time).ThenByDescending(m => m.Memory.Entry.Number).Select(m => m.Memory)];
    }

    private static IEnumerable<int> ByWords(List<(MemoryEntry Entry, StoredMemory Stored)> memories, string query, int depth)
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
        List<(MemoryEntry Entry, StoredMemory Stored)> memories, ReadOnlyMemory<float> asked, string model, int depth) =>
        Enumerable.Range(0, memories.Count)
            .Select(i => (Index: i, Similarity: memories[i].Stored.SimilarityTo(asked.Span, model)))
            .Where(m => m.Similarity > 0)
            .OrderByDescending(m => m.Similarity)
            .Take(depth)
            .Select(m => m.Index);
}
