namespace AgentCore.Runner.Tests;

/// <summary>An agent that never answers, and blocks its thread.</summary>
public sealed class HungAgent
{
    public string Ask(string file)
    {
        File.WriteAllText(file, "");
        Thread.Sleep(Timeout.Infinite);
        return "";
    }
}

/// <summary>An agent that says that it is asynchronous, and blocks its caller's thread.</summary>
public sealed class BlockingAgent
{
    public Task<string> AskAsync(string file) => Task.FromResult(new HungAgent().Ask(file));
}

public sealed class InterruptionTests
{
    private const string Script = "call ledger.append {\"text\":\"first\"}\ncall ledger.wait\ncall ledger.append {\"text\":\"second\"}\nall done";

    [Fact]
    public async Task Run_KilledInAStep_ResumesWithoutDoingFinishedOnesAgain()
    {
        using var workspace = new Workspace();
        using (var running = workspace.Start("run", "clerk", Script))
        {
            await running.UntilAsync(() => workspace.Ledger.Count == 2);
            running.Kill();
            await running.EndAsync();
        }

        workspace.Write("go.txt", "");
        var resumed = (await workspace.RunAsync("runs", "resume", "last", "--json")).Expect(0);

        Assert.Equal("all done", resumed.Json.GetProperty("output").GetString());
        Assert.Equal(["first", "waiting", "waiting", "second"], workspace.Ledger);
        Assert.Equal(4, workspace.Replies.Count);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public async Task Run_Signal_IsKeptAsCancelledAndResumes(int signal)
    {
        using var workspace = new Workspace();
        using (var running = workspace.Start("run", "clerk", Script, "--json"))
        {
            await running.UntilAsync(() => workspace.Ledger.Count == 2);
            running.Signal(signal);
            var cancelled = (await running.EndAsync()).Expect(130);
            Assert.Equal("cancelled", cancelled.Json.GetProperty("status").GetString());
            Assert.Contains($"agentcore runs resume {cancelled.Json.GetProperty("runId").GetString()}", cancelled.Error, StringComparison.Ordinal);
        }

        var listed = (await workspace.RunAsync("runs", "list", "--json")).Expect(0);
        Assert.Equal("cancelled", listed.Json.GetProperty("runs")[0].GetProperty("status").GetString());

        workspace.Write("go.txt", "");
        (await workspace.RunAsync("runs", "resume", "last")).Expect(0);
        Assert.Equal(["first", "waiting", "waiting", "second"], workspace.Ledger);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public async Task Run_SignalWhileAClassHangs_IsKeptAsCancelled(int signal)
    {
        using var workspace = new Workspace(plugin: false);
        using var running = await HangAsync(workspace, nameof(HungAgent));

        running.Signal(signal);

        (await running.EndAsync()).Expect(130);
        var listed = (await workspace.RunAsync("runs", "list", "--json")).Expect(0);
        Assert.Equal("cancelled", listed.Json.GetProperty("runs")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Run_TerminatedWhileCodeBlocksItsCaller_SaysSoAndEndsByItself()
    {
        using var workspace = new Workspace(plugin: false);
        using var running = await HangAsync(workspace, nameof(BlockingAgent));

        running.Signal(15);

        var ended = (await running.EndAsync()).Expect(130);
        Assert.Contains("agentcore: it doesn't stop yet; if it still doesn't, the program ends in a few seconds.", ended.Error, StringComparison.Ordinal);
        Assert.Contains("agentcore: it did not stop, and the program ends.", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run assistant -")]
    [InlineData("team run research -")]
    public async Task Run_SignalWhileTheTaskIsRead_EndsAsCancelled(string command)
    {
        using var workspace = new Workspace(plugin: false);
        using var running = workspace.StartReading([.. command.Split(' '), "--json"]);
        await running.WriteAsync(new string('x', 1_000_000));

        running.Signal(2);

        var cancelled = (await running.EndAsync()).Expect(130);
        Assert.Equal("cancelled", cancelled.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Run_KilledInAStepThatIsNotRepeatable_WaitsForADecision()
    {
        using var workspace = new Workspace();
        using (var running = workspace.Start("run", "clerk", "call ledger.hang\nall done"))
        {
            await running.UntilAsync(() => workspace.Ledger.Count == 1);
            running.Kill();
            await running.EndAsync();
        }

        var stopped = (await workspace.RunAsync("runs", "resume", "last", "--json")).Expect(4);
        Assert.Equal("outcome", stopped.Json.GetProperty("pending")[0].GetProperty("kind").GetString());
        (await workspace.RunAsync("runs", "decide", "last", "1", "done", "--result", "\"it had hung\"")).Expect(0);
        (await workspace.RunAsync("runs", "resume", "last")).Expect(0);

        Assert.Equal(["hanging"], workspace.Ledger);
    }

    [Fact]
    public async Task Fork_AtARecord_IsARunOfItsOwn()
    {
        using var workspace = new Workspace();
        workspace.Write("go.txt", "");
        (await workspace.RunAsync("run", "clerk", Script)).Expect(0);

        var fork = (await workspace.RunAsync("runs", "fork", "last", "--at", "3", "--json")).Expect(0).Json.GetProperty("runId").GetString()!;
        (await workspace.RunAsync("runs", "resume", fork)).Expect(0);
        (await workspace.RunAsync("runs", "delete", fork)).Expect(0);

        var listed = (await workspace.RunAsync("runs", "list", "--json")).Expect(0);
        Assert.Equal(1, listed.Json.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public async Task ExportAndImport_DoneRun_ReplaysInAnotherWorkspace()
    {
        using var workspace = new Workspace();
        using var other = new Workspace();
        workspace.Write("go.txt", "");
        (await workspace.RunAsync("run", "clerk", Script)).Expect(0);
        (await workspace.RunAsync("runs", "export", "last", "run.jsonl")).Expect(0);

        var file = workspace.PathOf("run.jsonl");
        (await other.RunAsync("runs", "import", file)).Expect(0);
        var replay = (await other.RunAsync("runs", "replay", "last", "--json")).Expect(0);
        Assert.True(replay.Json.GetProperty("same").GetBoolean());
        Assert.Empty(other.Ledger);
        Assert.Empty(other.Replies);

        (await other.RunAsync("runs", "import", file)).Expect(2);
        await File.AppendAllTextAsync(file, "{\"record\":\"AAAA\"}\n");
        (await other.RunAsync("runs", "delete", "last")).Expect(0);
        Assert.Contains("is damaged", (await other.RunAsync("runs", "import", file)).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("No such runs", (await other.RunAsync("runs", "list")).Expect(0).Error, StringComparison.Ordinal);
    }

    private static async Task<RunningProgram> HangAsync(Workspace workspace, string type)
    {
        workspace.Write("agents/hung.yaml", $"kind: object\nassembly: {typeof(HungAgent).Assembly.Location}\ntype: AgentCore.Runner.Tests.{type}\n");
        var running = workspace.Start("run", "hung", workspace.PathOf("hung.txt"));
        await running.UntilAsync(() => File.Exists(workspace.PathOf("hung.txt")));
        return running;
    }
}
