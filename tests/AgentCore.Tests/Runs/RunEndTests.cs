using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Learning;
using AgentCore.Runs;
using AgentCore.Tasks;
using AgentCore.Testing;

namespace AgentCore.Tests.Runs;

/// <summary>Once a run exists, every outcome is a result, and the store has it.</summary>
public sealed class RunEndTests : IAsyncLifetime
{
    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public async Task Execute_DataDoesNotSerialise_IsAFailedResultInTheStoreToo()
    {
        var session = new AgentSession("s");
        using var agent = new Sync(c =>
        {
            c.State.Set("n", 1);
            return AgentResult.Done("ok", new { T = typeof(int) });
        });

        var result = agent.Execute("x", new RunOptions { Store = _store, Session = session });

        Assert.Equal((RunStatus.Failed, "ok", "start"), (result.Status, result.Output, result.RolledBackTo));
        Assert.Contains("doesn't serialise to JSON", result.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(session.State.Names);
        var kept = (await new RunHistory(_store).ReadAsync(result.RunId!)).Result!;
        Assert.Equal((RunStatus.Failed, "ok", result.Error.Message), (kept.Status, kept.Output, kept.Error!.Message));
    }

    [Fact]
    public async Task Execute_DataIsNoNumber_IsAFailedResultInTheStoreToo()
    {
        using var agent = new Sync(_ => AgentResult.Done("x", double.NaN));

        Assert.Equal(RunStatus.Failed, agent.Execute("x", new RunOptions { Store = _store }).Status);
        Assert.Equal(RunStatus.Failed, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    [Fact]
    public async Task Execute_FailsWithDataThatDoesNotSerialise_KeepsItsOwnError()
    {
        using var agent = new Sync(_ => AgentResult.Failed(new AgentError("Mine", "no"), data: double.NaN));

        Assert.Equal("no", agent.Execute("x", new RunOptions { Store = _store }).Error!.Message);
        Assert.Equal("failed: Mine: no", (await new RunHistory(_store).FindAsync("last")).Note);
    }

    [Fact]
    public async Task Execute_SessionTakenByAnotherWriter_EndsTheRunAsFailed()
    {
        var session = new AgentSession("s");
        using var agent = new Sync(c =>
        {
            c.State.Set("n", 1);
            return AgentResult.Done("ok");
        });
        await _store.CommitAsync(new StoreBatch().Append("session/s", 0, """{"messages":[],"state":{}}"""u8.ToArray()));

        Assert.Equal(RunStatus.Failed, agent.Execute("x", new RunOptions { Store = _store, Session = session }).Status);
        Assert.Equal(RunStatus.Failed, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_ShouldRetryThrows_IsAFailedResultThatNamesIt(bool learns)
    {
        using var agent = new Sync(_ => throw new InvalidDataException("bad data"), new AgentOptions
        {
            Retry = new RetryOptions { ShouldRetry = _ => throw new InvalidOperationException("mine") },
            Learner = learns ? new ErrorLearner(_store) : null,
        });

        var result = agent.Execute("x", new RunOptions { Store = _store });

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal("RetryOptions.ShouldRetry threw an exception when it was asked about 'InvalidDataException: bad data': InvalidOperationException: mine", result.Error!.Message);
        Assert.Equal(RunStatus.Failed, (await new RunHistory(_store).FindAsync("last")).Status);
    }

    [Theory]
    [InlineData(600, "608 bytes")]
    [InlineData(0, "no valid Unicode")]
    public void Session_IdThatNoStoreTakes_IsRefusedAtOnce(int length, string why)
    {
        var error = Assert.Throws<ArgumentException>(() => new AgentSession(length > 0 ? new string('s', length) : "\ud83d"));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_TimesOutOfRange_NameOptionValueAndRule()
    {
        Refused("AgentOptions.Timeout is 60.00:00:00; choose a positive time of at most 49 days, or null for no limit.", () => new AgentOptions { Timeout = TimeSpan.FromDays(60) });
        Refused("RetryOptions.Delay is 2.00:00:00; choose zero to one day.", () => new RetryOptions { Delay = TimeSpan.FromDays(2) });
        Refused("RetryOptions.MaxDelay is -00:00:01; choose zero to one day.", () => new RetryOptions { MaxDelay = TimeSpan.FromSeconds(-1) });
        Refused("ExecutorOptions.TaskTimeout is 60.00:00:00; choose", () => new ExecutorOptions { TaskTimeout = TimeSpan.FromDays(60) });
        Refused("TaskQueueOptions.TaskTimeout is 60.00:00:00; choose", () => new TaskQueueOptions { TaskTimeout = TimeSpan.FromDays(60) });

        static void Refused(string message, Func<object> make) =>
            Assert.StartsWith(message, Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();
}
