using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Text.Json;
using AgentCore.Models;
using AgentCore.Providers.Tests;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

/// <summary>A key shows nowhere, whatever a server does with it.</summary>
public class SecretTests
{
    [Theory]
    [InlineData(401)]
    [InlineData(400)]
    [InlineData(500)]
    public async Task ServerThatRepeatsTheKey_IsNotRepeated(int status)
    {
        await using var server = await WireServer.StartAsync(context =>
        {
            var sent = context.Sent().Headers["Authorization"];
            return context.SendAsync(status, "application/json", JsonSerializer.Serialize(new { error = new { message = $"bad header: {sent}", code = sent } }));
        });
        using var client = Wire.Client(server.Endpoint);

        AssertNoKey(await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello)));
    }

    [Theory]
    [InlineData("{\"error\":\"KEY\"}")]
    [InlineData("<html><title>KEY</title></html>")]
    [InlineData("not json KEY")]
    [InlineData("{\"choices\":\"KEY\"}")]
    public async Task AnswerWithTheKey_IsNotRepeated(string body)
    {
        await using var server = await WireServer.JsonAsync(body.Replace("KEY", Wire.Key, StringComparison.Ordinal));
        using var client = Wire.Client(server.Endpoint);

        AssertNoKey(await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello)));
    }

    [Theory]
    [InlineData(401, "application/json", """{"detail":[{"msg":"bad key","input":"KEY"}]}""", @"gw\/9f31aa7c\u002B5e0d22b1\u002b77aa")]
    [InlineData(200, "application/json", """{"detail":[{"msg":"bad key","input":"KEY"}]}""", @"gw\/9f31aa7c\u002B5e0d22b1\u002b77aa")]
    // Within a text that is JSON itself, and cut off.
    [InlineData(401, "application/json", """{"error":{"message":"{\"input\":\"KEY","code":"KEY"}}""", @"\u0067w\\\/9f31aa7c\\u002B5e0d22b1+77aa")]
    [InlineData(401, "application/json", """{"detail":"KEY""", @"gw\/9f31aa7c+5e0d22b1+77aa")]
    [InlineData(200, "text/html", "<title>No right for KEY</title>", "gw&#x2F;9f31aa7c&#43;5e0d22b1&#x2b;77aa")]
    public async Task KeyAsTheServerEscapesIt_IsNotRepeated(int status, string type, string body, string escaped)
    {
        await using var server = await WireServer.StartAsync(context => context.SendAsync(status, type, body.Replace("KEY", escaped, StringComparison.Ordinal)));
        using var client = Wire.Client(server.Endpoint, o => o.ApiKey = "gw/9f31aa7c+5e0d22b1+77aa");

        var error = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello));

        Assert.Contains("***", error.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch("9f31aa7c|5e0d22b1|77aa", error + error.ErrorCode);
    }

    [Theory]
    [InlineData(@"back\slash\\key-51f0c2d9", @"back\\slash\\\\key-51f0c2d9")]
    [InlineData(@"""quoted""-51f0c2d9", @"\""quoted\""-51f0c2d9")]
    [InlineData("u002B-51f0c2d9", "u002B-51f0c2d9")]
    public async Task KeyWithCharactersOfAnEscape_IsNotRepeated(string key, string escaped)
    {
        await using var server = await WireServer.JsonAsync($$$"""{"detail":["{{{escaped}}}"]}""", 401);
        using var client = Wire.Client(server.Endpoint, o => o.ApiKey = key);

        var error = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello));

        Assert.Contains("[\"***\"]", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "", 3990)]
    [InlineData("text/html", "<title>Refused", 180)]
    public async Task KeyWhereTheTextIsShortened_IsNotRepeatedInPart(string type, string before, int blanks)
    {
        await using var server = await WireServer.StartAsync(context => context.SendAsync(401, type, before + new string(' ', blanks) + "gw-9f31aa7c-5e0d22b1" + new string('x', 5000)));
        using var client = Wire.Client(server.Endpoint, o => o.ApiKey = "gw-9f31aa7c-5e0d22b1");

        Assert.DoesNotContain("gw-9f", (await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello))).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RedirectToAnAddressWithTheKey_IsNotRepeated()
    {
        await using var server = await WireServer.StartAsync(context =>
        {
            context.Response.Headers.Location = "/login/gw%2F9f31aa7c-5e0d22b1";
            return context.SendAsync(307, null, "");
        });
        using var client = Wire.Client(server.Endpoint, o => o.ApiKey = "gw/9f31aa7c-5e0d22b1");

        Assert.DoesNotContain("9f31aa7c", (await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatIsNoHttpServer_IsNotRepeated()
    {
        await using var server = new RawServer($"HELLO {Wire.Key}\r\n");
        using var client = Wire.Client(server.Endpoint);

        AssertNoKey(await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello)));
    }

    [Fact]
    public async Task StreamWithTheKeyInItsError_IsNotRepeated()
    {
        await using var server = await WireServer.EventsAsync($$$"""data: {"error":{"message":"{{{Wire.Key}}}"}}""" + "\n\n");
        using var client = Wire.Client(server.Endpoint);

        AssertNoKey(await Assert.ThrowsAsync<ModelException>(() => client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync()));
    }

    [Fact]
    public async Task AddressWithSecrets_ShowsWithout()
    {
        var endpoint = new Uri($"http://user:{Wire.Key}@127.0.0.1:1/v1?key={Wire.Key}");
        using var client = Wire.Client(endpoint);

        var error = await Assert.ThrowsAsync<ModelException>(() => client.GetResponseAsync(Wire.Hello));

        AssertNoKey(error);
        Assert.Contains("http://127.0.0.1:1/v1", error.Message, StringComparison.Ordinal);
        Assert.Equal(new Uri("http://127.0.0.1:1/v1"), client.GetService<ChatClientMetadata>()!.ProviderUri);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("é")]
    [InlineData(" ")]
    public void KeyThatNoHeaderCarries_IsRefusedWithoutShowingIt(string end) =>
        AssertNoKey(Assert.Throws<ArgumentException>(() => Wire.Client(new Uri("http://127.0.0.1:1"), o => o.ApiKey = Wire.Key + end)));

    [Fact]
    public void OptionsAndClient_WrittenOut_ShowNoKey()
    {
        var options = new OpenAIChatClientOptions { Model = "m", ApiKey = Wire.Key };
        using var client = new OpenAIChatClient(options);

        Assert.DoesNotContain(Wire.Key, options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Wire.Key, JsonSerializer.Serialize(options), StringComparison.Ordinal);
        Assert.DoesNotContain(Wire.Key, JsonSerializer.Serialize(client), StringComparison.Ordinal);
        Assert.Equal("openai model 'm' at https://api.openai.com/v1", client.ToString());
    }

    [Fact]
    public async Task LogEventsOfTheSdk_ShowNoKey()
    {
        using var listener = new Listener();
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint);

        await client.GetResponseAsync(Wire.Hello);

        Assert.NotEmpty(listener.Lines);
        Assert.Equal([], listener.Lines.Where(line => line.Contains(Wire.Key, StringComparison.Ordinal)));
    }

    private static void AssertNoKey(Exception error) => Assert.DoesNotContain(Wire.Key, error.ToString(), StringComparison.Ordinal);

    private sealed class Listener : EventListener
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.ClientModel" or "System.Net.Http")
                EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            Lines?.Enqueue(eventData.EventName + " " + string.Join(' ', eventData.Payload ?? new([])));
    }
}
