using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Testing;

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
