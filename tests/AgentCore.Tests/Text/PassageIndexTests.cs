using AgentCore.Text;

namespace AgentCore.Tests.Text;

public class PassageIndexTests
{
    private static PassageIndex Index(params string[] passages)
    {
        var index = new PassageIndex();
        index.BeginFile("doc.md");
        index.BeginSection("", "");
        foreach (var passage in passages) index.Add(passage);
        return index;
    }

    private static int Best(PassageIndex index, string query) => index.Search(TextQuery.Parse(query), 1)[0].Passage;

    [Fact]
    public void Search_EmptyIndex_FindsNothing() => Assert.Empty(new PassageIndex().Search(TextQuery.Parse("anything"), 3));

    [Fact]
    public void Search_UnknownWords_FindsNothing() => Assert.Empty(Index("apples and pears").Search(TextQuery.Parse("zeppelin"), 3));

    [Fact]
    public void Search_RareWord_BeatsCommonOne() => Assert.Equal(2, Best(Index("the valve opens", "a valve shuts", "a valve with zircon", "valve valve valve"), "zircon valve"));

    [Fact]
    public void Search_Heading_CountsForItsPassages()
    {
        var index = new PassageIndex();
        index.BeginFile("a.md");
        index.BeginSection("Timeouts", "");
        index.Add("They are five seconds long.");
        index.BeginSection("Colours", "");
        index.Add("They are five seconds red.");
        Assert.Equal(0, Best(index, "timeout seconds"));
    }

    [Fact]
    public void Search_Synonym_IsFound() => Assert.Equal(1, Best(Index("nothing of the kind", "to delete a snapshot, forget it"), "get rid of snapshots"));

    [Fact]
    public void Search_SplitVerb_IsFound() => Assert.Equal(1, Best(Index("leaves fall from trees", "exclude these paths"), "leave some paths out"));

    [Fact]
    public void Search_LowPrior_ComesLater()
    {
        var index = new PassageIndex();
        index.BeginFile("changes.md", 0.5);
        index.Add("the cache was added");
        index.BeginFile("guide.md");
        index.Add("the cache was added");
        Assert.Equal(1, Best(index, "cache"));
    }

    [Fact]
    public void Search_ManyPassages_FindsEachByItsOwnWord()
    {
        // More than one slice and page of postings, with frequencies above one byte's worth.
        var passages = Enumerable.Range(0, 3000).Select(n => $"common word{n} " + string.Concat(Enumerable.Repeat("often ", n % 300))).ToArray();
        var index = Index(passages);
        index.Trim();
        foreach (var n in (int[])[0, 1, 299, 1500, 2999])
            Assert.Equal(n, index.Search(TextQuery.Parse($"word{n}"), 1)[0].Passage);
        Assert.Equal(3000, index.DocumentFrequency("common"));
        Assert.Equal(3000, index.Search(TextQuery.Parse("common"), 5000).Count);
    }

    [Fact]
    public void Search_Twice_GivesTheSame()
    {
        var index = Index("a cat", "a cat", "a dog and a cat");
        var query = TextQuery.Parse("cat dog");
        Assert.Equal(index.Search(query, 3), index.Search(query, 3));
    }
}
