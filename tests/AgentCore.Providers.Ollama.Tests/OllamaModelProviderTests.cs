using System.Reflection;
using System.Text.Json.Nodes;
using AgentCore.Models;
using AgentCore.Plugins;
using AgentCore.Providers.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.Ollama.Tests;

public class OllamaModelProviderTests
{
    private const string Key = "ollama-test-7c1e99";

    // A busy machine must not turn an answer into none.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const string Tags =
        """
        {"models":[
          {"name":"nomic-embed-text:latest","model":"nomic-embed-text:latest","modified_at":"2026-05-10T08:06:48.639712648-07:00","size":274302450,"digest":"0a109f422b47","details":{"parent_model":"","format":"gguf","family":"nomic-bert","families":["nomic-bert"],"parameter_size":"137M","quantization_level":"F16"}},
          {"name":"gemma:2b","model":"gemma:2b","modified_at":"2026-05-09T08:06:48.639712648-07:00","size":1678456656,"digest":"b50d6c999e59","details":{"parent_model":"","format":"gguf","family":"gemma","families":["gemma"],"parameter_size":"3B","quantization_level":"Q4_0"}},
          {"name":"llama3.2:latest","model":"llama3.2:latest","modified_at":"2026-05-04T17:37:44.706015396-07:00","size":2019393189,"digest":"a80c4f17acd5","details":{"parent_model":"","format":"gguf","family":"llama","families":["llama"],"parameter_size":"3.2B","quantization_level":"Q4_K_M"}}
        ]}
        """;

    [Fact]
    public async Task Probe_ServerThatTellsCapabilities_PutsToolModelsFirstAndEmbeddersOut()
    {
        await using var server = await WireServer.StartAsync(context => context.Request.Path == "/api/tags"
            ? context.SendAsync(200, "application/json", Tags)
            : context.SendAsync(200, "application/json", Capabilities(context.Sent())));

        var status = await ProbeAsync(server);

        Assert.True(status.Available);
        Assert.Equal(["llama3.2:latest", "gemma:2b"], status.Models);
        Assert.Equal($"2 models at {server.Url.ToString().TrimEnd('/')}, 1 can call tools", status.Reason);
        Assert.Equal(3, server.Requests.Count(r => (r.Method, r.Path) == ("POST", "/api/show")));
    }

    [Fact]
    public async Task Probe_CapabilitiesInTheList_AsksNoMore()
    {
        await using var server = await WireServer.JsonAsync(
            """{"models":[{"name":"a","capabilities":["completion"]},{"name":"b","capabilities":["completion","tools"]}]}""");

        var status = await ProbeAsync(server);

        Assert.Equal(["b", "a"], status.Models);
        Assert.Equal("/api/tags", server.Requests.Single().Path);
    }

    [Fact]
    public async Task Probe_HalfAPairInNames_IsReplaced()
    {
        await using var server = await WireServer.JsonAsync(
            """{"models":[{"name":"a\ud83d","capabilities":["completion","\ude80"],"name\ud83d":""}]}""");

        Assert.Equal(["a\ufffd"], (await ProbeAsync(server)).Models);
    }

