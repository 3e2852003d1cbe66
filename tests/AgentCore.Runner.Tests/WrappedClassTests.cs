namespace AgentCore.Runner.Tests;

/// <summary>An agent that fails.</summary>
public sealed class FailingAgent
{
    public string Ask(string question) => throw new IOException($"No answer to '{question}'.");
}

/// <summary>An agent whose outcome is lost.</summary>
public sealed class LosingAgent
{
    public string Ask(string question) => throw new TimeoutException(question);
}

/// <summary>An agent whose answer is more than its text.</summary>
public sealed class TotallingAgent
{
    public sealed record Total(string Text, int Sum);

    public Total Ask(string question) => new($"The total of {question}", question.Length);
}

/// <summary>What is told of agents that are classes of anybody's.</summary>
public sealed class WrappedClassTests
{
    private static readonly string Assembly = typeof(FailingAgent).Assembly.Location;

    [Fact]
    public async Task Run_ClassWithoutAModel_NamesNone()
    {
        using var workspace = new Workspace(plugin: false);
        Wrap(workspace, "parrot", nameof(ParrotAgent));

        var run = (await workspace.RunAsync("run", "parrot", "who?", "--json")).Expect(0);

        Assert.Contains("parrot · no model · run ", run.Error, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, run.Json.TryGetProperty("model", out var model) ? model.ValueKind : System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task Run_AnswerIsAnObject_GivesItAsDataToo()
    {
        using var workspace = new Workspace(plugin: false);
        Wrap(workspace, "totalling", nameof(TotallingAgent));

        var run = (await workspace.RunAsync("run", "totalling", "tea", "--json")).Expect(0);

        Assert.Equal(("The total of tea", 3), (run.Json.GetProperty("output").GetString(), run.Json.GetProperty("data").GetProperty("Sum").GetInt32()));
    }

    [Fact]
    public async Task Run_StepFails_SaysWhyOnce()
    {
        using var workspace = new Workspace(plugin: false);
        Wrap(workspace, "failing", nameof(FailingAgent));

        var run = (await workspace.RunAsync("run", "failing", "x")).Expect(1);

        Assert.Equal(2, run.Error.Split("No answer to 'x'.").Length);
    }

    [Fact]
    public async Task TeamRun_MemberFailsAndIsSkipped_SaysWhichAndWhy()
    {
        using var workspace = new Workspace(plugin: false);
        WriteTeam(workspace, "onFailure: skip\n");

        var run = (await workspace.RunAsync("team", "run", "pair", "x")).Expect(0);

        Assert.Contains("broken failed", run.Error, StringComparison.Ordinal);
        Assert.Contains("agentcore: turn 1, of 'broken', failed, and the team went on without it: No answer to 'x'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TeamRun_MemberFails_NamesItAtTheEnd()
    {
        using var workspace = new Workspace(plugin: false);
        WriteTeam(workspace, "");

        var run = (await workspace.RunAsync("team", "run", "pair", "x")).Expect(1);

        Assert.Contains("agentcore: The turn of 'broken' failed, and the policy is to stop: failed: IOException: No answer to 'x'.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("--result by-hand", "by-hand")]
    [InlineData("--result {\"text\":\"done\"}", "done")]
    public async Task Decide_LostCallIsDone_ResumesWithTheAnswer(string result, string output)
    {
        using var workspace = new Workspace(plugin: false);
        Wrap(workspace, "losing", nameof(LosingAgent));
        var stopped = (await workspace.RunAsync("run", "losing", "x", "--json")).Expect(4);

        (await workspace.RunAsync(["runs", "decide", "last", "0", "done", .. result.Split(' ', StringSplitOptions.RemoveEmptyEntries)])).Expect(0);
        var resumed = (await workspace.RunAsync("runs", "resume", "last", "--json")).Expect(0);

        Assert.Contains("done with its result (a text or any JSON), retry, or abort", stopped.Error, StringComparison.Ordinal);
        Assert.Equal(output, resumed.Json.GetProperty("output").GetString());
    }

    [Fact]
    public async Task Decide_ResultThatBeginsAsJsonAndIsNone_IsRefused()
    {
        using var workspace = new Workspace(plugin: false);

        var outcome = (await workspace.RunAsync("runs", "decide", "last", "0", "done", "--result", "{\"text\":")).Expect(2);

        Assert.Contains("--result is no JSON", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("waiting")]
    [InlineData("waits for a decision")]
    [InlineData("needsDecision")]
    public async Task List_RunsThatWait_AreFoundByWhatIsShown(string status)
    {
        using var workspace = new Workspace(plugin: false);
        Wrap(workspace, "losing", nameof(LosingAgent));
        (await workspace.RunAsync("run", "losing", "x")).Expect(4);

        var listed = (await workspace.RunAsync("runs", "list", "--status", status, "--json")).Expect(0);

        Assert.Equal(1, listed.Json.GetProperty("runs").GetArrayLength());
    }

    [Fact]
    public async Task Run_ClassThatIsNotThere_LeaksNoParameter()
    {
        using var workspace = new Workspace(plugin: false);
        Wrap(workspace, "misspelt", "ParotAgent");

        var run = (await workspace.RunAsync("run", "misspelt", "x")).Expect(2);

        Assert.DoesNotContain("(Parameter", run.Error, StringComparison.Ordinal);
    }

    private static void WriteTeam(Workspace workspace, string more)
    {
        Wrap(workspace, "broken", nameof(FailingAgent));
        Wrap(workspace, "parrot", nameof(ParrotAgent));
        workspace.Write("teams/pair.yaml", "protocol: sequential\nmembers: [broken, parrot]\n" + more);
    }

    internal static void Wrap(Workspace workspace, string name, string type, string more = "") =>
        workspace.Write($"agents/{name}.yaml", $"kind: object\nassembly: {Assembly}\ntype: AgentCore.Runner.Tests.{type}\n{more}");
}
