using AgentCore.Text;

namespace AgentCore.Tests.Text;

public class SentencesTests
{
    [Fact]
    public void Split_WrappedProse_KeepsLineNumbers()
    {
        var sentences = Sentences.Split("One is here. Two runs\nover lines. Three.", 10);
        Assert.Equal([("One is here.", 10, 10), ("Two runs\nover lines.", 10, 11), ("Three.", 11, 11)], sentences.Select(s => (s.Text, s.Line, s.EndLine)));
    }

    [Fact]
    public void Split_ListAndBlankLines_EndSentences()
    {
        var sentences = Sentences.Split("Intro:\n\n- first item\n  goes on\n- second\n1. third");
        Assert.Equal([("Intro:", 1), ("- first item\n  goes on", 3), ("- second", 5), ("1. third", 6)], sentences.Select(s => (s.Text, s.Line)));
    }

    [Theory]
    [InlineData("Use e.g. this one.")]
    [InlineData("Version 1.2.3 is out.")]
    [InlineData("See config.toml for it.")]
    [InlineData("Mr. Smith came.")]
    public void Split_AbbreviationOrNumber_IsNoEnd(string text) => Assert.Single(Sentences.Split(text));

    [Fact]
    public void Split_Empty_GivesNothing() => Assert.Empty(Sentences.Split(" \n\n "));

    [Fact]
    public void Split_EverySentence_StandsAtItsLine()
    {
        const string text = "A. B b.\n\n  C\nD! (E?) F\n\n\n* G\n";
        var lines = text.Split('\n');
        foreach (var sentence in Sentences.Split(text))
            Assert.Contains(sentence.Text.Split('\n')[0], lines[sentence.Line - 1], StringComparison.Ordinal);
    }
}