    [Fact]
    public async Task Probe_OlderServer_KeepsItsOrderAndSaysNothingOfTools()
    {
        await using var server = await WireServer.StartAsync(context => context.Request.Path == "/api/tags"
            ? context.SendAsync(200, "application/json", Tags)
            : context.SendAsync(200, "application/json", """{"modelfile":"","details":{}}"""));

        var status = await ProbeAsync(server);

        Assert.Equal(["nomic-embed-text:latest", "gemma:2b", "llama3.2:latest"], status.Models);
        Assert.DoesNotContain("tools", status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_ShowNeverAnswers_StillGivesTheList()
    {
        await using var server = await WireServer.StartAsync(context => context.Request.Path == "/api/tags"
            ? context.SendAsync(200, "application/json", Tags)
            : Task.Delay(Timeout.Infinite, context.RequestAborted));

        var status = await new OllamaModelProvider(TimeSpan.FromSeconds(2)).ProbeAsync(Settings(("OLLAMA_HOST", server.Url.Authority)));

        Assert.True(status.Available);
        Assert.Equal(3, status.Models.Count);
    }

    [Theory]
    [InlineData("llama3.2", new[] { "llama3.2", "nomic-embed-text:latest", "gemma:2b" })]
    [InlineData("gemma:2b", new[] { "gemma:2b", "nomic-embed-text:latest", "llama3.2:latest" })]
    public async Task Probe_ChosenModel_IsFirst(string chosen, string[] expected)
    {
        await using var server = await WireServer.StartAsync(context => context.Request.Path == "/api/tags"
            ? context.SendAsync(200, "application/json", Tags)
            : context.SendAsync(404, "application/json", """{"error":"model not found"}"""));

        Assert.Equal(expected, (await ProbeAsync(server, ("OLLAMA_MODEL", chosen))).Models);
    }

    [Theory]
    [InlineData(200, """{"models":[]}""", "ollama pull")]
    [InlineData(200, """{"models":[{"name":"e","capabilities":["embedding"]}]}""", "ollama pull")]
    [InlineData(200, "<html>", "not as Ollama does")]
    [InlineData(404, "{}", "answers 404")]
    [InlineData(200, """{"models":[null,1,{"name":5}]}""", "ollama pull")]
    public async Task Probe_OddServers_NeverThrowAndSayWhy(int code, string body, string reason)
    {
        await using var server = await WireServer.JsonAsync(body, code);

        var status = await ProbeAsync(server);

        Assert.False(status.Available);
        Assert.Contains(reason, status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_NoServer_SaysWhere()
    {
        Uri url;
        await using (var server = await WireServer.JsonAsync("{}"))
            url = server.Url;

        var status = await new OllamaModelProvider().ProbeAsync(Settings(("OLLAMA_HOST", url.Authority)));

        Assert.Equal(new ProviderStatus(false, $"no server at http://{url.Authority}", []).ToString(), status.ToString());
    }

    [Fact]
    public async Task Probe_SilentServer_GivesUp()
    {
        await using var server = await WireServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        Assert.False((await new OllamaModelProvider().ProbeAsync(Settings(("OLLAMA_HOST", server.Url.Authority)))).Available);
    }

    [Theory]
    [InlineData("OLLAMA_HOST", "ftp://ollama-test-7c1e99@box")]
    [InlineData("OLLAMA_API_KEY", "ollama-test-7c1e99\r\nX-Evil: 1")]
    public async Task WrongSetting_IsNamedAndNotShown(string name, string value)
    {
        var provider = new OllamaModelProvider();

        var error = Assert.Throws<InvalidOperationException>(() => provider.CreateClient("m", Settings((name, value))));
        var status = await provider.ProbeAsync(Settings((name, value)));

        Assert.StartsWith(name, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(name, status.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, error + status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateClient_Chats_ThroughTheCompatibleEndpoint()
    {
        await using var server = await WireServer.JsonAsync(
            """{"id":"chatcmpl-418","object":"chat.completion","created":1747000000,"model":"llama3.2","system_fingerprint":"fp_ollama","choices":[{"index":0,"message":{"role":"assistant","content":"Hi!"},"finish_reason":"stop"}],"usage":{"prompt_tokens":26,"completion_tokens":3,"total_tokens":29}}""");
        using var client = new OllamaModelProvider().CreateClient("llama3.2", Settings(("OLLAMA_HOST", server.Url.Authority), ("OLLAMA_API_KEY", Key)));

        var response = await client.GetResponseAsync("Hello", new ChatOptions { MaxOutputTokens = 10 });

        Assert.Equal("Hi!", response.Text);
        Assert.Equal("/v1/chat/completions", server.Requests.Single().Path);
        Assert.Equal("Bearer " + Key, server.Requests.Single().Headers["Authorization"]);
        // Ollama ignores max_completion_tokens.
        Assert.Equal(10, server.Sent["max_tokens"]!.GetValue<int>());
        Assert.Equal("ollama", client.GetService<ChatClientMetadata>()!.ProviderName);
    }

    [Fact]
    public async Task CreateClient_UnknownModel_SaysHowToLoadIt()
    {
        await using var server = await WireServer.JsonAsync(
            """{"error":{"message":"model \"llama9\" not found, try pulling it first","type":"api_error","param":null,"code":null}}""", 404);
        using var client = new OllamaModelProvider().CreateClient("llama9", Settings(("OLLAMA_HOST", server.Url.Authority)));

        var error = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync("Hello"));

        Assert.Contains("ollama pull llama9", error.Message, StringComparison.Ordinal);
        Assert.Equal(404, error.StatusCode);
    }

    [Fact]
    public void Plugin_IsFoundByItsAttribute()
    {
        var registry = new PluginRegistry();

        registry.Load((AgentCorePlugin)Activator.CreateInstance(typeof(OllamaPlugin).Assembly.GetCustomAttribute<AgentCorePluginAttribute>()!.Entry)!);

        Assert.Equal("ollama", registry.Providers.Single().Name);
    }

    private static string Capabilities(WireRequest show)
    {
        var model = JsonNode.Parse(show.Body)!["model"]!.ToString();
        return model switch
        {
            "nomic-embed-text:latest" => """{"capabilities":["embedding"]}""",
            "llama3.2:latest" => """{"capabilities":["completion","tools"],"model_info":{"llama.context_length":131072}}""",
            _ => """{"capabilities":["completion"]}""",
        };
    }

    private static ValueTask<ProviderStatus> ProbeAsync(WireServer server, params (string Name, string? Value)[] settings) =>
        new OllamaModelProvider(Patience).ProbeAsync(Settings([.. settings, ("OLLAMA_HOST", server.Url.Authority)]));

    private static ProviderSettings Settings(params (string Name, string? Value)[] values) =>
        new(name => values.LastOrDefault(v => v.Name == name).Value);
}
