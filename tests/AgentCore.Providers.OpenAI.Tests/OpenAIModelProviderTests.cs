using System.Reflection;
using AgentCore.Models;
using AgentCore.Plugins;
using AgentCore.Providers.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class OpenAIModelProviderTests
{
    private const string List = """{"object":"list","data":[{"id":"text-embedding-3-small","object":"model"},{"id":"gpt-4o","object":"model"},{"id":"gpt-4o-mini","object":"model"},{"id":"whisper-1","object":"model"}]}""";

    [Fact]
    public async Task Probe_NothingSet_SaysWhatToSet()
    {
        var status = await new OpenAIModelProvider().ProbeAsync(Settings());

        Assert.False(status.Available);
        Assert.Contains("OPENAI_API_KEY is not set", status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_ServerWithModels_ListsThoseThatChat()
    {
        await using var server = await WireServer.JsonAsync(List);

        var status = await ProbeAsync(server, ("OPENAI_API_KEY", Wire.Key));

        Assert.True(status.Available);
        Assert.Equal(["gpt-4o-mini", "gpt-4o"], status.Models);
        Assert.Equal(("GET", "/v1/models"), (server.Requests.Single().Method, server.Requests.Single().Path));
        Assert.Equal("Bearer " + Wire.Key, server.Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public async Task Probe_WithoutKey_SendsNoneAndPutsTheChosenModelFirst()
    {
        await using var server = await WireServer.JsonAsync(List);

        var status = await ProbeAsync(server, ("OPENAI_MODEL", "mine"));

        Assert.Equal(["mine", "gpt-4o-mini", "gpt-4o"], status.Models);
        Assert.False(server.Requests.Single().Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData(401, "{}", null, false, "refused OPENAI_API_KEY")]
    [InlineData(503, "", null, false, "answers 503")]
    [InlineData(404, "nothing", null, false, "set OPENAI_MODEL")]
    [InlineData(404, "nothing", "m", true, "OPENAI_API_KEY is set")]
    [InlineData(301, "{}", null, false, "set OPENAI_BASE_URL to the final address")]
    [InlineData(308, "{}", "m", false, "set OPENAI_BASE_URL to the final address")]
    [InlineData(200, "<html>", null, false, "set OPENAI_MODEL")]
    [InlineData(200, "[1]", null, false, "set OPENAI_MODEL")]
    [InlineData(200, "{\"data\":[null,1,{\"id\":2},{\"id\":\"\"},{\"id\":\" \"}]}", null, false, "set OPENAI_MODEL")]
    public async Task Probe_OddServers_NeverThrowAndSayWhy(int code, string body, string? model, bool available, string reason)
    {
        await using var server = await WireServer.JsonAsync(body, code);

        var status = await ProbeAsync(server, ("OPENAI_API_KEY", Wire.Key), ("OPENAI_MODEL", model));

        Assert.Equal(available, status.Available);
        Assert.Contains(reason, status.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Wire.Key, status.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Probe_NoAnswer_IsNotAvailable(bool silent)
    {
        Uri endpoint;
        WireServer? server = null;
        if (silent)
        {
            server = await WireServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
            endpoint = server.Endpoint;
        }
        else
        {
            await using var gone = await WireServer.JsonAsync("{}");
            endpoint = gone.Endpoint;
        }

        var status = await new OpenAIModelProvider().ProbeAsync(Settings(("OPENAI_BASE_URL", endpoint.ToString())));

        Assert.False(status.Available);
        Assert.Contains($"no answer from {endpoint}", status.Reason, StringComparison.Ordinal);
        if (server is not null)
            await server.DisposeAsync();
    }

    [Fact]
    public async Task Probe_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        await using var server = await WireServer.StartAsync(context =>
        {
            source.Cancel();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await new OpenAIModelProvider().ProbeAsync(Settings(("OPENAI_BASE_URL", server.Endpoint.ToString())), source.Token));
    }

    [Theory]
    [InlineData("OPENAI_BASE_URL", "not an address sk-test-51f0c2d94be7", "OPENAI_BASE_URL is no http or https address")]
    [InlineData("OPENAI_BASE_URL", "file:///etc/passwd", "OPENAI_BASE_URL is no http or https address")]
    [InlineData("OPENAI_MAX_RETRIES", "many", "OPENAI_MAX_RETRIES is no number from 0 to 10")]
    [InlineData("OPENAI_API_KEY", "sk-test-51f0c2d94be7\nX-Evil: 1", "OPENAI_API_KEY")]
    public async Task WrongSetting_IsNamedAndNotShown(string name, string value, string message)
    {
        var settings = Settings(("OPENAI_API_KEY", Wire.Key), (name, value));
        var provider = new OpenAIModelProvider();

        var error = Assert.Throws<InvalidOperationException>(() => provider.CreateClient("m", settings));
        var status = await provider.ProbeAsync(settings);

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, status.Reason, StringComparison.Ordinal);
        Assert.False(status.Available);
        Assert.DoesNotContain(Wire.Key, error + status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateClient_FromSettings_Talks()
    {
        await using var server = await WireServer.StartAsync(context => context.SendAsync(503, null, ""));
        using var client = new OpenAIModelProvider().CreateClient("m", Settings(
            ("OPENAI_API_KEY", Wire.Key), ("OPENAI_BASE_URL", server.Endpoint.ToString()), ("OPENAI_MAX_RETRIES", "0")));

        await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync("Hi"));

        Assert.Equal("m", server.Sent["model"]!.ToString());
        Assert.Equal("Bearer " + Wire.Key, server.Requests.Single().Headers["Authorization"]);
    }

    [Fact]
    public void Plugin_IsFoundByItsAttribute()
    {
        var registry = new PluginRegistry();

        registry.Load((AgentCorePlugin)Activator.CreateInstance(typeof(OpenAIPlugin).Assembly.GetCustomAttribute<AgentCorePluginAttribute>()!.Entry)!);

        Assert.Equal("openai", registry.Providers.Single().Name);
    }

    private static ValueTask<ProviderStatus> ProbeAsync(WireServer server, params (string Name, string? Value)[] settings) =>
        new OpenAIModelProvider(TimeSpan.FromSeconds(30)).ProbeAsync(Settings([.. settings, ("OPENAI_BASE_URL", server.Endpoint.ToString())]));

    private static ProviderSettings Settings(params (string Name, string? Value)[] values) =>
        new(name => values.LastOrDefault(v => v.Name == name).Value);
}
