using AgentCore.Text;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCore.Tests.Text;

public class TokenizerTests
{
    private static List<string> Terms(string text) => [.. Tokenizer.Tokenize(text).Select(token => token.Term)];

    [Theory]
    [InlineData("maxRetries", "max", "retri", "maxretri")]
    [InlineData("max_retries", "max", "retri", "maxretri")]
    [InlineData("--dry-run", "dri", "run", "dryrun")]
    [InlineData("HTTPServer", "http", "server", "httpserver")]
    [InlineData("APIs", "api")]
    [InlineData("404s", "404", "404s")]
    public void Tokenize_CompoundName_GivesPartsAndWhole(string text, params string[] expected) =>
        Assert.Equal(expected, Terms(text));

    [Theory]
    [InlineData("größe", "große")]
    [InlineData("Café", "cafe")]
    public void Tokenize_Accents_AreFolded(string accented, string other) => Assert.Equal(Terms(other)[0], Terms(accented)[0]);

    [Fact]
    public void Tokenize_Chinese_GivesPairs() => Assert.Equal(["如何", "何配", "配置"], Terms("如何配置"));

    [Fact]
    public void Tokenize_RussianWords_StayWhole() => Assert.Equal(["как", "настроить", "сервер"], Terms("Как настроить сервер?"));

    [Fact]
    public void Tokenize_SentenceEnd_IsNoCompound() => Assert.Equal(["end", "next"], Terms("The end.Next"));

    [Fact]
    public void Tokenize_AnyText_StaysInsideAndTerminates() => Prop.ForAll<string>(text =>
    {
        text ??= "";
        return Tokenizer.Tokenize(text).TrueForAll(token => token.Start >= 0 && token.Length > 0 && token.Start + token.Length <= text.Length && token.Term.Length > 0);
    }).QuickCheckThrowOnFailure();
}
