using System.Text;
using AgentCore.Checkpoints;
using AgentCore.Learning;
using AgentCore.Models;
using AgentCore.Runs;
using AgentCore.Testing;
using AgentCore.Tests.Teams;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace AgentCore.Tests.Learning;

/// <summary>What fails while something is learned never fails the run.</summary>
public sealed class LearnedFaultTests : IAsyncLifetime
{
    private static readonly RetryOptions AtOnce = new() { MaxRetries = 2, Delay = TimeSpan.Zero };
    private static readonly LearningOptions NoRemedies = new() { Remedies = [] };
    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public async Task Execute_StoreDisposed_FailsWithItsOwnError()
    {
        var store = new MemoryCheckpointStore();
        await store.DisposeAsync();

        await FailsAsItIsAsync(new ErrorLearner(store, NoRemedies));
    }

    [Fact]
    public async Task Execute_StoreCantBeOpened_FailsWithItsOwnError()
    {
        await FailsAsItIsAsync(new ErrorLearner(_ => throw new IOException("The disk is gone."), NoRemedies));
        await FailsAsItIsAsync(new ErrorLearner(_ => throw new OperationCanceledException("Its own time is up."), NoRemedies));
        await FailsAsItIsAsync(new ErrorLearner(_ => throw new HostileException(), NoRemedies), new AgentOptions { Logger = new TextLogger() });
    }

