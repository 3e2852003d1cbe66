using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Tests.Runs;

public sealed class RollbackTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcore-rollback-").FullName;
    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public void Fail_WithoutACheckpoint_LeavesTheStateAsAtTheStart()
    {
        using var agent = Counter(failAt: 1, checkpoints: false);
        var session = new AgentSession();
        session.State.Set("n", 7);

        var failed = agent.Execute("x", new RunOptions { Session = session });

        Assert.Equal((RunStatus.Failed, "start", 7), (failed.Status, failed.RolledBackTo, session.State.Get<int>("n")));
    }

    [Theory]
    [InlineData(1, "start", 0)]
    [InlineData(2, "1", 1)]
    [InlineData(4, "3", 3)]
    public async Task Fail_AfterCheckpoints_LeavesTheStateOfTheLastInMemoryAndInTheStore(int failAt, string checkpoint, int state)
    {
        using var agent = Counter(failAt);
        var session = new AgentSession("s");

        var failed = agent.Execute("x", new RunOptions { Session = session, Store = _store });

        Assert.Equal((RunStatus.Failed, checkpoint), (failed.Status, failed.RolledBackTo));
        Assert.Equal(state, session.State.Get<int>("n"));
        Assert.Empty(session.Messages);
        Assert.Equal(state, (await AgentSession.LoadAsync(_store, "s")).State.Get<int>("n"));
    }

    [Fact]
    public async Task Fail_AfterACheckpoint_HoldsAcrossARestart()
    {
        await using (var store = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = _folder }))
        {
            using var agent = Counter(failAt: 3);
            var session = new AgentSession("s");
            Counter(failAt: 0).Execute("x", new RunOptions { Session = session, Store = store }).EnsureDone();
            Assert.Equal("2", agent.Execute("x", new RunOptions { Session = session, Store = store }).RolledBackTo);
        }

        await using var reopened = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = _folder });
        var loaded = await AgentSession.LoadAsync(reopened, "s");
        Assert.Equal(12, loaded.State.Get<int>("n"));

        using var next = Counter(failAt: 0);
        next.Execute("x", new RunOptions { Session = loaded, Store = reopened }).EnsureDone();
        Assert.Equal(22, (await AgentSession.LoadAsync(reopened, "s")).State.Get<int>("n"));
    }

    [Fact]
    public async Task Resume_OfARunThatRolledBack_StartsFromTheRunsStartAndEndsOnce()
    {
        var failed = Counter(failAt: 3).Execute("x", new RunOptions { Session = new AgentSession("s"), Store = _store });
        Assert.Equal(2, (await AgentSession.LoadAsync(_store, "s")).State.Get<int>("n"));

        // In a new process: the session comes from the store.
        var resumed = await Counter(failAt: 0).ResumeAsync(failed.RunId!, new RunOptions { Store = _store });

        Assert.Equal("0 to 10", resumed.EnsureDone().Output);
        Assert.Equal(10, (await AgentSession.LoadAsync(_store, "s")).State.Get<int>("n"));
    }

    [Fact]
    public async Task Resume_FailsAgain_RollsBackAgain()
    {
        var failed = Counter(failAt: 3).Execute("x", new RunOptions { Session = new AgentSession("s"), Store = _store });

        var again = await Counter(failAt: 5).ResumeAsync(failed.RunId!, new RunOptions { Store = _store });
        Assert.Equal("4", again.RolledBackTo);
        Assert.Equal(4, (await AgentSession.LoadAsync(_store, "s")).State.Get<int>("n"));

        (await Counter(failAt: 0).ResumeAsync(failed.RunId!, new RunOptions { Store = _store })).EnsureDone();
        Assert.Equal(10, (await AgentSession.LoadAsync(_store, "s")).State.Get<int>("n"));
    }

    [Fact]
    public async Task Resume_SessionWentOnWithoutIt_IsAConflictAndOverwritesNothing()
    {
        var session = new AgentSession("s");
        var failed = Counter(failAt: 3).Execute("x", new RunOptions { Session = session, Store = _store });
        Counter(failAt: 0).Execute("y", new RunOptions { Session = session, Store = _store }).EnsureDone();

        var resumed = await Counter(failAt: 0).ResumeAsync(failed.RunId!, new RunOptions { Store = _store });

        Assert.Equal(RunStatus.Failed, resumed.Status);
        Assert.Contains("session/s", resumed.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(12, (await AgentSession.LoadAsync(_store, "s")).State.Get<int>("n"));
    }

    [Fact]
    public async Task End_CantBeKept_LeavesTheSessionAsItWas()
    {
        await using var store = new MemoryCheckpointStore();
        using var agent = ChatAgent.Create("a", new ScriptedChatClient("hi", "bye")).Build();
        var session = new AgentSession("s");
        // Another writer takes the session's first record.
        await store.CommitAsync(new StoreBatch().Append("session/s", 0, """{"messages":[],"state":{}}"""u8.ToArray()));

        var failed = await agent.ExecuteAsync("hello", new RunOptions { Session = session, Store = store });

        Assert.Equal((RunStatus.Failed, "start"), (failed.Status, failed.RolledBackTo));
        Assert.NotNull(failed.RunId);
        Assert.Empty(session.Messages);
        var loaded = await AgentSession.LoadAsync(store, "s");
        Assert.Equal("bye", (await agent.ExecuteAsync("again", new RunOptions { Session = loaded, Store = store })).EnsureDone().Output);
    }

    [Fact]
    public void Retry_SecondAttemptFailsEarlier_NamesItsOwnCheckpoint()
    {
        var attempts = 0;
        using var agent = new Sync(
            c =>
            {
                c.State.Set("n", 1);
                if (++attempts == 2)
                    throw new IOException("second");
                c.Checkpoint();
                throw new IOException("first");
            },
            new AgentOptions { Retry = new RetryOptions { MaxRetries = 1, Delay = TimeSpan.Zero } });
        var session = new AgentSession();

        var failed = agent.Execute("x", new RunOptions { Session = session });

        Assert.Equal((2, "start", 0), (attempts, failed.RolledBackTo, session.State.Get<int>("n")));
    }

    [Fact]
    public async Task Checkpoint_InABranch_CountsForTheRun()
    {
        using var agent = new Async(async c =>
        {
            await c.ParallelAsync<int>([b =>
            {
                b.State.Set("n", 5);
                b.Checkpoint();
                b.State.Set("n", 6);
                return Task.FromResult(0);
            }]);
            throw new IOException("later");
        });
        var session = new AgentSession();

        var failed = await agent.ExecuteAsync("x", new RunOptions { Session = session });

        Assert.Equal(("1", 5), (failed.RolledBackTo, session.State.Get<int>("n")));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Counts up ten times in its state, each time with a step and a checkpoint, and fails before one of them.</summary>
    private static Sync Counter(int failAt, bool checkpoints = true) => new(c =>
    {
        var from = c.State.Get<int>("n");
        for (var i = 1; i <= 10; i++)
        {
            c.State.Set("n", c.State.Get<int>("n") + 1);
            if (i == failAt)
                throw new IOException("broken");
            c.Step("count", i, () => i);
            if (checkpoints)
                c.Checkpoint();
        }

        return AgentResult.Done($"{from} to {c.State.Get<int>("n")}");
    });
}
