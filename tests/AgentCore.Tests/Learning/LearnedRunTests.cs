using System.Text.Json;
using AgentCore.Learning;
using AgentCore.Models;
using AgentCore.Runs;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Learning;

/// <summary>Learners in the run engine.</summary>
public sealed class LearnedRunTests : IAsyncLifetime
{
    private static readonly RetryOptions AtOnce = new() { MaxRetries = 2, Delay = TimeSpan.Zero };
    private readonly MemoryCheckpointStore _store = new();
    private readonly List<string> _told = [];

    [Fact]
    public async Task Execute_NoLearner_NothingKept()
    {
        using var agent = new Sync(_ => throw new IOException("x"), new AgentOptions { Retry = AtOnce });

        await RunAsync(agent);

        Assert.Null(await PatternAsync());
        Assert.Equal(["retry", "retry"], _told);
    }

    [Fact]
    public async Task Execute_Off_ErrorsAndPlainRetriesCounted()
    {
        var tries = 0;
        using var agent = new Sync(_ => ++tries < 3 ? throw new IOException("disk 7") : AgentResult.Done("ok"), Learning(AutoFix.Off, Own("fix")));

        Assert.True((await RunAsync(agent)).IsDone);

        var pattern = await PatternAsync();
        Assert.Equal(2, pattern!.Count);
        Assert.Equal("disk <n>", pattern.Signature.Message);
        Assert.Equal(["retry"], pattern.Remedies.Keys);
        Assert.Equal((1, 1), (Math.Round(pattern.Remedies["retry"].Successes, 3), Math.Round(pattern.Remedies["retry"].Failures, 3)));
    }

