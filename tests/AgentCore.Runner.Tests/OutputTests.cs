using AgentCore.Runner.Output;

namespace AgentCore.Runner.Tests;

public sealed class OutputTests
{
    [Fact]
    public void Note_TextOfOthers_GivesTheTerminalNoOrders()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        Terminal.OfWriters(output, error).Note("two\n\tlines \u001b]0;pwned\u0007 é");

        Assert.Equal($"two\n\tlines \uFFFD]0;pwned\uFFFD é{Environment.NewLine}", error.ToString());
    }

    [Fact]
    public void Out_TextOfOthers_GivesTheTerminalNoOrders()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var terminal = Terminal.OfWriters(output, error);
        terminal.Out.WriteLine("two\r\n\tlines \u001b]0;pwned\u0007 é\rover");
        terminal.Out.Write('\u001b');

        Assert.Equal($"two\r\n\tlines \uFFFD]0;pwned\uFFFD é\uFFFDover{terminal.Out.NewLine}\uFFFD", output.ToString());
    }

    [Fact]
    public async Task AnyCommand_RunWithOrdersForTheTerminal_GivesNone()
    {
        using var workspace = new Workspace();
        const string task = "\u001b[31mred\u001b[0m \u009b31m";
        var run = (await workspace.RunAsync("run", "clerk", task)).Expect(0);
        var list = (await workspace.RunAsync("runs", "list")).Expect(0);
        var show = (await workspace.RunAsync("runs", "show", "last")).Expect(0);

        Assert.Contains("red", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Output + run.Error + list.Output + show.Output, c => char.IsControl(c) && c is not ('\n' or '\r'));
        var json = (await workspace.RunAsync("runs", "list", "--json")).Expect(0);
        Assert.Equal(task, json.Json.GetProperty("runs")[0].GetProperty("task").GetString());
    }

    [Fact]
    public async Task Run_Failed_IsOneDocumentWithTheError()
    {
        using var workspace = new Workspace();

        var outcome = (await workspace.RunAsync("run", "clerk", "fail no more credit", "--json")).Expect(1);

        Assert.Equal("failed", outcome.Json.GetProperty("status").GetString());
        Assert.Equal("no more credit", outcome.Json.GetProperty("error").GetProperty("message").GetString());
        Assert.Contains($"agentcore runs resume {outcome.Json.GetProperty("runId").GetString()}", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OverBudget_Exits3AndSaysHowToRaiseIt()
    {
        using var workspace = new Workspace();

        var outcome = (await workspace.RunAsync("run", "clerk", "call ledger.append {\"text\":\"a\"}\ndone", "--budget", "10", "--json")).Expect(3);

        Assert.Equal("limited", outcome.Json.GetProperty("status").GetString());
        Assert.Contains("--budget", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AnswerCutOff_IsWrittenAndSaidToBeCutOff()
    {
        using var workspace = new Workspace();

        var outcome = (await workspace.RunAsync("run", "clerk", "cut the three steps are", "--json")).Expect(0);

        Assert.Equal("maxTokens", outcome.Json.GetProperty("stop").GetProperty("kind").GetString());
        Assert.Contains("agentcore: The model's answer was cut off", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Plain_WritesTheAnswerAloneToStandardOutput()
    {
        using var workspace = new Workspace();

        var outcome = (await workspace.RunAsync("run", "clerk", "call ledger.append {\"text\":\"a\"}\nall done")).Expect(0);

        Assert.Equal("all done\n", outcome.Output);
        Assert.Contains("ledger.append text=\"a\"", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', outcome.Error);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("models list")]
    [InlineData("errors list")]
    [InlineData("tools list")]
    [InlineData("runs list")]
    [InlineData("init")]
    public async Task AnyCommand_Json_IsOneDocument(string arguments)
    {
        using var workspace = new Workspace();

        var json = (await workspace.RunAsync([.. arguments.Split(' '), "--json"])).Expect(0);
        Assert.Equal(System.Text.Json.JsonValueKind.Object, json.Json.ValueKind);

        var plain = (await workspace.RunAsync(arguments.Split(' '))).Expect(0);
        Assert.DoesNotContain('\e', plain.Output + plain.Error);
    }

    [Fact]
    public async Task Init_NewFolder_MakesAWorkspaceThatDoctorFindsSound()
    {
        using var workspace = new Workspace(plugin: false);

        (await workspace.RunAsync("init", "--workspace", "new")).Expect(0);
        var doctor = await workspace.RunAsync("doctor", "--workspace", "new", "--json");

        Assert.Contains(doctor.Json.GetProperty("agents").EnumerateArray(), a => a.GetProperty("name").GetString() == "helper");
        Assert.DoesNotContain(doctor.Json.GetProperty("problems").EnumerateArray(), p => p.GetString()!.Contains("yaml", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunsShow_DoneRun_HasItsStepsAndTimeline()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync("run", "clerk", "call ledger.append {\"text\":\"a\"}\nall done")).Expect(0);

        var shown = (await workspace.RunAsync("runs", "show", "last")).Expect(0);
        Assert.Contains("1 tool ledger.append", shown.Output, StringComparison.Ordinal);
        Assert.Contains("Timeline", shown.Output, StringComparison.Ordinal);

        var json = (await workspace.RunAsync("runs", "show", "last", "--json")).Expect(0);
        Assert.Equal(["model", "tool", "model"], json.Json.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("kind").GetString()));
    }
}
