using System.Text.Json.Nodes;
using AgentCore.Providers.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class ConcurrencyTests
{
    [Fact]
    public async Task FiftyStreamsAtOnce_StayApart()
    {
        const int count = 50;
        var arrived = 0;
        var allArrived = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            // No stream goes on before all have begun: they run at once, or the test hangs.
            var number = context.Request.Headers["x-number"].ToString();
            await context.FlushAsync(Wire.Text("begin "));
            if (Interlocked.Increment(ref arrived) == count)
                allArrived.SetResult();
            await allArrived.Task;
            foreach (var word in Enumerable.Range(0, 20))
                await context.FlushAsync(Wire.Text($"{number}.{word} "));
            await context.FlushAsync(Wire.Chunk($$$"""{"tool_calls":[{"index":0,"id":"call_{{{number}}}","function":{"name":"f","arguments":"{\"n\":{{{number}}} }"}}]}""")
                + Wire.Stop + Wire.Usage + Wire.Done);
        });
        using var http = new HttpClient(new NumberHandler());
        using var client = Wire.Client(server.Endpoint, o => o.HttpClient = http);

        var responses = await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            client.GetStreamingResponseAsync([new(ChatRole.User, $"number {i}")]).ToChatResponseAsync()));

        for (var i = 0; i < count; i++)
        {
            Assert.Equal("begin " + string.Concat(Enumerable.Range(0, 20).Select(word => $"{i}.{word} ")), responses[i].Text);
            Assert.Equal(i.ToString(System.Globalization.CultureInfo.InvariantCulture), responses[i].Messages.Single().Contents.OfType<FunctionCallContent>().Single().Arguments!["n"]!.ToString());
            Assert.Equal(11, responses[i].Usage!.TotalTokenCount);
        }
    }

    [Fact]
    public async Task FirstCallsAtOnce_ServerRefusesAParameter_AllAskAgain()
    {
        const int count = 4;
        var arrived = 0;
        var allArrived = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            // All are written before anyone knows of the refusal, or the test hangs.
            if (JsonNode.Parse(context.Sent().Body)!["max_tokens"] is null)
            {
                await context.SendAsync(200, "application/json", Wire.Completion);
                return;
            }

            if (Interlocked.Increment(ref arrived) == count)
                allArrived.SetResult();
            await allArrived.Task;
            await context.SendAsync(400, "application/json", """{"error":{"message":"Use 'max_completion_tokens' instead of 'max_tokens'."}}""");
        });
        using var client = Wire.Client(server.Endpoint);

        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => client.GetResponseAsync(Wire.Hello, new ChatOptions { MaxOutputTokens = 5 })));
        await client.GetResponseAsync(Wire.Hello, new ChatOptions { MaxOutputTokens = 5 });

        Assert.Equal((2 * count) + 1, server.Requests.Count);
    }

    /// <summary>Tells the server in a header which stream it serves.</summary>
    private sealed class NumberHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!;
            request.Headers.Add("x-number", body["messages"]![0]!["content"]!.ToString().Split(' ')[1]);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
