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
