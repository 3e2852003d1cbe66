using AgentCore.Agents;
using AgentCore.Models;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Models;

public class RetryAfterTests
{
    [Theory]
    [InlineData(7, 2, 7)]
    [InlineData(30, 2, 30)]
    [InlineData(31, 1, null)]
    public async Task Retry_ServerAsksToWait_WaitsAsLongOrFailsAtOnce(int seconds, int calls, int? waited)
    {
        var time = new InstantTime();
        var client = new BusyClient(TimeSpan.FromSeconds(seconds));
        using var agent = ChatAgent.Create("asker", client)
            .WithOptions(o => o with { Time = time, Retry = new RetryOptions { Delay = TimeSpan.FromSeconds(1) } })
            .Build();

        var result = await agent.ExecuteAsync("Hi");

        Assert.Equal(waited is null ? RunStatus.Failed : RunStatus.Done, result.Status);
        Assert.Equal(calls, client.Calls);
        Assert.Equal(waited is { } expected ? [TimeSpan.FromSeconds(expected)] : [], time.Waits);
    }

    /// <summary>Is busy at the first call.</summary>
    private sealed class BusyClient(TimeSpan retryAfter) : IChatClient
    {
        public int Calls { get; private set; }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            ++Calls == 1
                ? Task.FromException<ChatResponse>(new ModelException("busy") { IsTransient = true, RetryAfter = retryAfter })
                : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hello")));

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    /// <summary>Every wait is over at once, and written down.</summary>
    private sealed class InstantTime : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
                Waits.Add(dueTime);
            return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
        }
    }
}
