using System.Text.Json.Nodes;
using AgentCore.Models;
using AgentCore.Providers.Tests;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

/// <summary>What a refusal teaches about a server, and what it doesn't.</summary>
public class WireDialectTests
{
    [Fact]
    public async Task Send_ServerRefusesStreamOptions_AsksAgainWithoutAndRemembers()
    {
        await using var picky = await WireServer.StartAsync(async context =>
        {
            var last = JsonNode.Parse(context.Sent().Body)!;
            if (last["stream_options"] is not null)
                await context.SendAsync(422, "application/json", """{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}""");
            else
                await context.SendAsync(200, "text/event-stream", Wire.Text("x") + Wire.Stop + Wire.Done);
        });
        using var client = Wire.Client(picky.Endpoint);

        Assert.Equal("x", (await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()).Text);
        Assert.Equal("x", (await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()).Text);
        Assert.Equal(3, picky.Requests.Count);
    }

    [Fact]
    public async Task Send_ModelRefusesMaxTokens_AsksAgainWithTheNewName()
    {
        await using var picky = await WireServer.StartAsync(async context =>
        {
            if (JsonNode.Parse(context.Sent().Body)!["max_tokens"] is not null)
                await context.SendAsync(400, "application/json", """{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}}""");
            else
                await context.SendAsync(200, "application/json", Wire.Completion);
        });
        using var client = Wire.Client(picky.Endpoint);

        await client.GetResponseAsync(Wire.Hello, new ChatOptions { MaxOutputTokens = 5 });

        Assert.Equal(5, JsonNode.Parse(picky.Requests.Last().Body)!["max_completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public void Dialect_OfOpenAI_UsesItsNames()
    {
        Assert.Equal("max_completion_tokens", new WireDialect(new Uri("https://api.openai.com/v1")).MaxTokensName);
        Assert.False(new WireDialect(new Uri("https://x.openai.azure.com/openai/v1")).TakesTopK);
        Assert.Equal("max_tokens", new WireDialect(new Uri("https://api.openai.com.example.org/v1")).MaxTokensName);
    }

    [Theory]
    [InlineData("""{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted","input":{}}]}""")]
    [InlineData("""{"error":{"message":"Unknown parameter.","param":"stream_options"}}""")]
    [InlineData("""{"error":{"message":"Unknown parameter.","param":"stream_options.include_usage"}}""")]
    [InlineData("""{"error":"unknown field stream_options"}""")]
    [InlineData("""[{"error":{"code":400,"message":"Unknown name \"stream_options\": Cannot find field."}}]""")]
    // Mistral's and an older vLLM's.
    [InlineData("""{"object":"error","message":{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted","input":{}}]}}""")]
    [InlineData("""{"object":"error","message":"[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), 'msg': 'Extra inputs are not permitted'}]"}""")]
    [InlineData("stream_options: extra fields not permitted")]
    public void Learn_RefusalThatNamesTheParameter_LeavesItOut(string body) => Assert.False(Start.Learn(422, body)?.TakesStreamOptions);

    [Theory]
    [InlineData(422, """{"detail":[{"type":"string_too_short","loc":["body","messages"],"msg":"empty","input":{"stream_options":{"include_usage":true}}}]}""")]
    [InlineData(400, """{"error":{"message":"The prompt is too long."},"request":{"stream_options":{"include_usage":true}}}""")]
    [InlineData(422, """{"detail":[{"loc":["body","messages"],"msg":"empty","input":{"stream_options":{"include_usage":true},"messa""")]
    [InlineData(400, """{"error":{"message":"The parameter my_stream_options_2 is unknown."}}""")]
    [InlineData(500, """{"error":{"param":"stream_options"}}""")]
    public void Learn_RefusalOfSomethingElse_TeachesNothing(int status, string body) => Assert.Null(Start.Learn(status, body));

    [Fact]
    public async Task Send_RefusalThatTheNextTryMeetsToo_IsForgotten()
    {
        await using var server = await WireServer.StartAsync(async context =>
        {
            var body = JsonNode.Parse(context.Sent().Body)!;
            if (body["messages"]![0]!["content"]!.GetValue<string>().Length == 0)
                await context.SendAsync(400, "application/json", """{"error":{"message":"Bad request: {\"messages\":[],\"stream_options\":{}}"}}""");
            else
                await context.SendAsync(200, "text/event-stream", Wire.Text("x") + Wire.Stop + (body["stream_options"] is null ? "" : Wire.Usage) + Wire.Done);
        });
        using var client = Wire.Client(server.Endpoint);

        await Assert.ThrowsAsync<ModelException>(() => client.GetStreamingResponseAsync([new(ChatRole.User, "")]).ToChatResponseAsync());

        Assert.Equal(11, (await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()).Usage?.TotalTokenCount);
    }

    private static WireDialect Start => new(new Uri("http://127.0.0.1:8000/v1"));
}
