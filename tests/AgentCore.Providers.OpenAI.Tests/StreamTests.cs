using System.Text;
using AgentCore.Models;
using AgentCore.Providers.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class StreamTests
{
    private const string Greeting = "Grüße 🚀 aus «Oslo»";

    [Fact]
    public async Task Stream_SaysStreamAndAsksForUsage()
    {
        await using var server = await WireServer.EventsAsync(Wire.Text("Hi") + Wire.Stop + Wire.Usage + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        Assert.True(server.Sent["stream"]!.GetValue<bool>());
        Assert.True(server.Sent["stream_options"]!["include_usage"]!.GetValue<bool>());
        Assert.Equal("Hi", response.Text);
        Assert.Equal(("c1", "gpt-4o", ChatFinishReason.Stop), (response.ResponseId, response.ModelId, response.FinishReason));
        Assert.Equal((9, 2, 11), (response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount));
        Assert.Equal((8, 1), (response.Usage.CachedInputTokenCount, response.Usage.ReasoningTokenCount));
    }

    [Theory]
    [InlineData(1, "\n")]
    [InlineData(2, "\r\n")]
    [InlineData(3, "\n")]
    [InlineData(7, "\r\n")]
    [InlineData(61, "\n")]
    public async Task Stream_SplitAnywhereWithCommentsAndOtherFields_GivesTheSame(int size, string newline)
    {
        var body = ": keep-alive\n\n" + "event: message\nid: 1\nretry: 10\n" + Wire.Chunk("""{"role":"assistant","content":""}""")
            + string.Concat(Greeting.EnumerateRunes().Select(r => Wire.Text(r.ToString()) + ": ping\n\n"))
            + "data:\n\n" + Wire.Stop + Wire.Usage + Wire.Done;
        var bytes = Encoding.UTF8.GetBytes(body.Replace("\n", newline, StringComparison.Ordinal));
        await using var server = await WireServer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            foreach (var part in bytes.Chunk(size))
            {
                await context.Response.Body.WriteAsync(part);
                await context.Response.Body.FlushAsync();
            }
        });
        using var client = Wire.Client(server.Endpoint);

        var updates = await Wire.CollectAsync(client.GetStreamingResponseAsync(Wire.Hello));

        Assert.Equal(Greeting, string.Concat(updates.Select(u => u.Text)));
        Assert.Equal(Greeting.EnumerateRunes().Count() + 1, updates.Count);
        Assert.Equal(11, updates[^1].Contents.OfType<UsageContent>().Single().Details.TotalTokenCount);
    }

    [Fact]
    public async Task Stream_SlowServer_GivesTextAsItComes()
    {
        var firstRead = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            await context.FlushAsync(Wire.Text("one"));
            await firstRead.Task;
            await context.FlushAsync(Wire.Text("two") + Wire.Stop + Wire.Done);
        });
        using var client = Wire.Client(server.Endpoint);

        List<string> texts = [];
        await foreach (var update in client.GetStreamingResponseAsync(Wire.Hello))
        {
            texts.Add(update.Text);
            firstRead.TrySetResult();
        }

        Assert.Equal(["one", "two", ""], texts);
    }

    [Fact]
    public async Task Stream_AfterDone_DoesNotWaitForTheServerToClose()
    {
        await using var server = await WireServer.StartAsync(async context =>
        {
            await context.FlushAsync(Wire.Text("x") + Wire.Stop + Wire.Done);
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var client = Wire.Client(server.Endpoint);

        Assert.Equal("x", (await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()).Text);
    }

    [Fact]
    public async Task Stream_ToolCallDeltasByIndex_AreAssembled()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk("""{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":""}}]}""")
            + Wire.Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{\"ci"}}]}""")
            + Wire.Chunk("""{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"clock","arguments":""}}]}""")
            + Wire.Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"ty\":\"Oslo\"}"}},{"index":1,"function":{"arguments":"{}"}}]}""")
            + Wire.Chunk("{}", "\"tool_calls\"") + Wire.Usage + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        var calls = response.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal(["call_a:weather", "call_b:clock"], calls.Select(c => $"{c.CallId}:{c.Name}"));
        Assert.Equal("Oslo", calls[0].Arguments!["city"]!.ToString());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Theory]
    // Ollama: every call has the index 0; the finish reason may be "stop".
    [InlineData("""{"index":0,"id":"1","function":{"name":"a","arguments":"{\"n\":1}"}}""", """{"index":0,"id":"2","function":{"name":"b","arguments":"{\"n\":2}"}}""")]
    // Older Ollama: no index.
    [InlineData("""{"id":"1","function":{"name":"a","arguments":"{\"n\":1}"}}""", """{"id":"2","function":{"name":"b","arguments":"{\"n\":2}"}}""")]
    // The same id twice: by index, and by name where the index tells nothing.
    [InlineData("""{"index":0,"id":"1","function":{"name":"a","arguments":"{\"n\":1}"}}""", """{"index":1,"id":"1","function":{"name":"b","arguments":"{\"n\":2}"}}""")]
    [InlineData("""{"index":0,"id":"1","function":{"name":"a","arguments":"{\"n\":1}"}}""", """{"index":0,"id":"1","function":{"name":"b","arguments":"{\"n\":2}"}}""")]
    // No index and no id.
    [InlineData("""{"function":{"name":"a","arguments":"{\"n\":1}"}}""", """{"function":{"name":"b","arguments":"{\"n\":2}"}}""")]
    public async Task Stream_CallsWithoutUsableIndex_StayApart(string first, string second)
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk($$"""{"tool_calls":[{{first}}]}""") + Wire.Chunk($$"""{"tool_calls":[{{second}}]}""", "\"stop\"") + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        var calls = response.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal(["a1", "b2"], calls.Select(c => c.Name + c.Arguments!["n"]));
        Assert.Equal(2, calls.Select(c => c.CallId).Distinct().Count());
        Assert.Equal(ChatFinishReason.ToolCalls, response.FinishReason);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\"index\":0,", "\"index\":0,")]
    [InlineData("\"id\":\"1\",", "")]
    public async Task Stream_CallsOfTwoNamesWithoutArguments_StayApart(string first, string second)
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk($$$"""{"tool_calls":[{{{{first}}}"function":{"name":"clock","arguments":""}}]}""")
            + Wire.Chunk($$$"""{"tool_calls":[{{{{second}}}"function":{"name":"weather","arguments":""}}]}""")
            + Wire.Chunk("""{"tool_calls":[{"function":{"arguments":"{\"n\":1}"}}]}""") + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        var calls = response.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal(["clock0", "weather1"], calls.Select(c => c.Name + c.Arguments!.Count));
    }

    [Theory]
    [InlineData("\"index\":0,\"id\":\"1\",")]
    [InlineData("\"id\":\"1\",")]
    public async Task Stream_TwoWholeCallsOfOneToolWithTheSameId_AreTwo(string place)
    {
        string Call(int n) => Wire.Chunk($$$"""{"tool_calls":[{{{{place}}}"function":{"name":"a","arguments":"{\"n\":{{{n}}}}"}}]}""");
        string AndNoMore() => Wire.Chunk($$$"""{"tool_calls":[{{{{place}}}"function":{"name":"a","arguments":""}}]}""");
        await using var server = await WireServer.EventsAsync(Call(1) + Call(2) + AndNoMore() + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        var calls = response.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal(["1", "2"], calls.Select(c => c.Exception?.Message ?? c.Arguments!["n"]!.ToString()));
    }

    [Fact]
    public async Task Stream_IdAndNameRepeatedInEachDelta_IsOneCall()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk("""{"tool_calls":[{"index":0,"id":"1","function":{"name":"a","arguments":"{\"n\""}}]}""")
            + Wire.Chunk("""{"tool_calls":[{"index":0,"id":"1","function":{"name":"a","arguments":":1}"}}]}""", "\"tool_calls\"") + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        var call = response.Messages.Single().Contents.OfType<FunctionCallContent>().Single();
        Assert.Equal(("a", "1"), (call.Name, call.Arguments!["n"]!.ToString()));
    }

    [Fact]
    public async Task Stream_SameIdUnderTwoIndexes_IsAssembledByIndex()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk("""{"tool_calls":[{"index":0,"id":"1","function":{"name":"a","arguments":"{\"n\""}},{"index":1,"id":"1","function":{"name":"a","arguments":"{\"n\""}}]}""")
            + Wire.Chunk("""{"tool_calls":[{"index":1,"id":"1","function":{"arguments":":2}"}},{"index":0,"id":"1","function":{"arguments":":1}"}}]}""") + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        var calls = response.Messages.Single().Contents.OfType<FunctionCallContent>().ToList();
        Assert.Equal(["a1", "a2"], calls.Select(c => c.Name + c.Arguments!["n"]));
        Assert.Equal(2, calls.Select(c => c.CallId).Distinct().Count());
    }

    [Fact]
    public async Task Stream_UsageInEveryChunk_CountsTheLastOnly()
    {
        var counted = Wire.Text("a").Replace("]}\n", "],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":1,\"total_tokens\":6}}\n", StringComparison.Ordinal);
        await using var server = await WireServer.EventsAsync(counted + counted + Wire.Stop + Wire.Usage + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        Assert.Equal(11, (await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()).Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Stream_IdChangesInEachChunk_IsOneMessage()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Text("a") + Wire.Text("b").Replace("c1", "c2", StringComparison.Ordinal) + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        Assert.Equal("ab", Assert.Single((await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()).Messages).Text);
    }

    [Fact]
    public async Task Stream_RefusalInPieces_IsOneRefusal()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk("""{"refusal":"I can"}""") + Wire.Chunk("""{"refusal":"not."}""") + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        Assert.Equal("I cannot.", response.Messages.Single().Contents.OfType<ErrorContent>().Single().Message);
    }

    [Fact]
    public async Task Stream_ReasoningThenText_StaysApart()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Chunk("""{"reasoning_content":"hm"}""") + Wire.Chunk("""{"reasoning_content":"m"}""") + Wire.Text("4") + Wire.Stop + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        Assert.Equal("4", response.Text);
        Assert.Equal("hmm", response.Messages.Single().Contents.OfType<TextReasoningContent>().Single().Text);
    }

    [Theory]
    [InlineData("application/json", "")]
    [InlineData("application/json", "\r\n \uFEFF")]
    [InlineData("text/plain", "")]
    [InlineData("text/event-stream", "\n")]
    [InlineData(null, "")]
    public async Task Stream_AnsweredWithWholeJson_GivesTheSame(string? type, string before)
    {
        await using var server = await WireServer.StartAsync(c => c.SendAsync(200, type, before + Wire.Completion));
        using var client = Wire.Client(server.Endpoint);

        var response = await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync();

        Assert.Equal("Hello! How can I assist you today?", response.Text);
        Assert.Equal(1029, response.Usage!.TotalTokenCount);
    }

    [Theory]
    [InlineData("text/plain", "")]
    [InlineData("application/json", "")]
    [InlineData("application/json; charset=utf-8", ": a comment\n\n")]
    [InlineData("application/json", "\uFEFF\r\n\r\nevent: message\n")]
    [InlineData(null, "")]
    public async Task Stream_EventsUnderAnotherContentType_AreRead(string? type, string before)
    {
        await using var server = await WireServer.StartAsync(c => c.SendAsync(200, type, before + Wire.Text("x") + Wire.Stop + Wire.Done));
        using var client = Wire.Client(server.Endpoint);

        Assert.Equal("x", (await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()).Text);
    }

    [Fact]
    public async Task Stream_EventsNamedJson_ComeAsTheyAreSent()
    {
        var read = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.StartAsync();
            await context.FlushAsync(Wire.Text("half"));
            await read.Task;
            context.Abort();
        });
        using var client = Wire.Client(server.Endpoint, o => o.NetworkTimeout = TimeSpan.FromSeconds(30));

        await AssertCutAsync(client, read);
    }

    [Fact]
    public async Task Stream_FinishedButNoDone_IsWhole()
    {
        await using var server = await WireServer.EventsAsync(Wire.Text("x") + Wire.Stop);
        using var client = Wire.Client(server.Endpoint);

        Assert.Equal("x", (await client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()).Text);
    }

    [Fact]
    public async Task Stream_ClosedInTheMiddle_IsCut()
    {
        await using var server = await WireServer.EventsAsync(Wire.Text("half"));
        using var client = Wire.Client(server.Endpoint);

        await AssertCutAsync(client);
    }

    [Fact]
    public async Task Stream_ConnectionAborted_IsCutAndNotAskedForAgain()
    {
        var read = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            await context.FlushAsync(Wire.Text("half"));
            await read.Task;
            context.Abort();
        });
        using var client = Wire.Client(server.Endpoint, o => o.MaxRetries = 3);

        await AssertCutAsync(client, read);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Stream_BodyEndsWithTheConnectionOnly_IsCutWithoutDone()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + Wire.Text("half"));
        using var client = Wire.Client(server.Endpoint);

        await AssertCutAsync(client);
    }

    [Fact]
    public async Task Stream_ErrorInside_IsReportedAfterTheText()
    {
        await using var server = await WireServer.EventsAsync(
            Wire.Text("half") + """data: {"error":{"message":"KV cache is full","type":"server_error","code":"overloaded"}}""" + "\n\n" + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var (text, error) = await ReadUntilErrorAsync(client);

        Assert.Equal("half", text);
        Assert.Contains("KV cache is full", error.Message, StringComparison.Ordinal);
        Assert.Equal("overloaded", error.ErrorCode);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Stream_PartThatIsNoJson_IsMalformed()
    {
        await using var server = await WireServer.EventsAsync(Wire.Text("half") + "data: {\"id\":\n\n" + Wire.Done);
        using var client = Wire.Client(server.Endpoint);

        var (_, error) = await ReadUntilErrorAsync(client);

        Assert.Contains("a part of the stream is no JSON", error.Message, StringComparison.Ordinal);
    }

    private static async Task AssertCutAsync(OpenAIChatClient client, TaskCompletionSource? read = null)
    {
        var (text, error) = await ReadUntilErrorAsync(client, read);
        Assert.Equal("half", text);
        Assert.Contains("broke off", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    private static async Task<(string Text, ModelException Error)> ReadUntilErrorAsync(OpenAIChatClient client, TaskCompletionSource? read = null)
    {
        var text = new StringBuilder();
        var error = await Assert.ThrowsAsync<ModelException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync(Wire.Hello))
            {
                text.Append(update.Text);
                read?.TrySetResult();
            }
        });
        return (text.ToString(), error);
    }
}