    [Fact]
    public async Task Execute_Suggest_SaysAndDoesNotApply()
    {
        using var agent = new Sync(c => c.Changes.Values.Count > 0 ? AgentResult.Done("ok") : throw new IOException("x"), Learning(AutoFix.Suggest, Own("fix")));
        var notes = new List<string>();

        var result = await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is NoteEvent note) notes.Add(note.Message); } });

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("A remedy for it is fix: it was not tried yet.", notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_ErrorNamesItsTask_OneErrorForAllTasks()
    {
        using var agent = new Sync(c => throw new IOException($"The database is locked ({c.Task.Input})"), Learning(AutoFix.Off));

        foreach (var input in new[] { "x", "4 bill me", "Hello, hello there!" })
            await agent.ExecuteAsync(input);

        var pattern = Assert.Single(await new ErrorPatterns(_store).ListAsync().ToListAsync());
        Assert.Equal(("The database is locked (<text>)", 9), (pattern.Signature.Message, pattern.Count));
    }

    [Fact]
    public async Task Execute_SuggestWherePlainRetriesHelp_SaysSo()
    {
        var tries = 0;
        using var lucky = new Sync(_ => ++tries % 2 == 1 ? throw new IOException("disk 7") : AgentResult.Done("ok"), Learning(AutoFix.Off));
        for (var i = 0; i < 2; i++)
            await RunAsync(lucky);
        using var agent = new Sync(_ => throw new IOException("disk 7"), Learning(AutoFix.Suggest, Own("fix")));
        var notes = new List<string>();

        await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is NoteEvent note) notes.Add(note.Message); } });

        Assert.EndsWith(
            "A remedy for it is to try again without a change: tried 2 times, helped 2 times. Set LearningOptions.AutoFix to AutoFix.On to have it applied.", notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_SuggestWhereNothingHelped_RecommendsNothing()
    {
        using var tried = new Sync(_ => throw new IOException("disk 7"), Learning(AutoFix.On, Own("fix")));
        for (var i = 0; i < 5; i++)
            await RunAsync(tried);
        using var agent = new Sync(_ => throw new IOException("disk 7"), Learning(AutoFix.Suggest, Own("fix")));
        var notes = new List<string>();

        await agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is NoteEvent note) notes.Add(note.Message); } });

        Assert.EndsWith("Nothing that was tried against it has helped yet.", notes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 3, 3, "tried 3 times, never helped")]
    [InlineData(1, 0, 1, "tried once, helped once")]
    [InlineData(189.7, 10.3, 500, "tried 500 times, helped in about 190 of the last 200")]
    public void Score_InWords_SaysWhatWasSeen(double successes, double failures, long trials, string words) =>
        Assert.Equal(words, new RemedyScore(successes, failures, trials, DateTimeOffset.UnixEpoch).ToString());

    [Fact]
    public async Task Execute_On_RemedyTriedAfterPlainRetryAndThenPreferred()
    {
        using var agent = new Sync(c => c.Changes.Values.Count > 0 ? AgentResult.Done("ok") : throw new IOException("x"), Learning(AutoFix.On, Own("fix")));
        for (var i = 0; i < 30; i++)
            await RunAsync(agent);
        _told.Clear();

        for (var i = 0; i < 10; i++)
            Assert.True((await RunAsync(agent)).IsDone);

        Assert.InRange(_told.Count(t => t == "fix"), 9, 10);
        var pattern = await PatternAsync();
        Assert.Equal("fix", pattern!.Best(5));
        Assert.Equal(0, pattern.Remedies["retry"].Successes);
    }

    [Fact]
    public async Task Execute_StepNotRepeatable_NoRemedy()
    {
        using var agent = new Sync(c => { c.Step("pay", null, Refuse); return AgentResult.Done(""); }, Learning(AutoFix.On, Own("fix")));

        var result = await RunAsync(agent);

        Assert.False(result.Error!.Retryable);
        Assert.Empty(_told);
        Assert.Equal(1, (await PatternAsync())!.Count);
    }

    [Fact]
    public async Task Execute_ErrorForGood_OnlyRemediesAreTried()
    {
        var client = new ScriptedChatClient().Then((messages, _) => messages.Sum(m => m.Text.Length) > 1000
            ? throw new ModelException("maximum context length exceeded") { StatusCode = 400 }
            : Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "short"))));
        for (var i = 0; i < 5; i++)
            client.Then((messages, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"{messages.Count}"))));
        using var agent = new Async(async c =>
            AgentResult.Done((await c.AskAsync(client, Enumerable.Range(0, 20).Select(_ => new ChatMessage(ChatRole.User, new string('x', 100))))).Text), Learning(AutoFix.On, Remedies.ReduceContext(0.25)));

        var result = await RunAsync(agent);

        Assert.Equal("5", result.Output);
        Assert.Equal(["reduce-context(keep=0.25)"], _told);
    }

    [Fact]
    public async Task Execute_SwitchModel_OtherModelAsked()
    {
        var client = new ModelClient();
        using var agent = new Async(async c => AgentResult.Done((await c.AskAsync(client, [new(ChatRole.User, "x")])).Text), Learning(AutoFix.On, Remedies.SwitchModel("spare")) with
        {
            Retry = AtOnce with { ShouldRetry = _ => false },
        });

        Assert.Equal("from spare", (await RunAsync(agent)).Output);
    }

    [Fact]
    public async Task Execute_RepairJson_ReplyInPartsIsMendedAsOne()
    {
        var client = new ScriptedChatClient();
        for (var i = 0; i < 2; i++)
        {
            client.Then((_, _) => Task.FromResult(new ChatResponse(new ChatMessage(
                ChatRole.Assistant, [new TextContent("{'city': "), new TextContent("'Bern', "), new TextContent("'size': [1, 2,]}")]))));
        }

        using var agent = new Async(
            async c => AgentResult.Done($"{JsonSerializer.Deserialize<JsonElement>((await c.AskAsync(client, [new(ChatRole.User, "x")])).Text).GetProperty("city")}"),
            Learning(AutoFix.On, Remedies.RepairJson()) with { Retry = AtOnce with { ShouldRetry = _ => false } });

        Assert.Equal("Bern", (await RunAsync(agent)).Output);
    }

    [Fact]
    public async Task Execute_RaiseTimeout_StepGetsMoreTime()
    {
        var limits = new List<double>();
        using var agent = new Async(async c =>
        {
            limits.Add(c.Changes.TimeoutFactor);
            await c.StepAsync("slow", null, _ => limits.Count < 2 ? Task.FromException(new TimeoutException("timed out")) : Task.CompletedTask, StepOptions.Repeat with { Timeout = TimeSpan.FromMinutes(1) });
            return AgentResult.Done("");
        }, Learning(AutoFix.On, Remedies.RaiseTimeout(3)) with { Retry = AtOnce with { ShouldRetry = _ => false } });

        Assert.True((await RunAsync(agent)).IsDone);

        Assert.Equal([1, 3], limits);
    }

    [Fact]
    public async Task Execute_Reinitialize_MadeAnew()
    {
        var (made, released) = (0, 0);
        using var agent = new Sync(_ => made < 2 ? throw new IOException("connection reset") : AgentResult.Done("ok"), Learning(AutoFix.On, Remedies.Reinitialize()) with { Retry = AtOnce with { ShouldRetry = _ => false } })
        {
            Initializing = () => made++,
            ShuttingDown = () => released++,
        };

        Assert.True((await RunAsync(agent)).IsDone);

        Assert.Equal((2, 1), (made, released));
        Assert.Equal(AgentState.Ready, agent.State);
    }

    [Fact]
    public async Task Execute_ManyAgentsNested_EachLearns()
    {
        var inner = new Sync(c => c.Changes.Values.Count > 0 ? AgentResult.Done("ok") : throw new IOException("x"), Learning(AutoFix.On, Own("fix")) with { Retry = AtOnce with { ShouldRetry = _ => false } }, "inner");
        using (inner)
        {
            using var outer = new Sync(c => c.RunAgent(inner, "y"));

            Assert.True(outer.Execute("x", new RunOptions { Store = new MemoryCheckpointStore() }).IsDone);
        }

        Assert.Equal("inner", (await PatternAsync())!.Signature.Place);
    }

    [Fact]
    public async Task Execute_StoreFails_RunGoesOn()
    {
        var broken = new FaultyCheckpointStore(new MemoryCheckpointStore(), (_, _) => StoreFault.NotDone);
        var tries = 0;
        using var agent = new Sync(_ => ++tries < 2 ? throw new IOException("x") : AgentResult.Done("ok"), new AgentOptions { Retry = AtOnce, Learner = new ErrorLearner(broken) });

        Assert.True((await RunAsync(agent)).IsDone);
    }

    [Fact]
    public async Task Execute_Cancelled_NothingIsBlamed()
    {
        using var cancel = new CancellationTokenSource();
        var tries = 0;
        using var agent = new Sync(c =>
        {
            if (++tries == 2)
                cancel.Cancel();
            c.CancellationToken.ThrowIfCancellationRequested();
            throw new IOException("x");
        }, Learning(AutoFix.On, Own("fix")));

        var result = await agent.ExecuteAsync("x", cancel.Token);

        Assert.Equal(RunStatus.Cancelled, result.Status);
        Assert.Empty((await PatternAsync())!.Remedies);
    }

    [Fact]
    public async Task Resume_KilledAtEveryRecord_TheSameRemedyIsInEffect()
    {
        var report = await ReplayCheck.VerifyAsync(
            () =>
            {
                var client = new ScriptedChatClient().Otherwise(m => m[^1].Text == "where" ? "```json\n{'city': 'Bern',}\n```" : $"{m[^1].Text}!");
                return new Async(async c =>
                {
                    var plan = await c.AskAsync(client, [new(ChatRole.User, "{'never mended'")]);
                    var reply = await c.AskAsync(client, [new(ChatRole.User, "where")]);
                    var city = JsonSerializer.Deserialize<Dictionary<string, string>>(reply.Text)!["city"];
                    var last = await c.AskAsync(client, [new(ChatRole.User, city)]);
                    return AgentResult.Done($"{plan.Text} {last.Text}");
                }, new AgentOptions { Retry = AtOnce with { ShouldRetry = _ => false }, Learner = new ErrorLearner(new MemoryCheckpointStore(), new LearningOptions { Seed = 1 }) });
            },
            "x");

        Assert.Equal("{'never mended'! Bern!", report.Result.Output);
        Assert.True(report.IsGood, string.Join('\n', report.Problems));
    }

    [Fact]
    public async Task Resume_AfterRemedyWasChosen_JournalSaysWhich()
    {
        using var first = new Sync(c => c.Changes.Values.Count > 0 ? throw new RunKilledException() : throw new IOException("x"), Learning(AutoFix.On, Own("fix")) with { Retry = AtOnce with { MaxRetries = 1, ShouldRetry = _ => false } });
        var failed = await first.ExecuteAsync("x", new RunOptions { Store = _store });
        var seen = new List<string>();
        using var second = new Sync(c =>
        {
            seen.AddRange(c.Changes.Values.Keys);
            return AgentResult.Done("ok");
        }, Learning(AutoFix.On, Own("fix")));

        Assert.True((await second.ResumeAsync(failed.RunId!, new RunOptions { Store = _store })).IsDone);

        Assert.Equal(["fix"], seen);
    }

    [Fact]
    public async Task Resume_RemedyNoLongerRegistered_PassedOver()
    {
        using var first = new Sync(_ => throw new IOException("x"), Learning(AutoFix.On, Own("gone")) with { Retry = AtOnce with { ShouldRetry = _ => false } });
        var failed = await first.ExecuteAsync("x", new RunOptions { Store = _store });
        using var second = new Sync(c => AgentResult.Done($"{c.Changes.Values.Count}"), Learning(AutoFix.On));

        Assert.Equal("0", (await second.ResumeAsync(failed.RunId!, new RunOptions { Store = _store })).Output);
    }

    [Fact]
    public void Jitter_ManyRuns_NotAllAtTheSameTime()
    {
        var learner = new ErrorLearner(_store, new LearningOptions { Seed = 1 });

        Assert.Equal(10, Enumerable.Range(0, 10).Select(_ => learner.Jitter()).Distinct().Count());
    }

    [Fact]
    public void Create_RemedyTwice_Refused() => Assert.Contains(
        "'repair-json' twice",
        Assert.Throws<ArgumentException>(() => new ErrorLearner(_store, new LearningOptions { Remedies = [Remedies.RepairJson(), Remedies.RepairJson()] })).Message,
        StringComparison.Ordinal);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private AgentOptions Learning(AutoFix mode, params Remedy[] remedies) => new()
    {
        Retry = AtOnce,
        Learner = new ErrorLearner(_store, new LearningOptions { AutoFix = mode, Seed = 3, Remedies = remedies }),
    };

    private Task<AgentResult> RunAsync(BaseAgent agent) =>
        agent.ExecuteAsync("x", new RunOptions { OnEvent = e => { if (e is RunRetryingEvent retrying) _told.Add(retrying.Remedy ?? "retry"); } });

    private async Task<ErrorPattern?> PatternAsync()
    {
        await foreach (var pattern in new ErrorPatterns(_store).ListAsync())
            return pattern;
        return null;
    }

    private static int Refuse() => throw new IOException("refused");

    private static OwnRemedy Own(string name) => new(name);

    private sealed class RunKilledException : Exception;

    private sealed class OwnRemedy(string name) : Remedy(name)
    {
        public override bool Fits(AgentError error, ErrorSignature signature) => true;

        public override AttemptChanges Change(AttemptChanges changes) => changes with { Values = new Dictionary<string, string> { [Name] = "on" } };
    }

    private sealed class ModelClient : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            options?.ModelId is { } model
                ? Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, $"from {model}")))
                : throw new ModelException("The model is not there.") { StatusCode = 404 };

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
