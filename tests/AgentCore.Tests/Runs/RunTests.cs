using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Testing;
using AgentCore.Tests.Checkpoints;

namespace AgentCore.Tests.Runs;

public sealed class RunTests : IAsyncLifetime
{
    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public async Task Resume_KilledAfterAStep_DoesNotRepeatIt()
    {
        var done = new List<string>();
        var crash = true;
        BaseAgent Agent() => new Async(async c =>
        {
            var a = await c.StepAsync("a", null, _ => { done.Add("a"); return Task.FromResult(1); });
            if (crash)
                throw new InvalidOperationException("killed");
            var b = await c.StepAsync("b", a, _ => { done.Add("b"); return Task.FromResult(a + 1); });
            return AgentResult.Done($"{a + b}");
        });

        var failed = await Agent().ExecuteAsync("x", new RunOptions { Store = _store });
        crash = false;
        var resumed = await Agent().ResumeAsync(failed.RunId!, new RunOptions { Store = _store });

        Assert.Equal(RunStatus.Failed, failed.Status);
        Assert.Equal("start", failed.RolledBackTo);
        Assert.Equal("3", resumed.Output);
        Assert.Equal(["a", "b"], done);
    }

    [Fact]
    public async Task Resume_FinishedRun_ReturnsItsResultWithoutRunning()
    {
        var runs = 0;
        using var agent = new Sync(_ => AgentResult.Done($"{++runs}", new { answer = 42 }));
        var first = agent.Execute("x", new RunOptions { Store = _store });

        var again = await agent.ResumeAsync(first.RunId!, new RunOptions { Store = _store });

        Assert.Equal("1", again.Output);
        Assert.Equal(1, runs);
        Assert.Equal(42, again.GetData<Dictionary<string, int>>()!["answer"]);
    }

