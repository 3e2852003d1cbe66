using AgentCore.Agents;
using AgentCore.Runs;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>What is too large for a store is refused clearly, and the run ends in the store all the same.</summary>
public sealed class LargeValueTests : IAsyncLifetime
{
    private static readonly string Large = new('x', 17 * 1024 * 1024);

    private readonly MemoryCheckpointStore _store = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Step_ArgumentsOver16MiB_IsDoneAndShowsTheirBeginning(bool repeatable)
    {
        using var agent = new Sync(c => AgentResult.Done(c.Step("s", Large, () => "y", new StepOptions { Repeatable = repeatable })));

        var result = agent.Execute("x", new RunOptions { Store = _store });

        Assert.Equal("y", result.EnsureDone().Output);
        var step = Assert.Single((await new RunHistory(_store).ReadAsync(result.RunId!)).Steps);
        Assert.StartsWith("\"\\\"xxx", step.Arguments, StringComparison.Ordinal);
        Assert.Contains("17,825,794 bytes in all", step.Arguments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_TaskOver16MiB_FailsBeforeAnyWorkAndSaysWhatToDo()
    {
        var runs = 0;
        using var agent = new Sync(_ => AgentResult.Done($"{++runs}"));

        var result = agent.Execute(Large, new RunOptions { Store = _store });

        Assert.Equal((RunStatus.Failed, 0), (result.Status, runs));
        Assert.StartsWith("The task, with the state of its session, has 17,825,", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("Give the agent a file to read", result.Error.Message, StringComparison.Ordinal);
        Assert.Equal("1", agent.Execute(Large).EnsureDone().Output);
    }

    [Fact]
    public async Task Execute_OutputOver16MiB_EndsTheRunAsFailedAndSaysWhatToDo()
    {
        using var agent = new Sync(_ => AgentResult.Done(Large));

        var result = agent.Execute("x", new RunOptions { Store = _store });

        Assert.Equal((RunStatus.Failed, Large.Length), (result.Status, result.Output.Length));
        Assert.StartsWith("The result has 17,82", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    [Fact]
    public async Task Execute_ToolResultOver16MiBInASession_EndsTheRunAsFailedAndLeavesTheSession()
    {
        using var client = new ScriptedChatClient();
        client.ThenCall("big").ThenReply("done");
        using var agent = new ChatAgent(
            new AgentMetadata("a") { Capabilities = new(["big"]) }, client,
            options: new AgentOptions { Tools = new ToolRegistry().Add(AIFunctionFactory.Create(() => Large, "big")) });
        var session = new AgentSession("s");

        var result = await agent.ExecuteAsync("x", new RunOptions { Store = _store, Session = session });

        Assert.Equal((RunStatus.Failed, "done"), (result.Status, result.Output));
        Assert.StartsWith("What the run adds to session 's' has 17,82", result.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(session.Messages);
        var kept = await new RunHistory(_store).FindAsync("last");
        Assert.Equal((RunStatus.Failed, "s"), (kept.Status, kept.Session));
    }

    [Fact]
    public async Task Step_FailureOver16MiB_EndsTheRunWithTheFirstError()
    {
        using var agent = new Sync(c => AgentResult.Done(c.Step("s", null, () => Large.Length > 0 ? throw new IOException(Large) : "")));

        var result = agent.Execute("x", new RunOptions { Store = _store });

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("step 0 has", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    [Fact]
    public async Task Checkpoint_StateOver16MiB_EndsTheRunWithTheFirstError()
    {
        using var agent = new Sync(c =>
        {
            c.State.Set("large", Large);
            c.Checkpoint();
            return AgentResult.Done("");
        });

        var result = agent.Execute("x", new RunOptions { Store = _store });

        Assert.Contains("The state has", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Failed, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();
}
