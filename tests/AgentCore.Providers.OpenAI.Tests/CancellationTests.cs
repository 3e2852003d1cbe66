using AgentCore.Providers.Tests;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI.Tests;

public class CancellationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_BeforeTheAnswer_StopsTheCallAtTheServer(bool streaming)
    {
        var stopped = new TaskCompletionSource();
        using var source = new CancellationTokenSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => stopped.TrySetResult());
            await source.CancelAsync();
            await stopped.Task;
        });
        using var client = Wire.Client(server.Endpoint, o => o.MaxRetries = 3);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => streaming
            ? client.GetStreamingResponseAsync(Wire.Hello, null, source.Token).ToChatResponseAsync(source.Token)
            : client.GetResponseAsync(Wire.Hello, null, source.Token));

        await stopped.Task;
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Cancel_InMidStream_StopsTheCallAtTheServer()
    {
        var stopped = new TaskCompletionSource();
        using var source = new CancellationTokenSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => stopped.TrySetResult());
            await context.FlushAsync(Wire.Text("half"));
            await stopped.Task;
        });
        using var client = Wire.Client(server.Endpoint);

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.GetStreamingResponseAsync(Wire.Hello, null, source.Token))
                await source.CancelAsync();
        });

        Assert.Equal(source.Token, error.CancellationToken);
        await stopped.Task;
    }

    [Fact]
    public async Task Leave_InMidStream_StopsTheCallAtTheServer()
    {
        var stopped = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => stopped.TrySetResult());
            await context.FlushAsync(Wire.Text("half"));
            await stopped.Task;
        });
        using var client = Wire.Client(server.Endpoint);

        await foreach (var update in client.GetStreamingResponseAsync(Wire.Hello))
            break;

        await stopped.Task;
    }

    [Fact]
    public async Task Cancel_BeforeTheCall_SendsNothing()
    {
        await using var server = await WireServer.JsonAsync(Wire.Completion);
        using var client = Wire.Client(server.Endpoint);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync(Wire.Hello, null, source.Token));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Cancel_DuringTheWaitForARetry_Ends()
    {
        using var source = new CancellationTokenSource();
        await using var server = await WireServer.StartAsync(async context =>
        {
            context.Response.Headers["Retry-After"] = "9";
            context.Response.OnCompleted(() => source.CancelAsync());
            await context.SendAsync(503, null, "");
        });
        using var client = Wire.Client(server.Endpoint, o => o.MaxRetries = 1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetResponseAsync(Wire.Hello, null, source.Token));

        Assert.Single(server.Requests);
    }
}
