using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCore.Providers.Tests;

/// <summary>A real HTTP server on a free port of this machine, which answers with the bytes that a test gives.</summary>
internal sealed class WireServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WireServer(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    public Uri Endpoint => new(Url, "/v1");

    public ConcurrentQueue<WireRequest> Requests { get; } = new();

    /// <summary>The body of the only request.</summary>
    public JsonNode Sent => JsonNode.Parse(Requests.Single().Body)!;

    public static Task<WireServer> StartAsync(Func<HttpContext, Task> answer) => StartAsync((_, context) => answer(context));

    public static async Task<WireServer> StartAsync(Func<WireServer, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.Zero);
        var app = builder.Build();
        var server = new WireServer(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var request = new WireRequest(
                context.Request.Method, context.Request.Path, headers, await reader.ReadToEndAsync(context.RequestAborted));
            context.Items[typeof(WireRequest)] = request;
            server.Requests.Enqueue(request);
            await answer(server, context);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers every request with the same JSON.</summary>
    public static Task<WireServer> JsonAsync(string body, int status = 200) =>
        StartAsync(context => context.SendAsync(status, "application/json", body));

    /// <summary>Answers every request with the same event stream, in one piece.</summary>
    public static Task<WireServer> EventsAsync(string body) =>
        StartAsync(context => context.SendAsync(200, "text/event-stream; charset=utf-8", body));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

internal sealed record WireRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

internal static class WireAnswers
{
    /// <summary>What the client sent.</summary>
    public static WireRequest Sent(this HttpContext context) => (WireRequest)context.Items[typeof(WireRequest)]!;

    public static async Task SendAsync(this HttpContext context, int status, string? type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Sends a part of a stream at once.</summary>
    public static async Task FlushAsync(this HttpContext context, string part)
    {
        if (!context.Response.HasStarted)
            context.Response.ContentType = "text/event-stream";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(part), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
