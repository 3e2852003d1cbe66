using AgentCore.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCore.Tests.Text;

public class CitationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("- no quotes here (a.md:1)")]
    [InlineData("- \"quote\" (a.md)")]
    [InlineData("- \"quote\" (a.md:0)")]
    [InlineData("- \"quote\" (a.md:99999999999999)")]
    [InlineData("text - \"quote\" (a.md:1)")]
    public void TryParse_NotACitation_IsRefused(string line) => Assert.False(Citation.TryParse(line, out _));

    [Theory]
    [InlineData("- \"a quote\" (docs/a.md:42)", "docs/a.md", 42, "a quote")]
    [InlineData("  * \"a quote\" (docs/a.md:42)", "docs/a.md", 42, "a quote")]
    [InlineData("3. “a quote” (docs/a.md:42)", "docs/a.md", 42, "a quote")]
    [InlineData("- \"say \"hi\" (now) to C:\\x\" (my docs/a (1).md:7)", "my docs/a (1).md", 7, "say \"hi\" (now) to C:\\x")]
    [InlineData("- \"a\" (a.md:1): ok", "a.md", 1, "a")]
    [InlineData("- \"a\" (a.md:1-3)", "a.md", 1, "a")]
    public void TryParse_Citation_IsRead(string line, string file, int number, string quote)
    {
        Assert.True(Citation.TryParse(line, out var citation));
        Assert.Equal(new Citation(file, number, quote), citation);
    }

    [Fact]
    public void TryParse_WhatToStringWrote_IsEqual() => Prop.ForAll<NonEmptyString, PositiveInt>((text, line) =>
    {
        var quote = string.Join(' ', text.Get.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (quote.Length == 0 || quote.Any(char.IsControl)) return true;
        var citation = new Citation("docs/a.md", line.Get, quote);
        return Citation.TryParse(citation.ToString(), out var read) && read == citation;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void TryParse_HugeLine_EndsSoon() => Assert.False(Citation.TryParse("\"" + new string('(', 19_000), out _));

    [Fact]
    public void ParseAll_Answer_GivesEachOnceInOrder()
    {
        var citations = Citation.ParseAll("Text.\n- \"b\" (b.md:2)\nmore\n- \"a\" (a.md:1)\n- \"b\" (b.md:2)\n");
        Assert.Equal(["b.md", "a.md"], citations.Select(citation => citation.File));
    }

    [Theory]
    [InlineData(1, "first line", true)]
    [InlineData(1, "line second", true)]
    [InlineData(2, "second", true)]
    [InlineData(1, "second", false)]
    [InlineData(2, "first", false)]
    [InlineData(1, "First line", false)]
    [InlineData(9, "first", false)]
    [InlineData(1, "  ", false)]
    public void IsIn_File_AsksForTheTextAtTheLine(int line, string quote, bool expected) =>
        Assert.Equal(expected, new Citation("a", line, quote).IsIn(["the first  line", "second line"]));
}
