using AgentCore.Agents;
using AgentCore.Runs;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Tools;

public sealed class ToolTests
{
    private static readonly AIFunction Read = AIFunctionFactory.Create((string path) => $"content of {path}", "files.read");

    [Theory]
    [InlineData("files.read", "files.read", true)]
    [InlineData("files.*", "files.read", true)]
    [InlineData("files.*", "files.read.all", true)]
    [InlineData("*", "anything.at.all", true)]
    [InlineData("FILES.Read", "files.read", true)]
    [InlineData("files.*", "files", false)]
    [InlineData("files.*", "filesystem.read", false)]
    [InlineData("files.read", "files.write", false)]
    [InlineData("files", "files.read", false)]
    public void Allows_NameOrWildcard_Decides(string held, string needed, bool allowed) =>
        Assert.Equal(allowed, new CapabilitySet([held]).Allows(needed));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("files.")]
    [InlineData(".*")]
    [InlineData("fi*les")]
    [InlineData("*.read")]
    [InlineData("files.*.read")]
    [InlineData("files read")]
    [InlineData("files.read\n")]
    public void CapabilitySet_Malformed_IsRefused(string capability) =>
        Assert.Throws<ArgumentException>(() => new CapabilitySet([capability]));

    [Fact]
    public void Add_NoCapabilitiesStated_NeedsItsOwnName()
    {
        var tools = new ToolRegistry().Add(Read);

        Assert.Empty(tools.For(CapabilitySet.None));
        Assert.Single(tools.For(new CapabilitySet(["files.*"])));
    }

    [Fact]
    public void Add_NameTaken_SaysWhich()
    {
        var tools = new ToolRegistry().Add(Read);

        Assert.Contains("files.read", Assert.Throws<InvalidOperationException>(() => tools.Add(Read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallTool_WithoutTheCapability_IsDeniedAndNotCounted()
    {
        var tools = new ToolRegistry().Add(Read, new ToolOptions { Capabilities = ["secret"] });
        using var agent = new Powerless(tools);

        var result = await agent.ExecuteAsync("x");

        Assert.Equal(typeof(ToolDeniedException).FullName, result.Error!.Type);
        Assert.Contains("lacks the capability 'secret'", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal(0, tools.All[0].Statistics.Calls);
    }

    [Fact]
    public async Task CallTool_Unknown_NamesWhatThereIs()
    {
        using var agent = Agent(new ToolRegistry().Add(Read), c => c.CallToolAsync("files.raed"));

        Assert.Contains("files.read", (await agent.ExecuteAsync("x")).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallTool_OverItsTimeout_FailsWhereRepeatableAndIsUnknownWhereNot()
    {
        var never = new TaskCompletionSource<string>();
        var function = AIFunctionFactory.Create(() => never.Task, "slow");
        var quick = TimeSpan.FromMilliseconds(10);
        using var reader = Agent(new ToolRegistry().Add(function, new ToolOptions { Timeout = quick, Repeatable = true }), c => c.CallToolAsync("slow"));
        using var payer = Agent(new ToolRegistry().Add(function, new ToolOptions { Timeout = quick }), c => c.CallToolAsync("slow"));

        var failed = await reader.ExecuteAsync("x");
        var unknown = await payer.ExecuteAsync("x");

        Assert.Equal((RunStatus.Failed, "System.TimeoutException"), (failed.Status, failed.Error!.Type));
        Assert.Equal((RunStatus.NeedsDecision, "slow"), (unknown.Status, Assert.Single(unknown.Pending).Name));
    }

    [Fact]
    public async Task Statistics_CallsAndFailures_AreCounted()
    {
        var tools = new ToolRegistry().Add(AIFunctionFactory.Create((bool fail) => fail ? throw new IOException("net") : "ok", "work"));
        using var agent = Agent(tools, async c =>
        {
            for (var i = 0; i < 9; i++)
                await c.CallToolAsync("work", new Dictionary<string, object?> { ["fail"] = false });
            try
            {
                await c.CallToolAsync("work", new Dictionary<string, object?> { ["fail"] = true });
            }
            catch (StepFailedException)
            {
                // Counted below.
            }

            return null;
        });
        await agent.ExecuteAsync("x");
        var statistics = tools.All[0].Statistics;

        Assert.Equal((10, 1), (statistics.Calls, statistics.Failures));
        Assert.True(statistics.P95 >= statistics.Mean / 2 && statistics.Mean > TimeSpan.Zero);
    }

    [Fact]
    public async Task Approval_NobodyThere_StopsAndGoesOnWhenApproved()
    {
        var calls = 0;
        await using var store = new MemoryCheckpointStore();
        BaseAgent Make() => Agent(
            new ToolRegistry().Add(AIFunctionFactory.Create((int amount) => { calls++; return amount; }, "pay"), new ToolOptions { Approval = true }),
            c => c.CallToolAsync("pay", new Dictionary<string, object?> { ["amount"] = 5 }));

        var waiting = await Make().ExecuteAsync("x", new RunOptions { Store = store });
        var pending = Assert.Single(waiting.Pending);
        Assert.Equal((RunStatus.NeedsDecision, DecisionKind.Approval, """{"amount":5}"""), (waiting.Status, pending.Kind, pending.Arguments));
        Assert.Equal(0, calls);
        Assert.Equal(RunStatus.NeedsDecision, (await Make().ResumeAsync(waiting.RunId!, new RunOptions { Store = store })).Status);

        await new RunHistory(store).DecideAsync(waiting.RunId!, pending.Step, new Decision(Verdict.Approve, "boss"));
        var done = await Make().ResumeAsync(waiting.RunId!, new RunOptions { Store = store });

        Assert.Equal((RunStatus.Done, "5", 1), (done.Status, done.Output, calls));
    }

    [Fact]
    public async Task Approval_Denied_IsToldWithTheReason()
    {
        await using var store = new MemoryCheckpointStore();
        BaseAgent Make() => Agent(
            new ToolRegistry().Add(AIFunctionFactory.Create(() => 1, "pay"), new ToolOptions { Approval = true }), c => c.CallToolAsync("pay"));
        var waiting = await Make().ExecuteAsync("x", new RunOptions { Store = store });

        await new RunHistory(store).DecideAsync(waiting.RunId!, "0", new Decision(Verdict.Deny, "boss") { Reason = "too much" });
        var result = await Make().ResumeAsync(waiting.RunId!, new RunOptions { Store = store });

        Assert.Equal((RunStatus.Failed, "The call of 'pay' was refused by boss: too much"), (result.Status, result.Error!.Message));
    }

    [Fact]
    public async Task Approval_Expired_IsAskedForAgain()
    {
        await using var store = new MemoryCheckpointStore();
        BaseAgent Make() => Agent(
            new ToolRegistry().Add(AIFunctionFactory.Create(() => 1, "pay"), new ToolOptions { Approval = true }), c => c.CallToolAsync("pay"));
        var waiting = await Make().ExecuteAsync("x", new RunOptions { Store = store });

        await new RunHistory(store).DecideAsync(waiting.RunId!, "0", new Decision(Verdict.Approve, "boss") { Expires = DateTimeOffset.UtcNow.AddHours(-1) });

        Assert.Equal(RunStatus.NeedsDecision, (await Make().ResumeAsync(waiting.RunId!, new RunOptions { Store = store })).Status);
    }

    [Fact]
    public async Task Denial_Expired_StaysAsItWasWhenTheRunIsResumed()
    {
        await using var store = new MemoryCheckpointStore();
        var crash = true;
        BaseAgent Make() => Agent(
            new ToolRegistry().Add(AIFunctionFactory.Create(() => 1, "pay"), new ToolOptions { Approval = true }),
            async c =>
            {
                await Assert.ThrowsAsync<ToolDeniedException>(async () => await c.CallToolAsync("pay"));
                await c.StepAsync("after", null, _ => Task.FromResult(1));
                return crash ? throw new IOException("crash") : "unpaid";
            });
        var waiting = await Make().ExecuteAsync("x", new RunOptions { Store = store });
        await new RunHistory(store).DecideAsync(waiting.RunId!, "0", new Decision(Verdict.Deny, "boss") { Expires = DateTimeOffset.UtcNow.AddHours(-1) });
        Assert.Equal("crash", (await Make().ResumeAsync(waiting.RunId!, new RunOptions { Store = store })).Error?.Message);
        crash = false;

        Assert.Equal("unpaid", (await Make().ResumeAsync(waiting.RunId!, new RunOptions { Store = store })).EnsureDone().Output);
    }

    [Fact]
    public async Task Approval_WrappedFunction_AlwaysNeedsIt()
    {
        var tools = new ToolRegistry().Add(new ApprovalRequiredAIFunction(Read));
        using var agent = Agent(tools, c => c.CallToolAsync("files.read", new Dictionary<string, object?> { ["path"] = "a" }));

        Assert.Equal(RunStatus.NeedsDecision, (await agent.ExecuteAsync("x")).Status);
        Assert.True((await agent.ExecuteAsync("x", new RunOptions { Decider = new Yes() })).IsDone);
    }

    [Fact]
    public async Task Approval_AgentAsATool_WaitsBeforeTheAgentRuns()
    {
        var runs = 0;
        await using var store = new MemoryCheckpointStore();
        BaseAgent Make()
        {
            var inner = new Async(_ => { runs++; return Task.FromResult(AgentResult.Done("sold")); }, name: "seller");
            return Agent(new ToolRegistry().Add(inner.AsTool(options: new ToolOptions { Approval = true })), c => c.CallToolAsync("seller", new Dictionary<string, object?> { ["task"] = "all" }));
        }

        var waiting = await Make().ExecuteAsync("x", new RunOptions { Store = store });
        Assert.Equal((RunStatus.NeedsDecision, 0), (waiting.Status, runs));
        await new RunHistory(store).DecideAsync(waiting.RunId!, waiting.Pending[0].Step, new Decision(Verdict.Approve, "boss"));

        Assert.Equal(("sold", 1), ((await Make().ResumeAsync(waiting.RunId!, new RunOptions { Store = store })).Output, runs));
    }

    [Fact]
    public async Task AskPerson_AnsweredLater_ResumesWithTheAnswer()
    {
        await using var store = new MemoryCheckpointStore();
        BaseAgent Make() => new Async(async c => AgentResult.Done($"Hello {await c.AskPersonAsync("name", "Who are you?")}"));
        var waiting = await Make().ExecuteAsync("x", new RunOptions { Store = store });
        Assert.Equal(("Who are you?", DecisionKind.Answer), (waiting.Pending[0].Question, waiting.Pending[0].Kind));

        await new RunHistory(store).DecideAsync(waiting.RunId!, "0", new Decision(Verdict.Answer, "ann") { Result = System.Text.Json.JsonSerializer.SerializeToElement("Ann") });

        Assert.Equal("Hello Ann", (await Make().ResumeAsync(waiting.RunId!, new RunOptions { Store = store })).Output);
    }

    private static Async Agent(ToolRegistry tools, Func<AgentContext, Task<object?>> body) =>
        new(async c => AgentResult.Done($"{await body(c)}"), new AgentOptions { Tools = tools });

    private sealed class Powerless(ToolRegistry tools) : AsyncAgent(new AgentMetadata("powerless"), new AgentOptions { Tools = tools })
    {
        protected override async ValueTask<AgentResult> OnExecuteAsync(AgentContext context) =>
            AgentResult.Done($"{await context.CallToolAsync("files.read")}");
    }

    private sealed class Yes : IDecider
    {
        public ValueTask<Decision?> DecideAsync(DecisionRequest request, CancellationToken cancellationToken) => new(new Decision(Verdict.Approve, "yes"));
    }
}