    [Fact]
    public async Task Resume_OfAnotherAgent_SaysWhose()
    {
        using var agent = new Sync(_ => AgentResult.Done(""), name: "one");
        using var other = new Sync(_ => AgentResult.Done(""), name: "two");
        var run = agent.Execute("x", new RunOptions { Store = _store });

        var error = await Assert.ThrowsAsync<ArgumentException>(() => other.ResumeAsync(run.RunId!, new RunOptions { Store = _store }));

        Assert.Contains("'one'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_UnknownRun_SaysSo()
    {
        using var agent = new Sync(_ => AgentResult.Done(""));

        await Assert.ThrowsAsync<ArgumentException>(() => agent.ResumeAsync("20260101-000000000-0000000000", new RunOptions { Store = _store }));
    }

    [Fact]
    public async Task Resume_UnknownOutcome_StopsForADecisionThatDoneEnds()
    {
        var effects = 0;
        var id = await KillInsideStep(() => effects++);
        BaseAgent Agent() => Charging(() => effects++);

        var stopped = await Agent().ResumeAsync(id, new RunOptions { Store = _store });
        var pending = Assert.Single(stopped.Pending);
        Assert.Equal((RunStatus.NeedsDecision, "0", DecisionKind.Outcome), (stopped.Status, pending.Step, pending.Kind));

        var history = new RunHistory(_store);
        await history.DecideAsync(id, "0", new Decision(Verdict.Done, "me") { Result = System.Text.Json.JsonSerializer.SerializeToElement(7) });
        var resumed = await Agent().ResumeAsync(id, new RunOptions { Store = _store });

        Assert.Equal("charged 7", resumed.Output);
        Assert.Equal(1, effects);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"seven\"")]
    public async Task Resume_DecidedAsDoneWithoutAFittingResult_AsksForOne(string given)
    {
        var effects = 0;
        var id = await KillInsideStep(() => effects++);
        BaseAgent Agent() => Charging(() => effects++);
        var history = new RunHistory(_store);
        static Decision Done(string json) => new(Verdict.Done, "me") { Result = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(json) };

        await history.DecideAsync(id, "0", Done(given));
        var asked = await Agent().ResumeAsync(id, new RunOptions { Store = _store });
        await history.DecideAsync(id, "0", Done("7"));
        var resumed = await Agent().ResumeAsync(id, new RunOptions { Store = _store });

        Assert.Equal(RunStatus.NeedsDecision, asked.Status);
        Assert.Contains($"decided as done with the result {given}, but it returns a whole number", Assert.Single(asked.Pending).Question, StringComparison.Ordinal);
        Assert.Contains("--result", asked.Pending[0].Question, StringComparison.Ordinal);
        Assert.Equal(("charged 7", 1), (resumed.EnsureDone().Output, effects));
    }

    [Fact]
    public async Task Decide_DoneWithoutTheResultThatTheStepReturns_IsRefusedAndSaysWhatToGive()
    {
        static BaseAgent Agent() => new Async(async c => AgentResult.Done($"{await c.StepAsync<Payment>("pay", null, _ => throw new TimeoutException())}"));
        var stopped = await Agent().ExecuteAsync("x", new RunOptions { Store = _store });

        var error = await Assert.ThrowsAsync<ArgumentException>(() => new RunHistory(_store).DecideAsync(stopped.RunId!, "0", new Decision(Verdict.Done, "me")));

        Assert.Contains("""it returns JSON such as {"to":"…","amount":0}; give it with --result""", error.Message, StringComparison.Ordinal);
        Assert.Contains("""done with its result (JSON such as {"to":"…","amount":0})""", Assert.Single(stopped.Pending).Question, StringComparison.Ordinal);
        Assert.Equal("""JSON such as {"to":"…","amount":0}""", stopped.Pending[0].Returns);
    }

    [Fact]
    public async Task Resume_DecidedAsDoneBeforeTheRunSaidWhatItReturns_AsksForAResult()
    {
        var lose = true;
        BaseAgent Agent() => new Async(async c => AgentResult.Done((await c.StepAsync("name", null, _ => lose ? throw new IOException("gone") : Task.FromResult("Ann"))).ToUpperInvariant()));
        var failed = await Agent().ExecuteAsync("x", new RunOptions { Store = _store });
        lose = false;
        var history = new RunHistory(_store);

        await history.DecideAsync(failed.RunId!, "0", new Decision(Verdict.Done, "me"));
        var asked = await Agent().ResumeAsync(failed.RunId!, new RunOptions { Store = _store });
        await history.DecideAsync(failed.RunId!, "0", new Decision(Verdict.Done, "me") { Result = System.Text.Json.JsonSerializer.SerializeToElement("Bob") });

        Assert.Contains("decided as done without a result, but it returns a text", Assert.Single(asked.Pending).Question, StringComparison.Ordinal);
        Assert.Equal("BOB", (await Agent().ResumeAsync(failed.RunId!, new RunOptions { Store = _store })).EnsureDone().Output);
    }

    [Theory]
    [InlineData("4711")]
    [InlineData("true")]
    public async Task Resume_DecidedAsDoneWithANumberForAText_TakesItAsThat(string given)
    {
        static BaseAgent Agent() => new Async(async c => AgentResult.Done(await c.StepAsync<string>("order", null, _ => throw new TimeoutException())));
        var stopped = await Agent().ExecuteAsync("x", new RunOptions { Store = _store });

        await new RunHistory(_store).DecideAsync(stopped.RunId!, "0", new Decision(Verdict.Done, "me") { Result = System.Text.Json.JsonElement.Parse(given) });

        Assert.Equal(given, (await Agent().ResumeAsync(stopped.RunId!, new RunOptions { Store = _store })).EnsureDone().Output);
    }

    [Fact]
    public async Task Resume_StepThatWasDecidedWithoutAResultAndIsPast_GoesOn()
    {
        var (lose, fail) = (true, true);
        // As it was before a result was asked for: nothing stood for the result of a text.
        BaseAgent Before() => new Async(async c =>
        {
            await c.StepAsync<System.Text.Json.JsonElement>("name", null, _ => lose ? throw new IOException("gone") : Task.FromResult(default(System.Text.Json.JsonElement)));
            await c.StepAsync("second", null, _ => fail ? throw new IOException("busy") : Task.FromResult(2), StepOptions.Repeat);
            return AgentResult.Done("old");
        });
        BaseAgent Agent() => new Async(async c =>
        {
            var name = await c.StepAsync<string?>("name", null, _ => Task.FromResult<string?>("never"));
            return AgentResult.Done($"{name ?? "nobody"} {await c.StepAsync("second", null, _ => Task.FromResult(2), StepOptions.Repeat)}");
        });
        var first = await Before().ExecuteAsync("x", new RunOptions { Store = _store });
        await new RunHistory(_store).DecideAsync(first.RunId!, "0", new Decision(Verdict.Done, "me"));
        lose = false;
        await Before().ResumeAsync(first.RunId!, new RunOptions { Store = _store });

        var resumed = await Agent().ResumeAsync(first.RunId!, new RunOptions { Store = _store });

        Assert.Equal("nobody 2", resumed.EnsureDone().Output);
    }

    [Fact]
    public async Task Decide_FailedStepThatResumingDoesAgain_IsRefused()
    {
        using var agent = new Sync(c => AgentResult.Done(c.Step("read", null, string () => throw new IOException("busy"), StepOptions.Repeat)));
        var failed = agent.Execute("x", new RunOptions { Store = _store });

        var error = await Assert.ThrowsAsync<ArgumentException>(() => new RunHistory(_store).DecideAsync(failed.RunId!, "0", new Decision(Verdict.Done, "me")));

        Assert.Contains("failed, and is done again when the run is resumed; there is nothing to decide", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_StepWithoutAResultDecidedAsDone_GoesOn()
    {
        var lose = true;
        BaseAgent Agent() => new Async(async c =>
        {
            await c.StepAsync("send", null, _ => lose ? throw new TimeoutException() : Task.CompletedTask);
            return AgentResult.Done("sent");
        });
        var stopped = await Agent().ExecuteAsync("x", new RunOptions { Store = _store });
        lose = false;

        await new RunHistory(_store).DecideAsync(stopped.RunId!, "0", new Decision(Verdict.Done, "me"));

        Assert.Equal("sent", (await Agent().ResumeAsync(stopped.RunId!, new RunOptions { Store = _store })).EnsureDone().Output);
    }

    [Fact]
    public async Task Resume_UnknownOutcomeDecidedAsRetry_DoesItOnceMoreUnderTheSameKey()
    {
        var keys = new List<string>();
        var id = await KillInsideStep(() => 0, keys);

        await new RunHistory(_store).DecideAsync(id, "0", new Decision(Verdict.Retry, "me"));
        var resumed = await Charging(() => 5, keys).ResumeAsync(id, new RunOptions { Store = _store });

        Assert.Equal("charged 5", resumed.Output);
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public async Task Resume_RetryThatIsKilledAgain_AsksAgain()
    {
        var id = await KillInsideStep(() => 0);
        var history = new RunHistory(_store);
        await history.DecideAsync(id, "0", new Decision(Verdict.Retry, "me"));
        using var cancel = new CancellationTokenSource();
        await Charging(() => { cancel.Cancel(); throw new OperationCanceledException(cancel.Token); }).ResumeAsync(id, new RunOptions { Store = _store }, cancel.Token);

        var again = await Charging(() => 1).ResumeAsync(id, new RunOptions { Store = _store });

        Assert.Equal(RunStatus.NeedsDecision, again.Status);
    }

    [Fact]
    public async Task Resume_UnknownOutcomeDecidedAsAbort_Fails()
    {
        var id = await KillInsideStep(() => 0);
        await new RunHistory(_store).DecideAsync(id, "0", new Decision(Verdict.Abort, "me"));

        var result = await Charging(() => 1).ResumeAsync(id, new RunOptions { Store = _store });

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("given up by me", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decide_FinishedStep_IsRefused()
    {
        using var agent = new Sync(c => AgentResult.Done(c.Step("a", null, () => "v")));
        var run = agent.Execute("x", new RunOptions { Store = _store });

        var error = await Assert.ThrowsAsync<ArgumentException>(() => new RunHistory(_store).DecideAsync(run.RunId!, "0", new Decision(Verdict.Retry, "me")));

        Assert.Contains("nothing to decide", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_TimesOutInANonRepeatableStep_IsAnUnknownOutcome()
    {
        using var agent = new Async(async c =>
        {
            await c.StepAsync("slow", null, async s => { await Task.Delay(Timeout.Infinite, s.CancellationToken); return 1; }, new StepOptions { Timeout = TimeSpan.FromMilliseconds(10) });
            return AgentResult.Done("never");
        });

        var result = await agent.ExecuteAsync("x", new RunOptions { Store = _store });

        Assert.Equal(RunStatus.NeedsDecision, result.Status);
        Assert.Equal("slow", Assert.Single(result.Pending).Name);
    }

    [Fact]
    public void Step_StopIsSwallowed_StaysStoppedAndTheStatusWins()
    {
        var later = false;
        using var agent = new Sync(c =>
        {
            try
            {
                c.Step("pay", null, Throw<TimeoutException>);
            }
            catch (Exception)
            {
                try
                {
                    c.Step("later", null, () => later = true);
                }
                catch (Exception)
                {
                    return AgentResult.Done("all is well");
                }
            }

            return AgentResult.Done("all is well");
        });

        Assert.Equal(RunStatus.NeedsDecision, agent.Execute("x", new RunOptions { Store = _store }).Status);
        Assert.False(later);
    }

    [Fact]
    public async Task Resume_HandledFailure_ReplaysAsItWas()
    {
        var calls = 0;
        var crash = true;
        BaseAgent Agent() => new Sync(c =>
        {
            var told = "";
            try
            {
                c.Step("flaky", null, () => { calls++; return Throw<InvalidDataException>("broken"); });
            }
            catch (StepFailedException e)
            {
                told = $"{e.Error.Type}/{e.Error.Message}/{e.Message}";
            }

            c.Step("after", null, () => { });
            return crash ? throw new InvalidOperationException("killed") : AgentResult.Done(told);
        });
        var first = Agent().Execute("x", new RunOptions { Store = _store });
        crash = false;

        var resumed = await Agent().ResumeAsync(first.RunId!, new RunOptions { Store = _store });

        Assert.Equal("System.IO.InvalidDataException/broken/Step 0 'flaky' failed: broken", resumed.Output);
        Assert.Equal(1, calls);
    }

    [Fact]
    public void Retry_RepeatableStepFails_GoesOnFromIt()
    {
        var log = new List<string>();
        var failures = 2;
        using var agent = new Sync(
            c =>
            {
                c.Step("once", null, () => log.Add("once"));
                c.Step("flaky", null, () => { log.Add("flaky"); if (failures-- > 0) throw new IOException("net"); }, StepOptions.Repeat);
                return AgentResult.Done("ok");
            },
            new AgentOptions { Retry = new RetryOptions { Delay = TimeSpan.Zero } });

        Assert.True(agent.Execute("x").IsDone);
        Assert.Equal(["once", "flaky", "flaky", "flaky"], log);
    }

    [Fact]
    public void Retry_NonRepeatableStepFails_IsNotRepeated()
    {
        var calls = 0;
        using var agent = new Sync(
            c => { c.Step("pay", null, () => { calls++; return Throw<IOException>("net"); }); return AgentResult.Done(""); },
            new AgentOptions { Retry = new RetryOptions { Delay = TimeSpan.Zero } });

        var result = agent.Execute("x");

        Assert.Equal((RunStatus.Failed, 1), (result.Status, calls));
        Assert.False(result.Error!.Retryable);
    }

    [Fact]
    public void Retry_NestedAgentFails_OnlyItsFailedStepIsDoneAgain()
    {
        var log = new List<string>();
        var failures = 1;
        using var inner = new Sync(
            c =>
            {
                c.Step("inner once", null, () => log.Add("inner once"));
                c.Step("inner flaky", null, () => { log.Add("inner flaky"); if (failures-- > 0) throw new IOException("net"); }, StepOptions.Repeat);
                return AgentResult.Done("in");
            },
            new AgentOptions { Retry = new RetryOptions { Delay = TimeSpan.Zero } }, "inner");
        using var outer = new Sync(c => { c.Step("outer", null, () => log.Add("outer")); return c.RunAgent(inner, "go"); }, name: "outer");

        Assert.Equal("in", outer.Execute("x").Output);
        Assert.Equal(["outer", "inner once", "inner flaky", "inner flaky"], log);
    }

    [Fact]
    public async Task Step_TwoAtOnceInOneContext_SaysOpenABranch()
    {
        using var agent = new Async(async c =>
        {
            var gate = new TaskCompletionSource();
            var first = c.StepAsync("a", null, async _ => { await gate.Task; return 1; });
            try
            {
                await c.StepAsync("b", null, _ => Task.FromResult(2));
                return AgentResult.Done("both");
            }
            catch (InvalidOperationException e)
            {
                gate.SetResult();
                await first;
                return AgentResult.Done(e.Message);
            }
        });

        Assert.Contains("open a branch", (await agent.ExecuteAsync("x")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_ChangedCode_IsAMismatchThatSaysStepExpectedAndFound()
    {
        var name = "old";
        BaseAgent Agent(bool crash) => new Sync(c => { c.Step(name, null, () => 1); return crash ? throw new IOException() : AgentResult.Done(""); });
        var first = Agent(true).Execute("x", new RunOptions { Store = _store });
        name = "new";

        var result = await Agent(false).ResumeAsync(first.RunId!, new RunOptions { Store = _store });

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal(typeof(ReplayMismatchException).FullName, result.Error!.Type);
        Assert.Contains("Step 0 of the journal is step 'old', but the agent now asks for step 'new'", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_RunBegunBeforeTheChange_KeepsTheOldWay()
    {
        var upgraded = false;
        var crash = true;
        BaseAgent Agent() => new Sync(c =>
        {
            var version = upgraded ? c.Version("sums", 1) : 0;
            c.Step(version == 0 ? "old" : "new", null, () => 1);
            return crash ? throw new IOException() : AgentResult.Done($"{version}");
        });
        var first = Agent().Execute("x", new RunOptions { Store = _store });
        (upgraded, crash) = (true, false);

        Assert.Equal("0", (await Agent().ResumeAsync(first.RunId!, new RunOptions { Store = _store })).Output);
        Assert.Equal("1", Agent().Execute("x", new RunOptions { Store = _store }).Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Version_ChangeAfterTheLastStep_KeepsTheOldWayOfWhatHadEnded(bool replayed)
    {
        var upgraded = false;
        var crash = !replayed;
        BaseAgent Inner() => new Async(c => Task.FromResult(AgentResult.Done(upgraded && c.Version("words", 1) > 0 ? "new" : "old")), name: "inner");
        BaseAgent Outer() => new Async(async c =>
        {
            var words = (await c.RunAgentAsync(Inner(), "x")).Output;
            await c.StepAsync("use", words, _ => Task.FromResult(1), StepOptions.Repeat);
            return crash ? throw new IOException() : AgentResult.Done(words);
        });
        var first = await Outer().ExecuteAsync("x", new RunOptions { Store = _store });
        (upgraded, crash) = (true, false);

        var again = replayed
            ? (await Outer().ReplayAsync(first.RunId!, new RunOptions { Store = _store })).Replayed
            : await Outer().ResumeAsync(first.RunId!, new RunOptions { Store = _store });

        Assert.Equal("old", again.EnsureDone().Output);
        Assert.Equal("new", (await Outer().ExecuteAsync("x", new RunOptions { Store = _store })).Output);
    }

    [Theory]
    [InlineData(RunStatus.Failed)]
    [InlineData(RunStatus.Limited)]
    public async Task Version_ScopeEndedOtherwiseAndTheRunWentOn_KeepsTheOldWay(RunStatus status)
    {
        var upgraded = false;
        var crash = true;
        AgentResult Ended(string text) => status == RunStatus.Failed ? AgentResult.Failed(new AgentError("T", text), text) : AgentResult.Limited(new StopReason(StopKind.MaxTurns, text), text);
        BaseAgent Inner() => new Async(c => Task.FromResult(Ended(upgraded && c.Version("words", 1) > 0 ? "new" : "old")), name: "inner");
        BaseAgent Middle() => new Async(async c => await c.RunAgentAsync(Inner(), "x"), name: "middle");
        BaseAgent Outer() => new Async(async c =>
        {
            var words = (await c.RunAgentAsync(Middle(), "x")).Output;
            await c.StepAsync("use", words, _ => Task.FromResult(1), StepOptions.Repeat);
            return crash ? throw new IOException() : AgentResult.Done(words);
        });
        var first = await Outer().ExecuteAsync("x", new RunOptions { Store = _store });
        (upgraded, crash) = (true, false);

        var again = await Outer().ResumeAsync(first.RunId!, new RunOptions { Store = _store });

        Assert.Equal("old", again.EnsureDone().Output);
    }

    [Fact]
    public async Task Version_ScopeThatFailedLastGoesOn_IsTheNewest()
    {
        var fails = true;
        BaseAgent Inner() => new Async(c => Task.FromResult(fails ? throw new IOException() : AgentResult.Done($"{c.Version("words", 1)}")), name: "inner");
        BaseAgent Outer() => new Async(async c => (await c.RunAgentAsync(Inner(), "x")).EnsureDone());
        var first = await Outer().ExecuteAsync("x", new RunOptions { Store = _store });
        fails = false;

        Assert.Equal("1", (await Outer().ResumeAsync(first.RunId!, new RunOptions { Store = _store })).EnsureDone().Output);
    }

    [Fact]
    public void Step_Journalled_LiveReturnsWhatReplayWould()
    {
        using var agent = new Sync(c =>
        {
            var kept = new List<int> { 1 };
            var read = c.Step("list", null, () => kept);
            return AgentResult.Done($"{ReferenceEquals(kept, read)} {string.Join(',', read)}");
        });

        Assert.Equal("False 1", agent.Execute("x", new RunOptions { Store = _store }).Output);
    }

    [Fact]
    public async Task Step_ResultOverAMegabyte_GoesToABlobAndComesBack()
    {
        var crash = true;
        BaseAgent Agent() => new Sync(c =>
        {
            var big = c.Step("big", null, () => new string('x', 3_000_000));
            return crash ? throw new IOException() : AgentResult.Done($"{big.Length}");
        });
        var first = Agent().Execute("x", new RunOptions { Store = _store });
        crash = false;

        Assert.Equal("3000000", (await Agent().ResumeAsync(first.RunId!, new RunOptions { Store = _store })).Output);
    }

    [Fact]
    public void Step_StoreFails_StopsTheRunAndSaysWhy()
    {
        using var agent = new Sync(c => { c.Step("a", null, () => 1); return AgentResult.Done("fine"); });

        var result = agent.Execute("x", new RunOptions { Store = new BrokenStore() });

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("disk full", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fork_AtARecord_KeepsWhatIsBeforeAndDoesTheRestAnew()
    {
        var word = "first";
        BaseAgent Agent() => new Sync(c => AgentResult.Done($"{c.Step("a", null, () => c.NewId())} {c.Step("b", null, () => word)}"));
        var run = Agent().Execute("x", new RunOptions { Store = _store });
        var history = new RunHistory(_store);
        var steps = (await history.ReadAsync(run.RunId!)).Steps;
        word = "second";

        var fork = await history.ForkAsync(run.RunId!, steps[1].Record);
        var forked = await Agent().ResumeAsync(fork, new RunOptions { Store = _store });

        Assert.Equal(run.Output.Replace("first", "second", StringComparison.Ordinal), forked.Output);
        Assert.Equal(run.RunId, (await history.FindAsync(fork)).ForkedFrom);
    }

    [Fact]
    public async Task History_Lists_NewestFirstWithStatus()
    {
        using var good = new Sync(_ => AgentResult.Done("ok"));
        using var bad = new Sync(_ => AgentResult.Failed("no"));
        var first = good.Execute("one", new RunOptions { Store = _store });
        var second = bad.Execute("two", new RunOptions { Store = _store });
        var listed = new List<RunSummary>();
        await foreach (var run in new RunHistory(_store).ListAsync())
            listed.Add(run);

        Assert.Equal(new[] { first.RunId, second.RunId }.OrderDescending(), listed.Select(r => r.Id));
        Assert.Equal(RunStatus.Failed, listed.Single(r => r.Input == "two").Status);
        Assert.Equal(second.RunId, (await new RunHistory(_store).FindAsync(second.RunId![..^2])).Id);
    }

    [Fact]
    public async Task Resume_DeterministicValues_AreTheSame()
    {
        var crash = true;
        BaseAgent Agent() => new Sync(c =>
        {
            c.Step("tick", null, () => { });
            var values = $"{c.Now:O} {c.Random.Next()} {c.NewId()} {c.NewId()}";
            c.Step("check", values, () => { });
            return crash ? throw new IOException() : AgentResult.Done(values);
        });
        var first = Agent().Execute("x", new RunOptions { Store = _store });
        crash = false;

        Assert.True((await Agent().ResumeAsync(first.RunId!, new RunOptions { Store = _store })).IsDone);
    }

    [Fact]
    public async Task Execute_CancelledInARepeatableStep_ResumesToTheEnd()
    {
        using var cancel = new CancellationTokenSource();
        var block = true;
        BaseAgent Agent() => new Async(async c =>
        {
            await c.StepAsync("fetch", null, async s =>
            {
                if (block)
                {
                    await cancel.CancelAsync();
                    await Task.Delay(Timeout.Infinite, s.CancellationToken);
                }

                return 1;
            }, StepOptions.Repeat);
            return AgentResult.Done("fetched");
        });
        var first = await Agent().ExecuteAsync("x", new RunOptions { Store = _store }, cancel.Token);
        block = false;

        Assert.Equal(RunStatus.Cancelled, first.Status);
        Assert.Equal("fetched", (await Agent().ResumeAsync(first.RunId!, new RunOptions { Store = _store })).Output);
    }

    [Fact]
    public async Task Parallel_BranchFails_TheOthersEndAndTheFirstErrorIsThrown()
    {
        var ended = 0;
        using var agent = new Async(async c =>
        {
            await c.ParallelAsync<int>([
                async b => { await b.StepAsync("slow", null, async _ => { await Task.Yield(); ended++; return 1; }); return 1; },
                async b => await b.StepAsync<int>("bad", null, _ => throw new InvalidDataException("second")),
            ]);
            return AgentResult.Done("");
        });

        var result = await agent.ExecuteAsync("x", new RunOptions { Store = _store });

        Assert.Equal((RunStatus.Failed, 1, "second"), (result.Status, ended, result.Error!.Message));
        Assert.Equal("1.0", result.Error.Step);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private static int Throw<T>() where T : Exception, new() => throw new T();

    private static int Throw<T>(string message) where T : Exception => throw (T)Activator.CreateInstance(typeof(T), message)!;

    private async Task<string> KillInsideStep(Func<int> effect, List<string>? keys = null)
    {
        using var cancel = new CancellationTokenSource();
        var agent = Charging(() => { effect(); cancel.Cancel(); throw new OperationCanceledException(cancel.Token); }, keys);
        var result = await agent.ExecuteAsync("x", new RunOptions { Store = _store }, cancel.Token);
        Assert.Equal(RunStatus.NeedsDecision, result.Status);
        return result.RunId!;
    }

    private static Sync Charging(Func<int> charge, List<string>? keys = null) =>
        new(c => AgentResult.Done($"charged {c.Step("charge", "card", s => { keys?.Add(s.IdempotencyKey); return charge(); })}"));

    private sealed record Payment(string To, int Amount);

    private sealed class BrokenStore : CommitOnlyStore
    {
        private int _commits;

        public override string Kind => "broken";

        public override ValueTask CommitAsync(StoreBatch batch, CancellationToken cancellationToken = default) =>
            _commits++ == 0 ? default : throw new StoreException("disk full");
    }
}
