using System.Text.Json;
using AgentCore.Providers.Tests;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class ResponseTests
{
    [Fact]
    public async Task GetResponse_OpenAIsAnswer_GivesTextUsageAndFacts()
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetResponseAsync(Wire.Hello);

        Assert.Equal("Hello! How can I assist you today?", response.Text);
        Assert.Equal("chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT", response.ResponseId);
        Assert.Equal("gpt-4.1-2025-04-14", response.ModelId);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1741569952), response.CreatedAt);
        Assert.Equal((1019, 10, 1029), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount));
        Assert.Equal((1008, 4), (response.Usage.CachedInputTokenCount, response.Usage.ReasoningTokenCount));
    }

    [Fact]
    public async Task GetResponse_ToolCalls_GivesBothInOrder()
    {
        await using var server = await WireServer.JsonAsync(Wire.ToolCalls);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetResponseAsync(Wire.Hello);

        var calls = response.Messages.Single().Contents.Cast<FunctionCallContent>().ToList();
        Assert.Equal(["call_a", "call_b"], calls.Select(c => c.CallId));
        Assert.Equal("Oslo", calls[0].Arguments!["city"]!.ToString());
        Assert.Equal(3, ((JsonElement)calls[0].Arguments!["days"]!).GetInt32());
        Assert.Empty(calls[1].Arguments!);
        Assert.Null(calls[1].Exception);
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Theory]
    [InlineData("""{\"city\": \"Os""")]
    [InlineData("""[1]""")]
    [InlineData("""{\"a\":1}{\"b\":2}""")]
    public async Task GetResponse_ArgumentsThatAreNoObject_AreAnErrorOnTheCall(string arguments)
    {
        await using var server = await WireServer.JsonAsync(Message($$$"""
            "content":null,"tool_calls":[{"id":"x","type":"function","function":{"name":"weather","arguments":"{{{arguments}}}"}}]
            """));
        using var client = Wire.Client(server.Endpoint);

        var call = (FunctionCallContent)(await client.GetResponseAsync(Wire.Hello)).Messages.Single().Contents.Single();

        Assert.NotNull(call.Exception);
        Assert.Null(call.Arguments);
        Assert.Equal(("x", "weather"), (call.CallId, call.Name));
    }

    [Fact]
    public async Task GetResponse_CallsWithoutIdOrWithObjectArguments_StillCallable()
    {
        await using var server = await WireServer.JsonAsync(Message(
            """ "content":"","tool_calls":[{"function":{"name":"a","arguments":{"n":1}}},{"function":{"name":"b","arguments":"{\"n\":2}"}}]"""));
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetResponseAsync(Wire.Hello);

        var calls = response.Messages.Single().Contents.Cast<FunctionCallContent>().ToList();
        Assert.Equal(["a", "b"], calls.Select(c => c.Name));
        Assert.Equal(["1", "2"], calls.Select(c => c.Arguments!["n"]!.ToString()!));
        Assert.Equal(2, calls.Select(c => c.CallId).Distinct().Count());
        Assert.All(calls, c => Assert.NotEmpty(c.CallId));
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Fact]
    public async Task GetResponse_CallsWithTheSameIdOrIndex_AreCallsOfTheirOwn()
    {
        await using var server = await WireServer.JsonAsync(Message(
            """ "tool_calls":[{"index":0,"id":"x","function":{"name":"a","arguments":"{\"n\":1}"}},{"index":0,"id":"x","function":{"name":"a","arguments":"{\"n\":2}"}},{"id":" ","function":{"name":"a","arguments":"{"}},{"function":{"arguments":"}"}}]"""));
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetResponseAsync(Wire.Hello);

        var calls = response.Messages.Single().Contents.Cast<FunctionCallContent>().ToList();
        Assert.Equal(["a1", "a2", "a", ""], calls.Select(c => c.Name + c.Arguments?["n"]));

        // Each result goes back under an id of its own.
        server.Requests.Clear();
        await client.GetResponseAsync([.. response.Messages, new(ChatRole.Tool, [.. calls.Select(c => new FunctionResultContent(c.CallId, "r"))])]);
        var messages = server.Sent["messages"]!.AsArray();
        var ids = messages[0]!["tool_calls"]!.AsArray().Select(c => c!["id"]!.ToString()).ToList();
        Assert.Equal("x", ids[0]);
        Assert.Equal(4, ids.Distinct().Count());
        Assert.All(ids, id => Assert.False(string.IsNullOrWhiteSpace(id)));
        Assert.Equal(ids, messages.Skip(1).Select(m => m!["tool_call_id"]!.ToString()));
    }

    [Fact]
    public async Task GetResponse_Refusal_IsAnErrorContentAndGoesBackAsOne()
    {
        await using var server = await WireServer.JsonAsync(Message(""" "content":null,"refusal":"I can't help with that." """));
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetResponseAsync(Wire.Hello);

        var refusal = Assert.IsType<ErrorContent>(response.Messages.Single().Contents.Single());
        Assert.Equal(("I can't help with that.", "Refusal"), (refusal.Message, refusal.ErrorCode));

        server.Requests.Clear();
        await client.GetResponseAsync([.. Wire.Hello, .. response.Messages]);
        Assert.Equal("I can't help with that.", server.Sent["messages"]![1]!["refusal"]!.ToString());
    }

    [Theory]
    [InlineData("stop", "stop")]
    [InlineData("length", "length")]
    [InlineData("content_filter", "content_filter")]
    [InlineData("eos", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("something_new", "something_new")]
    [InlineData("", null)]
    [InlineData(" \\n", null)]
    public async Task GetResponse_FinishReason_IsReadWithoutInsisting(string sent, string? expected)
    {
        await using var server = await WireServer.JsonAsync(
            $$$"""{"choices":[{"message":{"role":"assistant","content":"x"},"finish_reason":"{{{sent}}}"}]}""");
        using var client = Wire.Client(server.Endpoint);

        Assert.Equal(expected, (await client.GetResponseAsync(Wire.Hello)).FinishReason?.Value);
    }

    [Theory]
    [InlineData("reasoning_content")]
    [InlineData("reasoning")]
    public async Task GetResponse_Reasoning_IsKeptApartAndNotSentBack(string name)
    {
        await using var server = await WireServer.JsonAsync(Message($$""" "{{name}}":"2 and 2","content":"4" """));
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetResponseAsync(Wire.Hello);

        Assert.Equal("4", response.Text);
        Assert.Equal("2 and 2", response.Messages.Single().Contents.OfType<TextReasoningContent>().Single().Text);
        server.Requests.Clear();
        await client.GetResponseAsync(response.Messages);
        Assert.DoesNotContain("2 and 2", server.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_ContentInParts_IsJoined()
    {
        await using var server = await WireServer.JsonAsync(Message(""" "content":[{"type":"text","text":"a"},{"type":"text","text":"b"}] """));
        using var client = Wire.Client(server.Endpoint);

        Assert.Equal("ab", (await client.GetResponseAsync(Wire.Hello)).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"usage\":null")]
    [InlineData(",\"usage\":{}")]
    [InlineData(",\"usage\":\"many\"")]
    public async Task GetResponse_NoUsage_IsNull(string usage)
    {
        await using var server = await WireServer.JsonAsync($$$"""{"choices":[{"message":{"content":"x"}}]{{{usage}}}}""");
        using var client = Wire.Client(server.Endpoint);

        Assert.Null((await client.GetResponseAsync(Wire.Hello)).Usage);
    }

    [Fact]
    public async Task GetResponse_NegativeUsage_IsNotGiven()
    {
        await using var server = await WireServer.JsonAsync(
            """{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":-5,"completion_tokens":7,"total_tokens":-1e300,"prompt_tokens_details":{"cached_tokens":-1},"completion_tokens_details":{"reasoning_tokens":-2}}}""");
        using var client = Wire.Client(server.Endpoint);

        var usage = (await client.GetResponseAsync(Wire.Hello)).Usage!;

        Assert.Equal((null, 7, null), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
        Assert.Equal((null, null), (usage.CachedInputTokenCount, usage.ReasoningTokenCount));
    }

    [Theory]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999999")]
    [InlineData("1e300")]
    [InlineData("1e999")]
    public async Task GetResponse_AbsurdUsage_IsCapped(string count)
    {
        await using var server = await WireServer.JsonAsync(
            $$$"""{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":{{{count}}},"completion_tokens":{{{count}}}}}""");
        using var client = Wire.Client(server.Endpoint);

        var usage = (await client.GetResponseAsync(Wire.Hello)).Usage!;

        Assert.Equal((int.MaxValue, int.MaxValue, 2L * int.MaxValue), (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount));
    }

    [Fact]
    public async Task GetResponse_ByteOrderMarkAndOddTypes_AreRead()
    {
        await using var server = await WireServer.JsonAsync(
            "\uFEFF" + """{"id":7,"created":"now","model":null,"choices":[{"index":"0","message":{"role":null,"content":"ok"},"finish_reason":3}],"usage":{"prompt_tokens":3.0,"completion_tokens":null}}""");
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetResponseAsync(Wire.Hello);

        Assert.Equal("ok", response.Text);
        Assert.Equal(3, response.Usage!.InputTokenCount);
        Assert.NotEmpty(response.ResponseId!);
    }

    private static string Message(string fields) =>
        $$$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant",{{{fields}}}},"finish_reason":"stop"}]}""";
}
