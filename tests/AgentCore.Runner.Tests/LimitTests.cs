using AgentCore.Runner.Output;

namespace AgentCore.Runner.Tests;

/// <summary>A limit is told as who uses the program can raise it.</summary>
public sealed class LimitTests
{
    private const string Script = "call ledger.append {\"text\":\"first\"}\nall done";

    [Fact]
    public async Task Run_MaxTurnsReached_NamesTheOptionAndTheField()
    {
        using var workspace = new Workspace();
        workspace.Write("agents/worker.yaml", "instructions: work\ncapabilities: [ledger.append]\n");

        var run = (await workspace.RunAsync("run", "worker", Script, "--max-turns", "1", "--json")).Expect(3);

        var id = run.Json.GetProperty("runId").GetString();
        Assert.Contains("made 1 model calls, all that --max-turns (or maxModelCalls in its file) allows; raise it to go on.", run.Error, StringComparison.Ordinal);
        Assert.Contains("all that --max-turns (or maxModelCalls in its file) allows", run.Json.GetProperty("stop").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.EndsWith($"To go on with a higher limit: agentcore runs resume {id} --max-turns N", run.Error.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The run has used 12 tokens of the 10 that RunOptions.MaxTokens allows; raise it to go on.", false,
        "The run has used 12 tokens of the 10 that --budget (or budget in agentcore.yaml) allows; raise it to go on.",
        "To go on with a higher limit: agentcore runs resume R --budget TOKENS")]
    [InlineData("'x' took longer than TeamLimits.MaxTime, 00:00:01; raise it to go on.", true,
        "'x' took longer than limits.maxTime in its file, 00:00:01; raise it to go on.",
        "Raise it there, then go on with: agentcore runs resume R")]
    [InlineData("Agent 'x' made 1 model calls, all that ChatAgentOptions.MaxModelCalls allows; raise it to go on.", true,
        "Agent 'x' made 1 model calls, all that maxModelCalls in its file allows; raise it to go on.",
        "Raise it there, then go on with: agentcore runs resume R")]
    [InlineData("Process 'x' took longer than ProcessLimits.TaskTimeout, 00:00:01, and was ended.", false,
        "Process 'x' took longer than taskTimeout in its file, 00:00:01, and was ended.",
        "Raise it there, then go on with: agentcore runs resume R")]
    [InlineData("It goes round in circles.", true, "It goes round in circles.", "To go on: agentcore runs resume R")]
    public void Of_LimitOfTheLibrary_NamesWhatCanBeSetHere(string message, bool isTeam, string words, string advice)
    {
        Assert.Equal(words, LimitWords.Of(message, isTeam));
        Assert.Equal(advice, LimitWords.Advice("R", message, isTeam));
    }
}