    [Theory]
    [InlineData("{bad")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"signature":{"type":"T","place":"p","message":"m"},"count":1,"remedies":null}""")]
    [InlineData("""{"signature":{"type":"T","place":"p","message":"m"},"count":1,"remedies":{"fix":{"successes":-5,"failures":0,"trials":1}}}""")]
    [InlineData("""{"signature":{"type":"T","place":"p","message":"m"},"count":1,"remedies":{"fix":{"successes":1e999,"failures":0,"trials":1}}}""")]
    public async Task Execute_KeptErrorDamaged_FailsWithItsOwnErrorAndCanBeForgotten(string document)
    {
        var learner = Learner(new BrokenRemedy("fix"));
        await FailsAsItIsAsync(learner);
        await foreach (var kept in _store.ListAsync("errors"))
            await _store.CommitAsync(new StoreBatch().Put("errors", kept.Key, Encoding.UTF8.GetBytes(document), kept.Version));

        await FailsAsItIsAsync(learner);

        var key = ErrorSignature.Of(new AgentError(typeof(TimeoutException).FullName!, "busy"), "sync").Key;
        Assert.Contains($"{key} is damaged", (await Assert.ThrowsAsync<StoreException>(() => learner.Patterns.GetAsync(key))).Message, StringComparison.Ordinal);
        Assert.Equal(key, await learner.Patterns.ForgetAsync(key[..6]));
        Assert.Empty(await _store.ListAsync("errors").ToListAsync());
    }

    [Fact]
    public async Task Execute_RemedyThatCantSayWhetherItFits_IsNotTried()
    {
        var fix = new BrokenRemedy("fix");

        await FailsAsItIsAsync(Learner(new BrokenRemedy("broken") { InFits = true }, fix), new AgentOptions { Retry = Never });

        Assert.Equal(1, fix.Prepared);
    }

    [Fact]
    public async Task Execute_RemedyThatCantBeMadeReady_AnotherIsTried()
    {
        var fix = new BrokenRemedy("fix");
        var told = new List<string?>();

        await FailsAsItIsAsync(
            Learner(new BrokenRemedy("broken") { InPrepare = new HostileException() }, new BrokenRemedy("cancels") { InPrepare = new TaskCanceledException() }, new BrokenRemedy("unclear") { InChange = true }, fix),
            new AgentOptions { Retry = Never, Logger = new TextLogger() }, told);

        Assert.Equal(["fix"], told);
        Assert.Equal(["fix"], (await new ErrorPatterns(_store).ListAsync().ToListAsync()).Single().Remedies.Keys);
    }

    [Fact]
    public async Task Execute_RemedyThatCantBeMadeReady_PlainRetry()
    {
        var told = new List<string?>();
        var learner = new ErrorLearner(_store, new LearningOptions { Seed = 1, ExploreShare = 1, Remedies = [new BrokenRemedy("broken") { InPrepare = new InvalidOperationException() }] });

        await FailsAsItIsAsync(learner, told: told);

        Assert.Equal([null, null], told);
    }

    [Fact]
    public async Task Execute_CancelledWhileRemedyHangs_Ends()
    {
        var time = new ManualTime();
        var hangs = new BrokenRemedy("hangs") { Preparing = new TaskCompletionSource() };
        using var cancel = new CancellationTokenSource();
        using var agent = new Sync(_ => throw new TimeoutException("busy"), new AgentOptions { Learner = Learner(hangs), Retry = Never, Time = time });
        var run = agent.ExecuteAsync("x", cancel.Token);
        await hangs.Began.Task;

        await cancel.CancelAsync();
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(RunStatus.Cancelled, (await run).Status);
    }

    [Fact]
    public async Task Execute_CancelledWhileStoreHangs_Ends()
    {
        var opening = new TaskCompletionSource();
        var never = new TaskCompletionSource<ICheckpointStore>();
        using var cancel = new CancellationTokenSource();
        using var agent = new Sync(_ => throw new TimeoutException("busy"), new AgentOptions
        {
            Retry = AtOnce with { Delay = TimeSpan.FromHours(1) },
            Learner = new ErrorLearner(_ =>
            {
                opening.TrySetResult();
                return new ValueTask<ICheckpointStore>(never.Task);
            }, NoRemedies),
        });
        var run = agent.ExecuteAsync("x", cancel.Token);
        await opening.Task;

        await cancel.CancelAsync();

        Assert.Equal(RunStatus.Cancelled, (await run).Status);
    }

    [Fact]
    public async Task Execute_HugeMessage_FailsWithItsOwnError()
    {
        var message = string.Concat(Enumerable.Repeat("exceed", 60_000));
        using var agent = new Sync(_ => throw new TimeoutException(message), new AgentOptions { Retry = AtOnce, Learner = Learner(Remedies.ReduceContext(0.5)) });

        Assert.Equal(message, (await agent.ExecuteAsync("x")).Error!.Message);

        Assert.True((await new ErrorPatterns(_store).ListAsync().ToListAsync()).Single().Signature.Message.Length <= 400);
    }

    [Fact]
    public async Task Execute_HugeTypeAndStep_KeptShort()
    {
        var huge = new string('T', 1_000_000);
        using var agent = new Sync(c =>
        {
            c.Step(huge, null, Refuse, StepOptions.Repeat);
            return AgentResult.Done("");
        }, new AgentOptions { Retry = AtOnce, Learner = Learner() });

        await agent.ExecuteAsync("x");
        using var other = new Sync(_ => AgentResult.Failed(new AgentError(huge, "x")), new AgentOptions { Retry = AtOnce, Learner = Learner() });
        await other.ExecuteAsync("x");

        Assert.All(await _store.ListAsync("errors").ToListAsync(), d => Assert.InRange(d.Value.Length, 1, 4000));
    }

    [Fact]
    public async Task Execute_ExceptionWithoutAMessage_FailsWithItsType()
    {
        foreach (var exception in new Exception[] { new HostileException(), new SilentException() })
        {
            using var agent = new Sync(_ => throw exception, new AgentOptions { Retry = AtOnce, Learner = Learner(), Logger = new TextLogger() });

            var result = await agent.ExecuteAsync("x");

            Assert.Equal((RunStatus.Failed, exception.GetType().FullName), (result.Status, result.Error!.Type));
        }
    }

    [Fact]
    public async Task Execute_TaskThatCantBeReduced_IsLeftAsItIs()
    {
        var task = new AgentTask("x")
        {
            Messages = [new(ChatRole.User, "y"), new(ChatRole.Tool, [new FunctionResultContent("1", new HostileException())])],
        };
        var learner = new ErrorLearner(_store, new LearningOptions { Seed = 1, Remedies = [Remedies.ReduceContext(0.5, _ => true)] });
        using var agent = new Sync(c => c.Changes.ContextShare < 1 ? AgentResult.Done($"{c.Task.Messages.Count}") : throw new IOException("x"), new AgentOptions { Learner = learner, Retry = Never });

        Assert.Equal("2", (await agent.ExecuteAsync(task)).Output);
    }

    [Fact]
    public async Task Execute_ServerAsksForALongWait_RemedyDoesNotSitItOut()
    {
        var time = new ManualTime();
        var fix = new BrokenRemedy("fix");
        using var agent = new Sync(_ => throw new ModelException("busy") { RetryAfter = TimeSpan.MaxValue }, new AgentOptions { Learner = Learner(fix), Retry = AtOnce, Time = time });

        Assert.Equal(RunStatus.Failed, (await agent.ExecuteAsync("x")).Status);

        Assert.Equal(1, fix.Prepared);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(1e300)]
    public async Task Execute_TimeoutFactorBeyondAnyTimer_StepGoesOn(double factor)
    {
        var options = StepOptions.Repeat with { Timeout = TimeSpan.FromDays(1) };
        using var agent = new Async(
            async c => AgentResult.Done($"{await c.StepAsync("s", null, _ => c.Changes.TimeoutFactor.Equals(1d) ? Task.FromException<int>(new TimeoutException()) : Task.FromResult(7), options)}"),
            new AgentOptions { Learner = Learner(new BrokenRemedy("fix") { Factor = factor }), Retry = Never });

        Assert.Equal("7", (await agent.ExecuteAsync("x")).Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Execute_RunsStoreFailsAtTheRetry_FailsWithTheStoresError(bool learns)
    {
        var tries = 0;
        using var agent = new Sync(_ => ++tries > 0 ? throw new TimeoutException("busy") : AgentResult.Done(""), new AgentOptions { Learner = learns ? Learner() : null, Retry = AtOnce });
        await using var broken = new FaultyCheckpointStore(new MemoryCheckpointStore(), (n, _) => n == 1 ? StoreFault.NotDone : StoreFault.None);

        var result = await agent.ExecuteAsync("x", new RunOptions { Store = broken });

        Assert.Equal((RunStatus.Failed, typeof(StoreException).FullName), (result.Status, result.Error!.Type));
        Assert.Equal(1, tries);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private static RetryOptions Never => AtOnce with { ShouldRetry = _ => false };

    private static int Refuse() => throw new IOException("refused");

    private ErrorLearner Learner(params Remedy[] remedies) => new(_store, new LearningOptions { Seed = 1, Remedies = remedies });

    private static async Task FailsAsItIsAsync(ErrorLearner learner, AgentOptions? options = null, List<string?>? told = null)
    {
        using var agent = new Sync(_ => throw new TimeoutException("busy"), (options ?? new AgentOptions()) with { Learner = learner, Retry = options?.Retry ?? AtOnce });

        var result = await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is RunRetryingEvent retrying) told?.Add(retrying.Remedy); } });

        Assert.Equal((RunStatus.Failed, "busy"), (result.Status, result.Error?.Message));
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string? StackTrace => throw new InvalidOperationException("no trace");

        public override System.Collections.IDictionary Data => throw new InvalidOperationException("no data");

        public override string ToString() => throw new InvalidOperationException("no text");
    }

    private sealed class SilentException : Exception
    {
        public override string Message => null!;
    }

    private sealed class BrokenRemedy(string name) : Remedy(name)
    {
        public bool InFits { get; init; }

        public bool InChange { get; init; }

        public Exception? InPrepare { get; init; }

        public double Factor { get; init; } = 1;

        public TaskCompletionSource? Preparing { get; init; }

        public TaskCompletionSource Began { get; } = new();

        public int Prepared { get; private set; }

        public override bool Fits(AgentError error, ErrorSignature signature) => !InFits ? true : throw new InvalidOperationException("fits");

        public override AttemptChanges Change(AttemptChanges changes) => !InChange ? changes with { TimeoutFactor = Factor } : throw new InvalidOperationException("change");

        public override async ValueTask PrepareAsync(RemedyContext context, CancellationToken cancellationToken)
        {
            Prepared++;
            Began.TrySetResult();
            if (Preparing is { } preparing)
                await preparing.Task;
            if (InPrepare is not null)
                throw InPrepare;
        }
    }

    // As the console's: an exception's text is made while it is logged.
    private sealed class TextLogger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Assert.NotNull($"{formatter(state, exception)} {exception}");
    }
}
