using System.Text;
using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Models;
using AgentCore.Providers.Tests;
using AgentCore.Tools;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

/// <summary>Halves of surrogate pairs and bytes that are no UTF-8: what a server that cuts text anywhere sends.</summary>
public class BrokenTextTests
{
    private const string High = "\\ud83d";
    private const string Low = "\\ude80";

    [Fact]
    public async Task GetResponse_HalfAPairAnywhere_IsReplaced()
    {
        await using var server = await WireServer.JsonAsync(
            $$$"""{"id":"{{{High}}}","model":"m{{{Low}}}","choi{{{High}}}":1,"choices":[{"message":{"content":"a{{{High}}}b{{{High}}}{{{Low}}}","reasoning":"{{{Low}}}","refusal":"{{{High}}}"},"finish_reason":"{{{High}}}"}]}""");
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetResponseAsync(Wire.Hello);

        Assert.Equal(("\ufffd", "m\ufffd", "a\ufffdb🚀"), (response.ResponseId, response.ModelId, response.Text));
        Assert.Equal("\ufffd", response.FinishReason!.Value.Value);
        Assert.Equal("\ufffd", response.Messages.Single().Contents.OfType<TextReasoningContent>().Single().Text);
        Assert.Equal("\ufffd", response.Messages.Single().Contents.OfType<ErrorContent>().Single().Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NoUtf8_IsReplaced(bool stream)
    {
        await using var server = await WireServer.StartAsync(context =>
        {
            context.Response.ContentType = stream ? "text/event-stream" : "application/json";
            var body = stream ? Wire.Text("a@b") + Wire.Stop + Wire.Done : Wire.Completion.Replace("Hello!", "a@b", StringComparison.Ordinal);
            return context.Response.Body.WriteAsync(Broken(body)).AsTask();
        });
        using var client = Wire.Client(server.Endpoint);

        var response = stream
            ? await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()
            : await client.GetResponseAsync(Wire.Hello);

        Assert.StartsWith("a\ufffdb", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_PairSplitOverTwoDeltas_IsJoined()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk($$"""{"reasoning":"{{High}}"}""") + Wire.Chunk($$"""{"reasoning":"{{Low}}"}""")
            + Wire.Text("a" + High) + ": ping\n\n" + Wire.Text("") + Wire.Text(Low + "\\n" + High) + Wire.Text(Low + "b")
            + Wire.Chunk($$"""{"refusal":"{{High}}"}""") + Wire.Chunk($$"""{"refusal":"{{Low}}"}""") + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var updates = await Wire.CollectAsync(client.GetStreamingResponseAsync(Wire.Hello));

        var contents = updates.ToChatResponse().Messages.Single().Contents;
        Assert.Equal(["a", "🚀\n", "🚀b"], updates.Select(u => u.Text).Where(t => t.Length > 0));
        Assert.Equal("🚀", contents.OfType<TextReasoningContent>().Single().Text);
        Assert.Equal("🚀", contents.OfType<ErrorContent>().Single().Message);
    }

    [Fact]
    public async Task Stream_HalfThatStaysAlone_IsReplaced()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk($$"""{"cont{{High}}":"","reasoning":"{{High}}"}""") + Wire.Text(Low) + Wire.Text(High + "a") + Wire.Text("b" + High) + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        Assert.Equal("\ufffd\ufffdab\ufffd", response.Text);
        Assert.Equal("\ufffd", string.Concat(response.Messages.Single().Contents.OfType<TextReasoningContent>().Select(c => c.Text)));
    }

    [Theory]
    // In the arguments' text, in the JSON that the text is, and in arguments that are no text.
    [InlineData($$""" "{\"{{High}}\":\"{{Low}}\"}" """)]
    [InlineData($$""" "{\"\{{High}}\":\"\{{Low}}\"}" """)]
    [InlineData($$""" {"{{High}}":"{{Low}}"} """)]
    public async Task ToolCall_HalfAPairInArguments_IsReplaced(string arguments)
    {
        await using var server = await WireServer.JsonAsync(
            $$$"""{"choices":[{"message":{"tool_calls":[{"id":"{{{High}}}","function":{"name":"f{{{Low}}}","arguments":{{{arguments}}}}}]}}]}""");
        using var client = Wire.Client(server.Endpoint);

        var call = (FunctionCallContent)(await client.GetResponseAsync(Wire.Hello)).Messages.Single().Contents.Single();

        Assert.Equal(("\ufffd", "f\ufffd"), (call.CallId, call.Name));
        Assert.Equal("\ufffd", ((JsonElement)call.Arguments!["\ufffd"]!).GetString());
    }

    [Fact]
    public async Task ToolCall_EscapesThatLookLikeHalves_StayAsTheyAre()
    {
        await using var server = await WireServer.JsonAsync(
            $$$"""{"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{\"a\":\"\\\{{{High}}} \{{{High}}}\{{{Low}}} \\n\"}"}}]}}]}""");
        using var client = Wire.Client(server.Endpoint);

        var call = (FunctionCallContent)(await client.GetResponseAsync(Wire.Hello)).Messages.Single().Contents.Single();

        Assert.Equal("\\ud83d 🚀 \n", ((JsonElement)call.Arguments!["a"]!).GetString());
    }

    [Fact]
    public async Task Stream_PairSplitInArguments_IsJoined()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk($$$"""{"tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":"{\"a\":\"{{{High}}}"}}]}""")
            + Wire.Chunk($$$"""{"tool_calls":[{"index":0,"function":{"arguments":"{{{Low}}}\"}"}}]}""") + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        var call = response.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        Assert.Equal("🚀", ((JsonElement)call.Arguments!["a"]!).GetString());
    }

    [Fact]
    public async Task ChatAgent_HalfAPairInArguments_IsKeptAndGoesOn()
    {
        await using var server = await WireServer.StartAsync((server, context) => context.SendAsync(200, "application/json", server.Requests.Count == 1
            ? $$$"""{"choices":[{"message":{"tool_calls":[{"id":"1","function":{"name":"echo","arguments":"{\"text\":\"\{{{High}}}\"}"}}]}}]}"""
            : Wire.Completion));
        using var client = Wire.Client(server.Endpoint);
        List<string> heard = [];
        var agent = ChatAgent.Create("echo", client)
            .WithTool(AIFunctionFactory.Create((string text) => { heard.Add(text); return text; }, "echo"), new ToolOptions { Capabilities = [] })
            .Build();

        // A watcher makes each step a record that is read back, as in a journalled run.
        var result = await agent.ExecuteAsync("Say it", new RunOptions { OnEvent = _ => { } });

        Assert.Equal("Hello! How can I assist you today?", result.EnsureDone().Output);
        Assert.Equal(["\ufffd"], heard);
    }

    [Theory]
    [InlineData($$$"""{"error":{"message":"the {{{High}}} words","code":"c{{Low}}"}}""")]
    [InlineData($$"""{"error":"the {{High}} words"}""")]
    [InlineData($$"""{"detail":"the {{High}} words","err{{High}}":1}""")]
    [InlineData("the @ words")]
    [InlineData("""{"message":"the @ words"}""")]
    public async Task Refused_BrokenText_ShowsTheWords(string body)
    {
        await using var server = await WireServer.StartAsync(context =>
        {
            context.Response.StatusCode = 400;
            return context.Response.Body.WriteAsync(Broken(body)).AsTask();
        });
        using var client = Wire.Client(server.Endpoint);

        var error = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello));

        Assert.Contains("the \ufffd words", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_BrokenIds_AreReplaced()
    {
        await using var server = await WireServer.StartAsync(context =>
            context.Response.Body.WriteAsync(Broken($$"""{"dat{{High}}":1,"data":[{"id":"a{{High}}"},{"id":"b@"}]}""")).AsTask());
        var settings = new ProviderSettings(name => name == "OPENAI_BASE_URL" ? server.Endpoint.ToString() : null);

        var status = await new OpenAIModelProvider(TimeSpan.FromSeconds(30)).ProbeAsync(settings);

        Assert.Equal(["a\ufffd", "b\ufffd"], status.Models);
    }

    // Each @ becomes a byte that is in no UTF-8 text.
    private static byte[] Broken(string text) => [.. Encoding.UTF8.GetBytes(text).Select(b => b == '@' ? (byte)0xff : b)];
}
