using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Tests.Fixtures;
using Microsoft.Extensions.Hosting;

namespace AgentCore.Adapters.Objects.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public void Execute_TickAgent_IsStartedTickedAndStopped()
    {
        var inner = new TickAgent();
        using var agent = new UniversalAgentAdapter(inner);

        var result = agent.Execute(new AgentTask("go").With("ticks", 2));
        Assert.True(agent.Shutdown());

        Assert.Equal(AgentClass.D, agent.Class);
        Assert.Equal("TickAgent ticked 2 times.", result.Output);
        Assert.Equal(["start", "tick", "tick", "stop"], inner.Log);
    }

    [Fact]
    public void Execute_TicksInAJsonTask_TicksSoOften()
    {
        using var agent = new UniversalAgentAdapter(new TickAgent());

        Assert.EndsWith("ticked 3 times.", agent.Execute("""{"ticks": 3}""").EnsureDone().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"3\"")]
    [InlineData("null")]
    [InlineData("5000000000")]
    public void Execute_TicksInAJsonTaskThatAreNoNumber_FailsAndSaysHowMany(string ticks)
    {
        using var agent = new UniversalAgentAdapter(new TickAgent());

        Assert.Contains($"'ticks' is {ticks}; choose 1 to 1,000,000.", agent.Execute($$"""{"ticks": {{ticks}}}""").Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_TooManyTicks_FailsAndSaysHowMany()
    {
        using var agent = new UniversalAgentAdapter(new TickAgent());

        var result = agent.Execute(new AgentTask("go").With("ticks", 0));

        Assert.Contains("choose 1 to 1,000,000", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_UpdateWithDeltaTime_PassesOneSecond()
    {
        var inner = new UpdateBot();
        using var agent = new UniversalAgentAdapter(inner);

        Assert.True(agent.Execute("go").IsDone);

        Assert.Equal(1, inner.Elapsed);
    }

    [Fact]
    public async Task Initialize_BackgroundService_RunsUntilShutdown()
    {
        var inner = new WorkerAgent();
        using var agent = new UniversalAgentAdapter(inner);

        Assert.True(await agent.InitializeAsync());
        await inner.Started.Task;
        var running = await agent.ExecuteAsync("status");
        await agent.ShutdownAsync();

        Assert.Equal("WorkerAgent is running.", running.Output);
        Assert.True(inner.Ended);
    }

    [Fact]
    public async Task AsHostedService_StartAndStop_DriveTheObject()
    {
        var inner = new HostedAgent();
        using var agent = new UniversalAgentAdapter(inner);
        var hosted = agent.AsHostedService();

        await hosted.StartAsync(CancellationToken.None);
        Assert.Equal("started", inner.State);
        await hosted.StopAsync(CancellationToken.None);

        Assert.Equal("stopped", inner.State);
        (hosted as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task RunSchedule_ManualClock_TicksOncePerPeriod()
    {
        var inner = new TickAgent();
        var clock = new ManualTimer();
        using var agent = new UniversalAgentAdapter(inner, options: new UniversalAgentOptions { Agent = new AgentOptions { Time = clock } });
        using var stop = new CancellationTokenSource();

        var schedule = agent.RunScheduleAsync(TimeSpan.FromMinutes(1), stop.Token);
        await clock.Created;
        for (var tick = 1; tick <= 3; tick++)
        {
            clock.Fire();
            while (inner.Log.Count(l => l == "tick") < tick)
                await Task.Yield();
        }

        await stop.CancelAsync();
        await schedule;
        Assert.Equal(3, inner.Log.Count(l => l == "tick"));
    }

    [Fact]
    public async Task RunSchedule_NoSchedule_SaysWhatToSet()
    {
        using var agent = new UniversalAgentAdapter(new TickAgent());

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => agent.RunScheduleAsync());

        Assert.Contains("lifecycle.every", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shutdown_GivenInstance_StopsItAndLeavesItToItsOwner()
    {
        var inner = new LivingAgent();
        using var agent = new UniversalAgentAdapter(inner);

        agent.Execute("work").EnsureDone();
        agent.Shutdown();

        Assert.Equal(["initialize", "work", "stop"], inner.Log);
    }

    [Fact]
    public void Shutdown_InstanceOfItsOwn_DisposesIt()
    {
        using var agent = new UniversalAgentAdapter(typeof(LivingAgent));
        agent.Execute("work").EnsureDone();
        var inner = (LivingAgent)agent.Instance!;

        agent.Shutdown();

        Assert.Equal(["initialize", "work", "stop", "dispose"], inner.Log);
    }

    [Fact]
    public async Task SaveState_PairOfMembers_MovesToAnotherObject()
    {
        using var first = new UniversalAgentAdapter(new CountingAgent());
        using var second = new UniversalAgentAdapter(new CountingAgent());
        first.Execute("a");
        first.Execute("b");
        second.Initialize();

        await second.LoadStateAsync((await first.SaveStateAsync())!.Value);

        Assert.Equal("c 3", second.Execute("c").Output);
    }

    [Fact]
    public async Task LoadState_NoPair_SaysWhatToDo()
    {
        using var agent = new UniversalAgentAdapter(new RunTextAgent());
        agent.Initialize();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => agent.LoadStateAsync(default));

        Assert.Contains("lifecycle", e.Message, StringComparison.Ordinal);
        Assert.Null(await agent.SaveStateAsync());
    }

    [Fact]
    public void Execute_ObjectThrows_KeepsItsStateForTheNextRun()
    {
        using var agent = new UniversalAgentAdapter(new SometimesAgent());

        Assert.Equal("1", agent.Execute("a").Output);
        Assert.Equal("System.InvalidOperationException", agent.Execute("bad").Error!.Type);

        Assert.Equal("2", agent.Execute("b").Output);
    }

    [Theory]
    [InlineData(typeof(StopThrowsAgent), "made start stop disposed")]
    [InlineData(typeof(StartThrowsAgent), "made start disposed")]
    public void Dispose_StartOrStopThrows_DisposesTheInstanceAllTheSame(Type type, string log)
    {
        LifeLog.Clear();
        using (var agent = new UniversalAgentAdapter(type))
            agent.Execute("x");

        Assert.Equal(log, string.Join(' ', LifeLog));
    }

    [Fact]
    public async Task Tick_WhileARunBeats_WaitsForItsTurn()
    {
        var inner = new SlowTickAgent();
        using var agent = new UniversalAgentAdapter(inner);
        agent.Initialize();

        var tick = agent.TickAsync();
        var run = agent.ExecuteAsync(new AgentTask("go").With("ticks", 2));
        Assert.Equal(1, inner.Ticks);
        inner.Go.SetResult();
        await tick;
        await run;

        Assert.Equal((3, 1), (inner.Ticks, inner.Most));
    }

    [Fact]
    public async Task Tick_AfterShutdown_SaysThatItIsStopped()
    {
        using var agent = new UniversalAgentAdapter(typeof(TickAgent));
        agent.Initialize();
        agent.Shutdown();

        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => agent.TickAsync());

        Assert.Contains("Call Initialize first", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tick_ObjectBeatsItselfWithin_DoesNotWaitForItself()
    {
        var inner = new SelfTickAgent();
        using var agent = new UniversalAgentAdapter(inner);
        inner.Again = () => agent.TickAsync();
        agent.Initialize();

        await agent.TickAsync();

        Assert.Equal(2, inner.Ticks);
    }

    private static readonly List<string> LifeLog = [];

    private sealed class StopThrowsAgent : IDisposable
    {
        public StopThrowsAgent() => LifeLog.Add("made");

        public void Start() => LifeLog.Add("start");

        public void Stop()
        {
            LifeLog.Add("stop");
            throw new InvalidOperationException("stop broke");
        }

        public string Run(string s) => s;

        public void Dispose() => LifeLog.Add("disposed");
    }

    private sealed class StartThrowsAgent : IDisposable
    {
        public StartThrowsAgent() => LifeLog.Add("made");

        public void Start()
        {
            LifeLog.Add("start");
            throw new InvalidOperationException("start broke");
        }

        public void Stop() => LifeLog.Add("stop");

        public string Run(string s) => s;

        public void Dispose() => LifeLog.Add("disposed");
    }

    private sealed class SlowTickAgent
    {
        private int _inside;

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Ticks { get; private set; }

        public int Most { get; private set; }

        public void Start()
        {
        }

        public async Task TickAsync()
        {
            Ticks++;
            Most = Math.Max(Most, ++_inside);
            await Go.Task;
            _inside--;
        }

        public void Stop()
        {
        }
    }

    private sealed class SelfTickAgent
    {
        public Func<Task>? Again { get; set; }

        public int Ticks { get; private set; }

        public void Start()
        {
        }

        public async Task TickAsync()
        {
            if (++Ticks == 1)
                await Again!();
        }

        public void Stop()
        {
        }
    }

    private sealed class SometimesAgent
    {
        private int _count;

        public string Run(string input) => input == "bad" ? throw new InvalidOperationException("bad") : (++_count).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class ManualTimer : TimeProvider
    {
        private readonly TaskCompletionSource _created = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? _fire;

        public Task Created => _created.Task;

        public void Fire() => _fire!();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (period != TimeSpan.FromMinutes(1) && dueTime != TimeSpan.FromMinutes(1))
                return base.CreateTimer(callback, state, dueTime, period);
            _fire = () => callback(state);
            _created.TrySetResult();
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
