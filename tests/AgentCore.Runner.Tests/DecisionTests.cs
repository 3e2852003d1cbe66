namespace AgentCore.Runner.Tests;

public sealed class DecisionTests
{
    private const string Pay = "call ledger.pay {\"to\":\"Ann\",\"amount\":3}\npaid";

    [Fact]
    public async Task Run_ToolNeedsApproval_StopsUntilItIsApproved()
    {
        using var workspace = new Workspace();

        var stopped = (await workspace.RunAsync("run", "clerk", Pay, "--json")).Expect(4);
        var id = stopped.Json.GetProperty("runId").GetString()!;
        var step = stopped.Json.GetProperty("pending")[0].GetProperty("step").GetString()!;
        Assert.Contains($"agentcore runs approve {id} {step}", stopped.Error, StringComparison.Ordinal);
        Assert.Empty(workspace.Ledger);

        (await workspace.RunAsync("runs", "resume", id)).Expect(4);
        (await workspace.RunAsync("runs", "approve", id, step)).Expect(0);
        var resumed = (await workspace.RunAsync("runs", "resume", id, "--json")).Expect(0);

        Assert.Equal("paid", resumed.Json.GetProperty("output").GetString());
        Assert.Equal(["paid 3 to Ann"], workspace.Ledger);
        Assert.Equal(2, workspace.Replies.Count);
    }

    [Fact]
    public async Task Run_ToolDenied_TellsTheModelAndDoesNotCallIt()
    {
        using var workspace = new Workspace();
        var id = (await workspace.RunAsync("run", "clerk", Pay, "--json")).Expect(4).Json.GetProperty("runId").GetString()!;

        (await workspace.RunAsync("runs", "deny", id, "1", "--reason", "too much")).Expect(0);
        (await workspace.RunAsync("runs", "resume", id)).Expect(0);

        Assert.Empty(workspace.Ledger);
    }

    [Fact]
    public async Task Run_RulesDecide_AsTheFirstThatFitsSays()
    {
        using var workspace = new Workspace();
        workspace.Write("config/approvals.yaml", """
            rules:
              - tool: ledger.*
                decision: deny
                arguments: { to: "Mallory*" }
                reason: not to him
              - tool: ledger.pay
                decision: allow
                agent: clerk
            """);

        (await workspace.RunAsync("run", "clerk", Pay)).Expect(0);
        (await workspace.RunAsync("run", "clerk", Pay.Replace("Ann", "Mallory", StringComparison.Ordinal))).Expect(0);

        Assert.Equal(["paid 3 to Ann"], workspace.Ledger);
    }

    [Fact]
    public async Task Run_Yes_ApprovesEveryCall()
    {
        using var workspace = new Workspace();

        (await workspace.RunAsync("run", "clerk", Pay, "--yes")).Expect(0);

        Assert.Equal(["paid 3 to Ann"], workspace.Ledger);
    }

    [Fact]
    public async Task Run_AsksAPerson_ResumesWithTheAnswer()
    {
        using var workspace = new Workspace();

        var stopped = (await workspace.RunAsync("run", "asker", "paint it", "--no-input", "--json")).Expect(4);
        var id = stopped.Json.GetProperty("runId").GetString()!;
        (await workspace.RunAsync("runs", "answer", id, "0", "green")).Expect(0);
        var resumed = (await workspace.RunAsync("runs", "resume", id, "--json")).Expect(0);

        Assert.Equal("It will be green.", resumed.Json.GetProperty("output").GetString());
    }

    [Fact]
    public async Task Decide_StepThatWaitsForNothing_Exits2()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync("run", "clerk", "hello")).Expect(0);

        var outcome = (await workspace.RunAsync("runs", "decide", "last", "0", "retry")).Expect(2);

        Assert.Contains("there is nothing to decide", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("999999999d")]
    [InlineData("36501d")]
    [InlineData("0.000001ms")]
    public async Task RunsApprove_ExpiryOutOfRange_SaysTheRange(string time)
    {
        using var workspace = new Workspace();

        var outcome = (await workspace.RunAsync("runs", "approve", "last", "1", "--expires", time)).Expect(2);

        Assert.Equal($"agentcore: --expires is '{time}'; give 0.0001ms to 36500d, or leave it out for as long as the run.", outcome.Error.Trim());
    }
}
