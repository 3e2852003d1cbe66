using AgentCore.Learning;
using AgentCore.Testing;
using AgentCore.Tests.Teams;

namespace AgentCore.Tests.Learning;

/// <summary>A run that waits before it is tried again says so first.</summary>
public sealed class RetryNoteTests : IAsyncLifetime
{
    private readonly MemoryCheckpointStore _store = new();
    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource<string> _note = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Execute_RemedyThatWaits_IsToldBefore()
    {
        var learner = new ErrorLearner(_store, new LearningOptions { Seed = 1, Remedies = [Remedies.RetryLater(TimeSpan.FromSeconds(15))] });

        Assert.Equal("sync is tried again in 15 s, with retry-later(after=15s), as it failed: busy", await FirstNoteAsync(new AgentOptions
        {
            Learner = learner,
            Retry = new RetryOptions { MaxRetries = 1, Delay = TimeSpan.Zero, ShouldRetry = _ => false },
        }));
    }

    [Fact]
    public async Task Execute_PlainRetryThatWaits_IsToldBefore()
    {
        var note = await FirstNoteAsync(new AgentOptions { Retry = new RetryOptions { MaxRetries = 1, Delay = TimeSpan.FromSeconds(20), MaxDelay = TimeSpan.FromSeconds(20) } });

        Assert.Matches("^sync is tried again in \\d+ s, as it failed: busy$", note);
    }

    [Fact]
    public async Task Execute_ShortWait_IsNotTold()
    {
        using var agent = new Sync(_ => throw new TimeoutException("busy"), new AgentOptions { Retry = new RetryOptions { MaxRetries = 1, Delay = TimeSpan.FromMilliseconds(1) } });

        await agent.ExecuteAsync("x", new RunOptions { OnEvent = Watch });

        Assert.False(_note.Task.IsCompleted);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    /// <summary>The note that comes while the clock stands still.</summary>
    private async Task<string> FirstNoteAsync(AgentOptions options)
    {
        using var agent = new Sync(_ => throw new TimeoutException("busy"), options with { Time = _time });
        var run = agent.ExecuteAsync("x", new RunOptions { OnEvent = Watch });
        await Task.WhenAny(_note.Task, run).WaitAsync(TimeSpan.FromMinutes(1));
        while (!run.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        return await _note.Task;
    }

    private void Watch(AgentEvent happening)
    {
        if (happening is NoteEvent note)
            _note.TrySetResult(note.Message);
    }
}
