using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Tests.Runs;

/// <summary>A watcher that throws fails its run, and nothing that was done is lost or done again.</summary>
public sealed class WatcherTests : IAsyncLifetime
{
    private readonly MemoryCheckpointStore _store = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_ThrowsAtTheFirstEvent_FailsTheRun(bool kept)
    {
        var runs = 0;
        using var agent = new Sync(_ => AgentResult.Done($"{++runs}"));

        var result = agent.Execute("x", Throwing<RunStartedEvent>() with { Store = kept ? _store : null });

        Assert.Equal((RunStatus.Failed, "broken pipe", 0), (result.Status, result.Error!.Message, runs));
        if (kept)
            Assert.Equal(RunStatus.Failed, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    [Fact]
    public async Task Watch_ThrowsAtTheLastEvent_ResultStaysAsItWasKept()
    {
        using var agent = new Sync(_ => AgentResult.Done("ok"));

        Assert.Equal("ok", agent.Execute("x", Throwing<RunEndedEvent>()).EnsureDone().Output);
        Assert.Equal(RunStatus.Done, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    [Fact]
    public async Task Watch_ThrowsBeforeARetry_FailsTheRun()
    {
        using var agent = new Sync(_ => throw new InvalidDataException("no"), new AgentOptions { Retry = new RetryOptions { Delay = TimeSpan.Zero } });

        Assert.Equal("broken pipe", agent.Execute("x", Throwing<RunRetryingEvent>()).Error!.Message);
        Assert.Equal(RunStatus.Failed, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_ThrowsWhenAStepHadFinished_StepIsKeptAsDone(bool repeatable)
    {
        var sent = 0;
        Sync Create() => new(c => AgentResult.Done($"{c.Step("send", null, () => ++sent, new StepOptions { Repeatable = repeatable })}"));

        var first = Create().Execute("x", Throwing<StepFinishedEvent>());
        var resumed = await Create().ResumeAsync(first.RunId!, new RunOptions { Store = _store });

        Assert.Equal((RunStatus.Failed, "broken pipe"), (first.Status, first.Error!.Message));
        Assert.Equal("1", resumed.EnsureDone().Output);
        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task Watch_ThrowsWhenAStepHadFailed_FailureIsKept()
    {
        var tries = 0;
        Sync Create() => new(c =>
        {
            try
            {
                c.Step("send", null, () => ++tries > 0 ? throw new TimeZoneNotFoundException("no") : 1);
            }
            catch (StepFailedException)
            {
            }

            return AgentResult.Done("handled");
        });

        var first = Create().Execute("x", Throwing<StepFinishedEvent>());
        var step = Assert.Single((await new RunHistory(_store).ReadAsync(first.RunId!)).Steps);

        Assert.Equal(RunStatus.Failed, first.Status);
        Assert.Equal("no", step.Error!.Message);
    }

    [Fact]
    public async Task Watch_ThrowsBeforeAStep_StepIsNotBegun()
    {
        var sent = 0;
        Sync Create() => new(c => AgentResult.Done($"{c.Step("send", null, () => ++sent)}"));

        var first = Create().Execute("x", Throwing<StepStartedEvent>());
        Assert.Equal((RunStatus.Failed, 0), (first.Status, sent));

        Assert.Equal("1", (await Create().ResumeAsync(first.RunId!, new RunOptions { Store = _store })).EnsureDone().Output);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private RunOptions Throwing<T>() where T : AgentEvent => new()
    {
        Store = _store,
        OnEvent = e =>
        {
            if (e is T)
                throw new IOException("broken pipe");
        },
    };
}
