using System.Diagnostics;
using AgentCore.Agents;
using Microsoft.Extensions.AI;

namespace AgentCore.Benchmarks;

/// <summary>What sessions take, and many of them at once.</summary>
internal sealed class SessionRows : IRows
{
    private const int Count = 10_000;

    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        var sessions = new AgentSession[Count];
        var empty = Live();
        for (var i = 0; i < Count; i++)
            sessions[i] = new AgentSession();
        yield return Row.AtMost("new session", (Live() - empty) / Count, "B", 128);

        using var client = new InstantClient();
        using var agent = ChatAgent.Create("bench", client).Build();
        for (var i = 0; i < Count; i++)
            await agent.ExecuteAsync("hi", new RunOptions { Session = sessions[i] });
        var used = (Live() - empty) / Count;
        yield return Row.Above("session after one turn, above its messages", used, "B", MessageBytes(), 800);
        GC.KeepAlive(sessions);

        using var slow = new InstantClient(TimeSpan.FromMilliseconds(200));
        using var slowAgent = ChatAgent.Create("bench", slow).Build();
        await AllAsync(slowAgent, 1_000);
        yield return Row.AtMost("10,000 sessions at once over 200 ms", await AllAsync(slowAgent, Count), "ms", 300, 200);
    }

    private static async Task<double> AllAsync(ChatAgent agent, int count)
    {
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        var runs = new Task[count];
        for (var i = 0; i < count; i++)
            runs[i] = agent.ExecuteAsync("hi", new RunOptions { Session = new AgentSession() });
        await Task.WhenAll(runs);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>What the two messages of a turn take by themselves.</summary>
    private static double MessageBytes()
    {
        var messages = new ChatMessage[2 * Count];
        var before = Live();
        for (var i = 0; i < Count; i++)
        {
            messages[2 * i] = new ChatMessage(ChatRole.User, "hi");
            messages[2 * i + 1] = new ChatMessage(ChatRole.Assistant, [new TextContent("ok")]);
        }

        var bytes = (Live() - before) / Count;
        GC.KeepAlive(messages);
        return bytes;
    }

    private static double Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
