using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Providers.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

/// <summary>Conversations that went through Microsoft.Extensions.AI's JSON, as a resumed run's have.</summary>
public class HistoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ToolConversation_FromSerialisedHistory_IsTheSameRequest(bool streaming)
    {
        await using var server = await WireServer.StartAsync(ConverseAsync);
        using var client = Wire.Client(server.Endpoint);
        List<ChatMessage> history = [new(ChatRole.System, "Use the tools."), new(ChatRole.User, "Oslo?")];
        var options = new ChatOptions { Tools = [AIFunctionFactory.Create((string city, int days) => 0, "weather"), AIFunctionFactory.Create(() => 0, "clock")] };

        while (true)
        {
            // What is sent live is what is sent after a round trip through JSON.
            var live = Body(history, options);
            history = RoundTrip(history);
            Assert.Equal(live, Body(history, options));

            var response = streaming
                ? await client.GetStreamingResponseAsync(history, options).ToChatResponseAsync()
                : await client.GetResponseAsync(history, options);
            history.AddRange(response.Messages);
            var calls = response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>().ToList();
            if (calls.Count == 0)
                break;

            history.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select(call => new FunctionResultContent(call.CallId, Result(call)))]));
        }

        Assert.Equal("Rain, 4 degrees, noon.", history[^1].Text);
        var sent = JsonNode.Parse(server.Requests.Last().Body)!["messages"]!.AsArray();
        Assert.Equal(["system", "user", "assistant", "tool", "tool"], sent.Select(m => m!["role"]!.ToString()));
        Assert.Equal("""{"city":"Oslo","days":3}""", sent[2]!["tool_calls"]![0]!["function"]!["arguments"]!.ToString());
        Assert.Null(sent[2]!["content"]);
        Assert.Equal(("call_a", """{"sky":"rain","degrees":4}"""), (sent[3]!["tool_call_id"]!.ToString(), sent[3]!["content"]!.ToString()));
        Assert.Equal("noon", sent[4]!["content"]!.ToString());
    }

    [Fact]
    public void Results_OfEachKind_AreTheSameAfterARoundTrip()
    {
        object?[] results = ["text", "\"quoted\"", 3, 2.5, true, null, new[] { 1, 2 }, new Weather("rain", 4), JsonElement.Parse("\"x\""), new TextContent("t")];

        foreach (var result in results.SkipLast(1))
        {
            List<ChatMessage> live = [Call(), new(ChatRole.Tool, [new FunctionResultContent("1", result)])];
            Assert.Equal(Body(live, null), Body(RoundTrip(live), null));
        }

        // A content's own type is lost in JSON; live it is its text.
        Assert.Contains("\"content\":\"t\"", Body([Call(), new(ChatRole.Tool, [new FunctionResultContent("1", results[^1])])], null), StringComparison.Ordinal);
    }

    [Fact]
    public void CallsAndResultsInOneMessage_AreSplit()
    {
        ChatMessage mixed = new(ChatRole.Assistant,
        [
            new TextContent("Let me look."),
            new FunctionCallContent("1", "a", new Dictionary<string, object?> { ["n"] = 1 }),
            new FunctionCallContent("2", "b"),
            new FunctionResultContent("1", "one"),
            new FunctionResultContent("2", "two"),
            new TextContent("Done."),
        ]);

        var messages = JsonNode.Parse(Body([mixed], null))!["messages"]!.AsArray();

        Assert.Equal(["assistant", "tool", "tool", "assistant"], messages.Select(m => m!["role"]!.ToString()));
        Assert.Equal(2, messages[0]!["tool_calls"]!.AsArray().Count);
        Assert.Equal("{}", messages[0]!["tool_calls"]![1]!["function"]!["arguments"]!.ToString());
        Assert.Equal("Done.", messages[3]!["content"]!.ToString());
    }

    [Fact]
    public void OddTexts_AreValidJson()
    {
        string[] odd = ["\0\u001b[31m", "\ud83d", "\"\\\n\u2028", "Ünïcødé 🚀", ""];

        foreach (var text in odd)
        {
            var content = JsonNode.Parse(Body([new(ChatRole.User, text)], null))!["messages"]![0]!["content"]!.ToString();
            Assert.Equal(text.Replace('\ud83d'.ToString(), text.Length == 1 ? "\ufffd" : "\ud83d", StringComparison.Ordinal), content);
        }
    }

    [Fact]
    public void ToolMessageWithoutResult_IsMisuse() =>
        Assert.Throws<ArgumentException>(() => Body([new(ChatRole.Tool, "done")], null));

    // Calls both tools first, and answers once their results are there.
    private static async Task ConverseAsync(HttpContext context)
    {
        var request = JsonNode.Parse(context.Sent().Body)!;
        var answered = request["messages"]!.AsArray().Any(m => m!["role"]!.ToString() == "tool");
        if (request["stream"] is null)
        {
            await context.SendAsync(200, "application/json", answered
                ? Wire.Completion.Replace("Hello! How can I assist you today?", "Rain, 4 degrees, noon.", StringComparison.Ordinal)
                : Wire.ToolCalls);
            return;
        }

        await context.FlushAsync(answered
            ? Wire.Text("Rain, 4 degrees,") + Wire.Text(" noon.") + Wire.Stop + Wire.Usage + Wire.Done
            : Wire.Chunk("""{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\","}}]}""")
                + Wire.Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"\"days\":3}"}}]}""")
                + Wire.Chunk("""{"tool_calls":[{"index":1,"id":"call_b","type":"function","function":{"name":"clock","arguments":"{}"}}]}""", "\"tool_calls\"")
                + Wire.Usage + Wire.Done);
    }

    private static ChatMessage Call() => new(ChatRole.Assistant, [new FunctionCallContent("1", "a")]);

    private static object Result(FunctionCallContent call) => call.Name == "weather" ? new Weather("rain", 4) : "noon";

    private static string Body(List<ChatMessage> messages, ChatOptions? options) =>
        RequestWriter.Write("m", messages, options, stream: false, new WireDialect(new Uri("http://127.0.0.1"))).ToString();

    private static List<ChatMessage> RoundTrip(List<ChatMessage> messages) =>
        JsonSerializer.Deserialize<List<ChatMessage>>(JsonSerializer.Serialize(messages, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)!;

    private sealed record Weather(string Sky, int Degrees);
}
