namespace AgentCore.Adapters.Processes.Tests;

/// <summary>The health of a child that is busy.</summary>
public sealed class HealthTests
{
    // Begins a task, and reads nothing more.
    private const string Working = """
        echo '{"type":"hello"}'
        read -r hello
        read -r task
        id=$(printf '%s' "$task" | sed 's/.*"id":"\([^"]*\)".*/\1/')
        printf '{"type":"progress","id":"%s","text":"begun"}\n' "$id"
        sleep 3600
        """;

    [UnixFact]
    public async Task CheckHealth_WhileItWorks_WellAtOnce()
    {
        var agent = Program(Working);
        var begun = new TaskCompletionSource();
        var running = agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is NoteEvent) begun.TrySetResult(); } });
        await begun.Task;

        var isWell = await agent.CheckHealthAsync();

        Assert.False(running.IsCompleted);
        Assert.True(isWell);
        agent.Dispose();
        await running;
    }

    [UnixFact]
    public async Task CheckHealth_WhileItStarts_NotWellAfterTheTimeout()
    {
        var agent = Program("sleep 3600", TimeSpan.FromMilliseconds(100));
        var starting = agent.ExecuteAsync("x");

        var isWell = await agent.CheckHealthAsync();

        Assert.False(starting.IsCompleted);
        Assert.False(isWell);
        agent.Dispose();
        await starting;
    }

    private static ProcessAgent Program(string script, TimeSpan? healthTimeout = null) =>
        new(new AgentMetadata("program"), new ProcessOptions("sh", "-c", script) { Limits = new ProcessLimits { HealthTimeout = healthTimeout ?? TimeSpan.FromMinutes(1) } });
}
