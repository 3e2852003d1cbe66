using AgentCore.Models;
using AgentCore.Providers.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class ErrorTests
{
    private const string Unauthorized = """{"error":{"message":"Incorrect API key provided: sk-test-*******4be7. You can find your API key at https://platform.openai.com/account/api-keys.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refused_401_NamesEndpointStatusMessageAndSetting(bool streaming)
    {
        await using var server = await WireServer.JsonAsync(Unauthorized, 401);
        using var client = Wire.Client(server.Endpoint);

        var error = await FailAsync(client, streaming);

        Assert.Equal(
            $"openai: {server.Endpoint}, model 'gpt-4o': 401 Unauthorized: \"Incorrect API key provided: ***. You can find your API key at https://platform.openai.com/account/api-keys\". Check the key in OPENAI_API_KEY.",
            error.Message);
        Assert.Equal((401, "invalid_api_key", false), (error.StatusCode, error.ErrorCode, error.IsTransient));
    }

    [Theory]
    [InlineData(401, "Set OPENAI_API_KEY to a key", false)]
    [InlineData(403, "may not use this model", false)]
    [InlineData(404, "Check the model's id", false)]
    [InlineData(408, "408 RequestTimeout", true)]
    [InlineData(413, "too large", false)]
    [InlineData(429, "wait and try again", true)]
    [InlineData(500, "The server failed", true)]
    [InlineData(503, "The server failed", true)]
    [InlineData(400, "change what it names", false)]
    [InlineData(418, "Check OPENAI_BASE_URL", false)]
    public async Task Refused_EachStatus_SaysWhatToDo(int status, string advice, bool transient)
    {
        await using var server = await WireServer.JsonAsync("""{"error":{"message":"no"}}""", status);
        using var client = Wire.Client(server.Endpoint, o => o.ApiKey = null);

        var error = await FailAsync(client);

        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Contains("\"no\"", error.Message, StringComparison.Ordinal);
        Assert.Equal((status, transient), (error.StatusCode, error.IsTransient));
    }

    [Theory]
    [InlineData("""{"error":{"message":"the words","type":"t"}}""")]
    [InlineData("""{"error":"the words"}""")]
    [InlineData("""{"object":"error","message":"the words","code":400}""")]
    [InlineData("""{"detail":"the words"}""")]
    [InlineData("""[{"error":{"code":400,"message":"the words","status":"INVALID_ARGUMENT"}}]""")]
    [InlineData("the words")]
    [InlineData("<!DOCTYPE html><html><head><title>the words</title></head><body><h1>nginx</h1></body></html>")]
    public async Task Refused_EachFormOfError_ShowsItsWords(string body)
    {
        await using var server = await WireServer.StartAsync(c => c.SendAsync(400, "text/html", body));
        using var client = Wire.Client(server.Endpoint);

        var error = await FailAsync(client);

        Assert.Contains("the words", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refused_HostileMessage_IsOneShortCleanLine()
    {
        await using var server = await WireServer.StartAsync(c => c.SendAsync(500, "text/plain", "\u001b[31mred\r\n\0\u202e" + new string('x', 100_000)));
        using var client = Wire.Client(server.Endpoint);

        var error = await FailAsync(client);

        Assert.True(error.Message.Length < 1000);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Theory]
    [InlineData("Retry-After", "7", 7)]
    [InlineData("Retry-After", "Fri, 20 Nov 2026 12:00:30 GMT", 30)]
    [InlineData("Retry-After", "Fri, 20 Nov 2020 12:00:30 GMT", 0)]
    [InlineData("retry-after-ms", "1500", 1.5)]
    public async Task Refused_429_KeepsRetryAfter(string header, string value, double seconds)
    {
        await using var server = await WireServer.StartAsync(context =>
        {
            context.Response.Headers[header] = value;
            return context.SendAsync(429, "application/json", """{"error":{"message":"Rate limit reached","type":"requests","code":"rate_limit_exceeded"}}""");
        });
        using var client = Wire.Client(server.Endpoint, o => o.TimeProvider = new FixedTime());

        var error = await FailAsync(client);

        Assert.Equal(TimeSpan.FromSeconds(seconds), error.RetryAfter);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("1e300")]
    [InlineData("NaN")]
    public async Task Refused_429WithNonsense_HasNoRetryAfter(string value)
    {
        await using var server = await WireServer.StartAsync(context =>
        {
            context.Response.Headers["Retry-After"] = value;
            return context.SendAsync(429, null, "");
        });
        using var client = Wire.Client(server.Endpoint);

        Assert.Null((await FailAsync(client)).RetryAfter);
    }

    [Fact]
    public async Task Refused_QuotaUsedUp_IsNotTransient()
    {
        await using var server = await WireServer.JsonAsync(
            """{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}""", 429);
        using var client = Wire.Client(server.Endpoint);

        var error = await FailAsync(client);

        Assert.False(error.IsTransient);
        Assert.Contains("quota is used up", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_IsReportedAndNotFollowed()
    {
        await using var other = await WireServer.JsonAsync(Wire.Completion);
        await using var server = await WireServer.StartAsync(context =>
        {
            context.Response.Headers.Location = other.Url + "v2?token=secret";
            return context.SendAsync(307, null, "");
        });
        using var client = Wire.Client(server.Endpoint);

        var error = await FailAsync(client);

        Assert.Contains($"redirects to {other.Url}v2; set OPENAI_BASE_URL", error.Message, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("", "application/json", "it is empty")]
    [InlineData(" \r\n", "application/json", "it is empty")]
    [InlineData("{\"id\":", "application/json", "it is no JSON (of type application/json)")]
    [InlineData("<html><title>Sign in</title></html>", "text/html", "an HTML page titled Sign in")]
    [InlineData("{}", "application/json", "it has no choices[0].message")]
    [InlineData("[]", "application/json", "it has no choices[0].message")]
    [InlineData("null", "application/json", "it has no choices[0].message")]
    [InlineData("{\"choices\":[]}", "application/json", "it has no choices[0].message")]
    [InlineData("{\"choices\":[{\"message\":null}]}", "application/json", "it has no choices[0].message")]
    [InlineData("data: {}\n\n", "text/event-stream", "it is a stream")]
    public async Task Malformed_WholeAnswer_SaysHow(string body, string type, string expected)
    {
        await using var server = await WireServer.StartAsync(c => c.SendAsync(200, type, body));
        using var client = Wire.Client(server.Endpoint);

        var error = await FailAsync(client);

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("OPENAI_BASE_URL", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "text/event-stream", "broke off")]
    [InlineData(": only comments\n\n", "text/event-stream", "broke off")]
    [InlineData("<html></html>", "text/html", "it is of type text/html")]
    [InlineData("", null, "without a content type")]
    [InlineData("data: [DONE]\n\n", "text/event-stream", "the stream held nothing")]
    [InlineData("", "application/json", "it is empty")]
    public async Task Malformed_Stream_SaysHow(string body, string? type, string expected)
    {
        await using var server = await WireServer.StartAsync(c => c.SendAsync(200, type, body));
        using var client = Wire.Client(server.Endpoint);

        Assert.Contains(expected, (await FailAsync(client, streaming: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorUnder200_IsAnError()
    {
        await using var server = await WireServer.JsonAsync("""{"error":"Input validation error: `top_p` must be > 0.0","error_type":"validation"}""");
        using var client = Wire.Client(server.Endpoint);

        Assert.Contains("`top_p` must be > 0.0", (await FailAsync(client)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyCutShort_IsCut()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"id\":");
        using var client = Wire.Client(server.Endpoint);

        var error = await FailAsync(client);

        Assert.Contains("broke off", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task NoHttp_IsUnreachable(string greeting)
    {
        await using var server = new RawServer(greeting);
        using var client = Wire.Client(server.Endpoint);

        var error = await FailAsync(client);

        Assert.Contains("can't be reached", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task NoServer_SaysWhereAndWhatToDo(int retries)
    {
        Uri endpoint;
        await using (var server = await WireServer.JsonAsync("{}"))
            endpoint = server.Endpoint;
        using var client = Wire.Client(endpoint, o => o.MaxRetries = retries);

        var error = await FailAsync(client);

        Assert.Contains($"{endpoint}, model 'gpt-4o': can't be reached (Connection refused", error.Message, StringComparison.Ordinal);
        Assert.Contains("Start the server, or set OPENAI_BASE_URL", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_EndsWithTheTimeout(bool afterTheBeginning)
    {
        await using var server = await WireServer.StartAsync(async context =>
        {
            if (afterTheBeginning)
                await context.FlushAsync(Wire.Text("half"));
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = Wire.Client(server.Endpoint, o => (o.NetworkTimeout, o.MaxRetries) = (TimeSpan.FromSeconds(1), 2));

        var error = await FailAsync(client, streaming: true);

        Assert.Single(server.Requests);
        Assert.Contains("nothing came for 1 s", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData(200, 60_000, "the Timeout of OpenAIChatClientOptions.HttpClient")]
    [InlineData(60_000, 200, "OpenAIChatClientOptions.NetworkTimeout")]
    public async Task Silence_WithAnOwnHttpClient_NamesTheTimeoutThatEndedIt(int own, int network, string setting)
    {
        await using var server = await WireServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(own) };
        using var client = Wire.Client(server.Endpoint, o => (o.HttpClient, o.NetworkTimeout) = (http, TimeSpan.FromMilliseconds(network)));

        var error = await FailAsync(client);

        Assert.Contains($"nothing came for 0.2 s. Try again, or raise {setting}.", error.Message, StringComparison.Ordinal);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Retries_TryAgainUntilItAnswers()
    {
        await using var server = await WireServer.StartAsync((server, context) =>
        {
            context.Response.Headers["Retry-After"] = "0";
            return server.Requests.Count < 3 ? context.SendAsync(503, null, "") : context.SendAsync(200, "application/json", Wire.Completion);
        });
        using var client = Wire.Client(server.Endpoint, o => o.MaxRetries = 2);

        await client.GetResponseAsync(Wire.Hello);

        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(0, "0", 1)]
    [InlineData(1, "0", 2)]
    [InlineData(5, "3600", 1)]
    public async Task Retries_AreBoundedAndNeverWaitLong(int retries, string retryAfter, int requests)
    {
        await using var server = await WireServer.StartAsync(context =>
        {
            context.Response.Headers["Retry-After"] = retryAfter;
            return context.SendAsync(429, null, "");
        });
        using var client = Wire.Client(server.Endpoint, o => o.MaxRetries = retries);

        await FailAsync(client, streaming: true);

        Assert.Equal(requests, server.Requests.Count);
    }

    private static Task<ModelException> FailAsync(OpenAIChatClient client, bool streaming = false) => Assert.ThrowsAsync<ModelException>(() =>
        streaming ? client.GetStreamingResponseAsync(Wire.Hello).ToChatResponseAsync() : client.GetResponseAsync(Wire.Hello));

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    }
}
