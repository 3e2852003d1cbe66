using System.Text;
using System.Text.Json;

namespace AgentCore.Adapters.Processes.Tests;

/// <summary>Secrets in what children write, however it is written.</summary>
public sealed class SecretMaskTests
{
    private const string Key = "wJalr/XUtnäFEMI \"K7\\MDENG";

    [Theory]
    [InlineData("""wJalr/XUtnäFEMI "K7\MDENG""")]
    [InlineData("""wJalr\/XUtn\u00e4FEMI \"K7\\MDENG""")]
    [InlineData("""wJalr\/XUtn\u00E4FEMI \u0022K7\u005cMDENG""")]
    [InlineData("""\u0077Jalr/XUtnäFEMI \"K7\\MDENG""")]
    public void Apply_Escaped_Masked(string written) =>
        Assert.Equal("""a\b *** c""", new SecretMask([Key]).Apply($@"a\b {written} c"));

    [Fact]
    public void Apply_Json_NamesTextsAndNumbersMasked()
    {
        var mask = new SecretMask(["s3cret", "123456"]);

        var masked = mask.Apply(JsonElement.Parse("""{"s3cret":["a s3cret",true,null,1.50,123456,7],"b":{}}"""));

        Assert.Equal("""{"***":["a ***",true,null,1.50,"***",7],"b":{}}""", masked!.Value.GetRawText());
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void LastLines_KeyOfMoreLinesThanAreKept_NoneShown(string end)
    {
        var key = string.Join(end, Enumerable.Range(0, 30).Select(i => $"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC{i:00}"));
        var lines = new LastLines(20, new SecretMask([key]));

        lines.Add(key + "\n");

        Assert.DoesNotContain("MIIE", lines.Describe("it"), StringComparison.Ordinal);
    }

    [Fact]
    public void LastLines_CarriageReturnInShortLines_Masked()
    {
        var lines = new LastLines(20, new SecretMask(["user\r\npass"]));

        lines.Add("before\nuser\r\npass\r\nafter\n");

        Assert.Equal(" Last lines of it:\nbefore\n***\nafter", lines.Describe("it"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1990)]
    [InlineData(4000)]
    public void LastLines_SecretLongerThanALine_NoPartShown(int before)
    {
        var secret = string.Concat(Enumerable.Range(0, 500).Select(i => $"k{i:0000}x"));
        var lines = new LastLines(20, new SecretMask([secret]));

        for (var i = 0; i < 5; i++)
            lines.Add(new string('.', before) + secret);
        lines.AddLine(Encoding.UTF8.GetBytes(secret));

        Assert.DoesNotContain("k0", lines.Describe("it"), StringComparison.Ordinal);
    }
}
