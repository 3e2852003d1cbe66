namespace AgentCore.Runner.Tests;

/// <summary>An agent of the kind that is migrated: it knows nothing of AgentCore.</summary>
public sealed class ParrotAgent
{
    public string Ask(string question)
    {
        Console.WriteLine("noise on the console");
        return $"again: {question}";
    }
}

/// <summary>An agent whose first object has a connection that is gone; one made anew works.</summary>
public sealed class StaleAgent
{
    private static int _made;

    private readonly bool _works = Interlocked.Increment(ref _made) > 1;

    public string Ask(string question) => _works ? $"answered: {question}" : throw new IOException("The connection is closed.");
}

/// <summary>An agent that is given its model.</summary>
public sealed class ModelledAgent(Microsoft.Extensions.AI.IChatClient client)
{
    public async Task<string> AskAsync(string question) =>
        (await client.GetResponseAsync([new Microsoft.Extensions.AI.ChatMessage(Microsoft.Extensions.AI.ChatRole.User, question)])).Text;
}

/// <summary>An agent that needs a number.</summary>
public sealed class LimitedAgent(int limit)
{
    public string Ask(string question) => $"{question} {limit}";
}

public sealed class MigrateTests
{
    private static readonly string Assembly = typeof(ParrotAgent).Assembly.Location;

    [Fact]
    public async Task Migrate_ScanWrapVerifyRun_BringsAClassToTheCommandLine()
    {
        using var workspace = new Workspace(plugin: false);

        var scan = (await workspace.RunAsync("migrate", "scan", Assembly, "--type", "ParrotAgent", "--json")).Expect(0);
        Assert.Equal("A", scan.Json.GetProperty("found")[0].GetProperty("class").GetString());
        var wrap = (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "ParrotAgent", "--verify", "--json")).Expect(0);
        Assert.Equal("Verified", wrap.Json.GetProperty("items")[0].GetProperty("status").GetString());
        (await workspace.RunAsync("migrate", "verify", "parrot", "--task", "who?")).Expect(0);

