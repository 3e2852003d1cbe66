using AgentCore.Text;

namespace AgentCore.Tests.Text;

public class EnglishStemmerTests
{
    // From the sample vocabulary that Snowball publishes with the algorithm.
    [Theory]
    [InlineData("consign", "consign")]
    [InlineData("consigned", "consign")]
    [InlineData("consignment", "consign")]
    [InlineData("consist", "consist")]
    [InlineData("consistency", "consist")]
    [InlineData("consistently", "consist")]
    [InlineData("consolation", "consol")]
    [InlineData("consolidating", "consolid")]
    [InlineData("knack", "knack")]
    [InlineData("knavish", "knavish")]
    [InlineData("kneeling", "kneel")]
    [InlineData("knightly", "knight")]
    [InlineData("knives", "knive")]
    [InlineData("generate", "generat")]
    [InlineData("generously", "generous")]
    [InlineData("ties", "tie")]
    [InlineData("cries", "cri")]
    [InlineData("gas", "gas")]
    [InlineData("gaps", "gap")]
    [InlineData("hoping", "hope")]
    [InlineData("hopping", "hop")]
    [InlineData("luxuriated", "luxuri")]
    [InlineData("succeed", "succeed")]
    [InlineData("skies", "sky")]
    [InlineData("dying", "die")]
    public void Stem_SampleVocabulary_MatchesSnowball(string word, string stem) => Assert.Equal(stem, EnglishStemmer.Stem(word));

    [Theory]
    [InlineData("retries", "retry")]
    [InlineData("configuration", "configure")]
    [InlineData("deleted", "delete")]
    [InlineData("encryption", "encrypted")]
    public void Stem_FormsOfOneWord_AreEqual(string one, string other) => Assert.Equal(EnglishStemmer.Stem(one), EnglishStemmer.Stem(other));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("größe")]
    [InlineData("sha256")]
    [InlineData("'''")]
    public void Stem_NotAnEnglishWord_ReturnsItOrLess(string word) => Assert.True(EnglishStemmer.Stem(word).Length <= word.Length);

    [Fact]
    public void Stem_VeryLongWord_ReturnsIt()
    {
        var word = new string('s', 5000);
        Assert.Equal(word, EnglishStemmer.Stem(word));
    }
}
