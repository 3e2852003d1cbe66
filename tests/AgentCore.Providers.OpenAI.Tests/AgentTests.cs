using System.Text.Json.Nodes;
using AgentCore.Agents;
using AgentCore.Providers.Tests;
using AgentCore.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

/// <summary>An agent over the wire, its journal in between.</summary>
public class AgentTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ChatAgent_BadThenGoodArguments_TellsTheModelAndGoesOn(bool stream)
    {
        await using var server = await WireServer.StartAsync(context => AnswerAsync(context, stream));
        using var client = Wire.Client(server.Endpoint);
        List<string> cities = [];
        var agent = ChatAgent.Create("forecaster", client)
            .WithTool(AIFunctionFactory.Create((string city = "nowhere") => { cities.Add(city); return "rain"; }, "weather.today"), new ToolOptions { Capabilities = [] })
            .Build();
        List<string> texts = [];

        // A watcher makes each step a record that is read back, as in a journalled run.
        var result = await agent.ExecuteAsync("Oslo?", new RunOptions { Stream = stream, OnEvent = e => texts.Add((e as TextDeltaEvent)?.Text ?? "") });

        Assert.Equal("Rain.", result.EnsureDone().Output);
        Assert.Equal(["Oslo"], cities);
        Assert.Equal(3, server.Requests.Count);
        var slip = JsonNode.Parse(server.Requests.ElementAt(1).Body)!["messages"]!.AsArray()[^1]!;
        Assert.Equal(("tool", "call_1"), (slip["role"]!.ToString(), slip["tool_call_id"]!.ToString()));
        Assert.Contains("could not be read", slip["content"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(stream ? "Rain." : "", string.Concat(texts));
    }

    [Fact]
    public async Task ChatAgent_RefusedKey_FailsOnceAndForGood()
    {
        await using var server = await WireServer.JsonAsync("""{"error":{"message":"no","code":"invalid_api_key"}}""", 401);
        using var client = Wire.Client(server.Endpoint);
        var agent = ChatAgent.Create("forecaster", client).WithOptions(o => o with { Retry = new RetryOptions { MaxRetries = 3, Delay = TimeSpan.Zero } }).Build();

        var result = await agent.ExecuteAsync("Oslo?");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("Check the key in OPENAI_API_KEY", result.Error!.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task ChatAgent_OverloadedServer_IsTriedAgain()
    {
        await using var server = await WireServer.StartAsync((server, context) => server.Requests.Count == 1
            ? context.SendAsync(503, "application/json", """{"error":{"message":"loading model"}}""")
            : context.SendAsync(200, "application/json", Wire.Completion));
        using var client = Wire.Client(server.Endpoint);
        var agent = ChatAgent.Create("forecaster", client).WithOptions(o => o with { Retry = new RetryOptions { MaxRetries = 1, Delay = TimeSpan.Zero } }).Build();

        Assert.Equal("Hello! How can I assist you today?", (await agent.ExecuteAsync("Hello")).EnsureDone().Output);
    }

    private static Task AnswerAsync(HttpContext context, bool stream)
    {
        var results = JsonNode.Parse(context.Sent().Body)!["messages"]!.AsArray().Count(m => m!["role"]!.ToString() == "tool");
        var delta = results switch
        {
            0 => Call("call_1", """{\"city\": \"Os"""),
            1 => Call("call_2", """{\"city\": \"Oslo\"}"""),
            _ => "\"content\":\"Rain.\"",
        };
        return stream
            ? context.FlushAsync(Wire.Chunk($$"""{{{delta}}}""") + Wire.Stop + Wire.Done)
            : context.SendAsync(200, "application/json", $$$"""{"id":"c{{{results}}}","choices":[{"message":{"role":"assistant",{{{delta}}}},"finish_reason":"stop"}]}""");
    }

    private static string Call(string id, string arguments) =>
        $$$""" "tool_calls":[{"index":0,"id":"{{{id}}}","type":"function","function":{"name":"weather_today","arguments":"{{{arguments}}}"}}] """;
}
