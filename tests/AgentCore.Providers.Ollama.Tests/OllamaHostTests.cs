namespace AgentCore.Providers.Ollama.Tests;

public class OllamaHostTests
{
    [Theory]
    [InlineData(null, "http://127.0.0.1:11434/")]
    [InlineData("", "http://127.0.0.1:11434/")]
    [InlineData("1.2.3.4", "http://1.2.3.4:11434/")]
    [InlineData("1.2.3.4:1234", "http://1.2.3.4:1234/")]
    [InlineData(":1234", "http://127.0.0.1:1234/")]
    [InlineData("box.local", "http://box.local:11434/")]
    [InlineData("\" box.local:80 \"", "http://box.local/")]
    [InlineData("http://box.local", "http://box.local/")]
    [InlineData("https://box.local", "https://box.local/")]
    [InlineData("https://box.local:8443/ollama/", "https://box.local:8443/ollama")]
    [InlineData("box.local/ollama", "http://box.local:11434/ollama")]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434/")]
    [InlineData("http://0.0.0.0:1234", "http://127.0.0.1:1234/")]
    [InlineData("[::]:1234", "http://[::1]:1234/")]
    [InlineData("::1", "http://[::1]:11434/")]
    [InlineData("[::1]", "http://[::1]:11434/")]
    [InlineData("[::1]:1234", "http://[::1]:1234/")]
    public void Parse_EachForm_IsAnAddress(string? value, string expected) => Assert.Equal(expected, OllamaHost.Parse(value)!.AbsoluteUri);

    [Theory]
    [InlineData("ftp://box.local")]
    [InlineData("http://")]
    [InlineData("box.local:port")]
    [InlineData("a b")]
    [InlineData("1.2.3.4:99999")]
    public void Parse_Nonsense_IsNull(string value) => Assert.Null(OllamaHost.Parse(value));
}