        var run = (await workspace.RunAsync("run", "parrot", "who?", "--json")).Expect(0);
        Assert.Equal("again: who?", run.Json.GetProperty("output").GetString());
    }

    [Fact]
    public async Task Scan_TypeThatIsNone_IsTold()
    {
        using var workspace = new Workspace(plugin: false);

        var alone = (await workspace.RunAsync("migrate", "scan", Assembly, "--type", "ParotAgent")).Expect(2);
        var beside = (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "ParotAgent", "--type", "ParrotAgent")).Expect(0);

        Assert.Contains("--type ParotAgent: no class is called so", alone.Error, StringComparison.Ordinal);
        Assert.Contains("not read: --type ParotAgent: no class is called so", beside.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_GapFilledWithANumber_TakesWhatVerifyTakes()
    {
        using var workspace = new Workspace(plugin: false);
        (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "LimitedAgent")).Expect(0);
        workspace.Write("agents/limited.yaml", $"""
            kind: object
            name: limited
            assembly: {Assembly}
            type: AgentCore.Runner.Tests.LimitedAgent
            construct:
            - name: limit
              from: value
              value: 007
            """);

        (await workspace.RunAsync("migrate", "verify", "limited")).Expect(0);
        var run = (await workspace.RunAsync("run", "limited", "up to", "--json")).Expect(0);

        Assert.Equal("up to 7", run.Json.GetProperty("output").GetString());
    }

    [Fact]
    public async Task Verify_Recorded_ComparesOnTheTasksOfTheAgentsRuns()
    {
        using var workspace = new Workspace(plugin: false);
        (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "ParrotAgent", "--type", "StaleAgent")).Expect(0);
        (await workspace.RunAsync("run", "parrot", "first")).Expect(0);
        (await workspace.RunAsync("run", "parrot", "second")).Expect(0);
        workspace.Write("tasks.jsonl", """
            {"agent":"parrot","input":"third"}
            {"agent":"stale","input":"not for the parrot"}
            """);

        var verify = (await workspace.RunAsync("migrate", "verify", "parrot", "--recorded", "--tasks", "tasks.jsonl", "--json")).Expect(0);

        var item = Assert.Single(verify.Json.GetProperty("items").EnumerateArray());
        Assert.Equal("3 tasks alike", item.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Verify_AgentThatAsksForAModel_GetsOneThatCallsNobody()
    {
        using var workspace = new Workspace(plugin: false);

        var wrap = (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "ModelledAgent", "--verify", "--json")).Expect(0);

        Assert.Equal("1 task alike, with a stand-in for the model", Assert.Single(wrap.Json.GetProperty("items").EnumerateArray()).GetProperty("message").GetString());
        (await workspace.RunAsync("migrate", "verify", "--model", "nobody/none")).Expect(2);
    }

    [Fact]
    public async Task Run_WrappedAgentThatLearns_IsHelpedAndTheErrorIsKept()
    {
        using var workspace = new Workspace(plugin: false);
        (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "StaleAgent")).Expect(0);
        var file = workspace.PathOf("agents/stale.yaml");
        var binding = File.ReadAllText(file).Replace("repeatable: false", "repeatable: true", StringComparison.Ordinal);

        File.WriteAllText(file, binding);
        var unhelped = (await workspace.RunAsync("run", "stale", "well?")).Expect(1);
        Assert.Contains("A remedy for it is retry-later", unhelped.Error, StringComparison.Ordinal);

        File.WriteAllText(file, binding + "retry: {maxRetries: 100, delay: 1ms}\nlearning: {autoFix: on, remedies: {reinitialize: true}}\n");
        var helped = (await workspace.RunAsync("run", "stale", "well?", "--json")).Expect(0);
        Assert.Equal("answered: well?", helped.Json.GetProperty("output").GetString());

        var errors = (await workspace.RunAsync("errors", "list", "--json")).Expect(0).Json.GetProperty("errors");
        var error = Assert.Single(errors.EnumerateArray());
        Assert.True(error.GetProperty("count").GetInt32() >= 2);
        Assert.Contains("reinitialize", error.GetProperty("remedies").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        (await workspace.RunAsync("migrate", "verify", "stale")).Expect(1);
    }

    [Theory]
    [InlineData("""{"agent":"nosuch","input":"x"}""", "tasks.jsonl, line 2: there is no agent 'nosuch'.")]
    [InlineData("""{"agent":5,"input":"x"}""", "tasks.jsonl, line 2: 'agent' is 5; give a name.")]
    [InlineData("""{"agent":"parrot","data":{"amount":1}}""", "tasks.jsonl, line 2: 'input' is missing; give a text.")]
    [InlineData("""{"input":"\ud800"}""", "tasks.jsonl, line 2: ")]
    [InlineData("""{"input":"x","data":1}""", "tasks.jsonl, line 2: 'data' is 1; give an object.")]
    [InlineData("""{"input": """, "tasks.jsonl, line 2 is neither JSON nor a plain text: ")]
    public async Task Verify_WrongTask_NamesItsLine(string line, string message)
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write("tasks.jsonl", $"{{\"street\":\"a text in JSON\"}}\n{line}\n");

        var wrap = (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "ParrotAgent", "--verify", "--tasks", "tasks.jsonl")).Expect(2);

        Assert.Contains(message, wrap.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(workspace.PathOf("agents/parrot.yaml")));
    }

    [Fact]
    public async Task Verify_NameBehindTwoDashes_IsComparedOnce()
    {
        using var workspace = new Workspace(plugin: false);
        (await workspace.RunAsync("migrate", "wrap", Assembly, "--type", "ParrotAgent")).Expect(0);

        (await workspace.RunAsync("migrate", "verify", "--", "parrot")).Expect(0);
    }

    [Theory]
    [InlineData("broken.dll", "MZ and nothing behind")]
    [InlineData("Agents.cs", "public class ShopAgent { }")]
    public async Task Scan_NothingThatCanBeRead_SaysWhatToNameInstead(string file, string text)
    {
        using var workspace = new Workspace(plugin: false);
        workspace.Write(file, text);

        var scan = (await workspace.RunAsync("migrate", "scan", file)).Expect(2);

        Assert.Contains("Nothing of it can be read: ", scan.Error, StringComparison.Ordinal);
        Assert.Contains("name what it builds", scan.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scan")]
    [InlineData("scan", "/nowhere")]
    [InlineData("wrap", "/nowhere")]
    [InlineData("verify", "nobody")]
    public async Task Migrate_NothingThere_IsAUsageError(params string[] arguments)
    {
        using var workspace = new Workspace(plugin: false);

        (await workspace.RunAsync(["migrate", .. arguments])).Expect(2);
    }
}
