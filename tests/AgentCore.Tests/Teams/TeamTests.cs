using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Teams;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Teams;

public sealed class TeamTests
{
    [Fact]
    public void Create_WithoutMembers_SaysWhatToDo()
    {
        var error = Assert.Throws<ArgumentException>(() => new Team("empty", new SequentialProtocol(), []));

        Assert.Contains("no members", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_TwoMembersOfOneName_NamesIt()
    {
        var error = Assert.Throws<ArgumentException>(() => new Team("twins", new SequentialProtocol(), [Says("a", "1"), Says("A", "2")]));

        Assert.Contains("'A'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RoundRobin_NeverDone_EndsAtMaxTurnsWithTheLastOutput()
    {
        using var team = new Team("talk", new RoundRobinProtocol(), [Says("a", "x"), Says("b", "y")], new TeamOptions { Limits = new() { MaxTurns = 5 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.Equal(StopKind.MaxTurns, result.Stop!.Kind);
        Assert.Contains("TeamLimits.MaxTurns", result.Stop.Message, StringComparison.Ordinal);
        Assert.Equal("x", result.Output);
        Assert.Equal(["a", "b", "a", "b", "a"], Turns(result).Select(t => t.Member));
    }

    [Fact]
    public async Task RoundRobin_TokensUsedUp_EndsAtMaxTokens()
    {
        using var team = new Team("talk", new RoundRobinProtocol(), [Chat("a", "x"), Chat("b", "y")], new TeamOptions { Limits = new() { MaxTokens = 40 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal((RunStatus.Limited, StopKind.MaxTokens), (result.Status, result.Stop!.Kind));
        Assert.Equal(3, Turns(result).Count);
        Assert.Equal(45, result.Usage!.TotalTokenCount);
        Assert.Equal(15, Turns(result)[0].Tokens);
    }

    [Fact]
    public async Task Run_TimeUpInATurn_EndsAtMaxTimeWithTheLastOutput()
    {
        var time = new ManualTime();
        var began = new TaskCompletionSource();
        using var team = new Team(
            new AgentMetadata("slow"),
            new SequentialProtocol(),
            [Says("a", "first"), new Async(async c => { began.SetResult(); await Task.Delay(Timeout.Infinite, c.CancellationToken); return AgentResult.Done(""); }, name: "b")],
            options: new AgentOptions { Time = time });

        var run = team.ExecuteAsync("go");
        await began.Task;
        time.Advance(TimeSpan.FromMinutes(31));
        var result = await run;

        Assert.Equal((RunStatus.Limited, StopKind.MaxTime), (result.Status, result.Stop!.Kind));
        Assert.Contains("TeamLimits.MaxTime", result.Stop.Message, StringComparison.Ordinal);
        Assert.Equal("first", result.Output);
        Assert.Single(Turns(result));
    }

    [Fact]
    public async Task Run_TimeUpInABlockingMember_LeavesItBehind()
    {
        var time = new ManualTime();
        using var began = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        using var team = new Team(
            new AgentMetadata("stuck"),
            new SequentialProtocol(),
            [new Sync(_ => { began.Set(); end.Wait(); return AgentResult.Done("late"); }), Says("b", "unheard")],
            new TeamOptions { Limits = new() { MaxTurnTime = TimeSpan.FromSeconds(10) }, OnFailure = FailurePolicy.Skip },
            new AgentOptions { Time = time });

        var run = team.ExecuteAsync("go");
        began.Wait();
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(11));
            await Task.Yield();
        }

        end.Set();
        var result = await run;
        Assert.Equal("unheard", result.Output);
        Assert.Equal([RunStatus.Limited, RunStatus.Done], Turns(result).Select(t => t.Status));
    }

    [Fact]
    public async Task Run_CancelledInATurn_IsCancelledWithTheLastOutput()
    {
        using var cancel = new CancellationTokenSource();
        using var team = new Team("cut", new SequentialProtocol(),
        [
            Says("a", "first"),
            new Async(async c => { await cancel.CancelAsync(); await Task.Delay(Timeout.Infinite, c.CancellationToken); return AgentResult.Done(""); }, name: "b"),
        ]);

        var result = await team.ExecuteAsync("go", cancel.Token);

        Assert.Equal(RunStatus.Cancelled, result.Status);
        Assert.Equal("first", result.Output);
        Assert.Single(Turns(result));
    }

    [Fact]
    public async Task Member_Throws_StopsTheTeamByDefault()
    {
        using var team = new Team("fragile", new SequentialProtocol(), [Says("a", "first"), Throws("b"), Says("c", "never")]);

        var result = await team.ExecuteAsync("go");

        Assert.Equal((RunStatus.Failed, StopKind.Failure), (result.Status, result.Stop!.Kind));
        Assert.Equal("first", result.Output);
        Assert.Equal("b is broken", result.Error!.Message);
        Assert.Equal([RunStatus.Done, RunStatus.Failed], Turns(result).Select(t => t.Status));
    }

    [Fact]
    public async Task Member_ThrowsAndIsSkipped_TeamGoesOn()
    {
        using var team = new Team("tolerant", new SequentialProtocol(), [Says("a", "first"), Throws("b"), Says("c", "last")], new TeamOptions { OnFailure = FailurePolicy.Skip });

        var result = await team.ExecuteAsync("go");

        Assert.True(result.IsDone);
        Assert.Equal("last", result.Output);
        Assert.Equal(3, Turns(result).Count);
    }

    [Fact]
    public async Task Member_ThrowsOnce_IsTriedAgain()
    {
        var calls = 0;
        var flaky = new Sync(_ => ++calls == 1 ? throw new InvalidOperationException("once") : AgentResult.Done("well"), name: "flaky");
        using var team = new Team("patient", new SequentialProtocol(), [flaky], new TeamOptions { OnFailure = FailurePolicy.Retry(2) });

        var result = await team.ExecuteAsync("go");

        Assert.Equal("well", result.EnsureDone().Output);
        Assert.Equal([RunStatus.Failed, RunStatus.Done], Turns(result).Select(t => t.Status));
    }

    [Fact]
    public async Task Member_FailsInAStepThatMustNotBeRepeated_IsNotTriedAgain()
    {
        var calls = 0;
        var payer = new Sync(c => AgentResult.Done(c.Step<string>("pay", null, (StepContext _) => { calls++; throw new InvalidOperationException("refused"); })), name: "payer");
        using var team = new Team("careful", new SequentialProtocol(), [payer], new TeamOptions { OnFailure = FailurePolicy.Retry(2) });

        var result = await team.ExecuteAsync("go");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal(1, calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Member_FailsAfterAStepThatMustNotBeRepeated_IsNotTriedAgain(bool isKept)
    {
        var sent = 0;
        var tools = new ToolRegistry().Add(AIFunctionFactory.Create(() => ++sent, "send"));
        using var client = new ScriptedChatClient().ThenCall("send").ThenThrow(new HttpRequestException("503")).ThenCall("send").ThenReply("done");
        using var team = new Team("careful", new SequentialProtocol(), [ChatAgent.Create("m", client).WithCapabilities("*").WithTools(tools).Build()], new TeamOptions { OnFailure = FailurePolicy.Retry(1) });

        var result = await team.ExecuteAsync("go", new RunOptions { Store = isKept ? new MemoryCheckpointStore() : null });

        Assert.Equal((RunStatus.Failed, 1), (result.Status, sent));
        Assert.Contains("step 0.1 must not be repeated", result.Stop!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_FailedAfterAStepThatMustNotBeRepeated_GoesOnAfterIt()
    {
        var sent = 0;
        var tools = new ToolRegistry().Add(AIFunctionFactory.Create(() => ++sent, "send"));
        using var client = new ScriptedChatClient().ThenCall("send").ThenThrow(new HttpRequestException("503")).ThenReply("done");
        using var team = new Team("careful", new SequentialProtocol(), [ChatAgent.Create("m", client).WithCapabilities("*").WithTools(tools).Build()], new TeamOptions { OnFailure = FailurePolicy.Retry(1) });
        var options = new RunOptions { Store = new MemoryCheckpointStore() };

        var failed = await team.ExecuteAsync("go", options);
        var result = await team.ResumeAsync(failed.RunId!, options);

        Assert.Equal(("done", 1), (result.EnsureDone().Output, sent));
    }

    [Fact]
    public async Task Resume_TriedAgainByAnEarlierVersion_GoesOnAsItDid()
    {
        // A version that looked at the failed step alone tried the turn again after one that was done.
        var store = new MemoryCheckpointStore();
        RunRecord[] records =
        [
            new(RunRecord.Run) { Number = 1, Name = "careful", Value = JsonSerializer.SerializeToUtf8Bytes<AgentTask>("go", AgentJson.Options) },
            new(RunRecord.Scope) { Path = "0", Name = "m", Type = "turn" },
            new(RunRecord.Intent) { Path = "0.0", Name = "send", Type = "step" },
            new(RunRecord.Done) { Path = "0.0", Value = "1"u8.ToArray() },
            new(RunRecord.Close) { Path = "0", Type = "Failed" },
            new(RunRecord.Scope) { Path = "1", Name = "m", Type = "turn" },
            new(RunRecord.Intent) { Path = "1.0", Name = "send", Type = "step" },
            new(RunRecord.Done) { Path = "1.0", Value = "2"u8.ToArray() },
        ];
        var batch = new StoreBatch();
        for (var i = 0; i < records.Length; i++)
            batch.Append("old", i, RunRecordFormat.Write(records[i]));
        await store.CommitAsync(batch);
        var member = new Async(
            async c => await c.StepAsync("send", null, _ => Task.FromResult(3)) is var sent && sent > 1 ? AgentResult.Done($"sent {sent}") : throw new InvalidOperationException("once"),
            name: "m");
        using var team = new Team("careful", new SequentialProtocol(), [member], new TeamOptions { OnFailure = FailurePolicy.Retry(1) });

        var result = await team.ResumeAsync("old", new RunOptions { Store = store });

        Assert.Equal("sent 2", result.EnsureDone().Output);
    }

    [Fact]
    public async Task Member_Throws_IsReplaced()
    {
        using var team = new Team("deputised", new SequentialProtocol(), [Throws("a") with { OnFailure = FailurePolicy.ReplaceWith("b") }, Says("b", "for a")]);

        var result = await team.ExecuteAsync("go");

        Assert.Equal(["a", "b", "b"], Turns(result).Select(t => t.Member));
        Assert.True(result.IsDone);
    }

    [Fact]
    public async Task Protocol_Throws_FailsWithTheLastOutput()
    {
        using var team = new Team("led badly", new Scripted(run => run.Turns.Count == 0 ? NextTurn.Of(run.Members[0]) : throw new FormatException("lost")), [Says("a", "first")]);

        var result = await team.ExecuteAsync("go");

        Assert.Equal((RunStatus.Failed, "first"), (result.Status, result.Output));
        Assert.Contains("lost", result.Stop!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Protocol_ChoosesAStranger_SaysSo()
    {
        using var team = new Team("closed", new Scripted(_ => NextTurn.Of(Says("stranger", ""))), [Says("a", "")]);

        var result = await team.ExecuteAsync("go");

        Assert.Contains("'stranger', which is no member", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sequential_ChatMembers_EachHearsWhatWasSaidBefore()
    {
        var (a, b, c) = (new ScriptedChatClient("one"), new ScriptedChatClient("two"), new ScriptedChatClient("three"));
        using var team = new Team("line", new SequentialProtocol(), [ChatAgent.Create("a", a).Build(), ChatAgent.Create("b", b).Build(), ChatAgent.Create("c", c).Build()]);

        var result = await team.ExecuteAsync("count");

        Assert.Equal("three", result.EnsureDone().Output);
        Assert.Equal(StopKind.Completed, result.Stop!.Kind);
        Assert.Equal(["count"], Heard(a.Requests[0]));
        Assert.Equal(["count", "a: one"], Heard(b.Requests[0]));
        Assert.Equal(["count", "a: one", "b: two"], Heard(c.Requests[0]));
    }

    [Fact]
    public async Task RoundRobin_ChatMembers_AreToldOnlyWhatIsNewAndKeepTheirOwnWords()
    {
        var a = new ScriptedChatClient("a1", "a2", "a3");
        var b = new ScriptedChatClient("b1", "b2", "b3");
        using var team = new Team("talk", new RoundRobinProtocol(3), [ChatAgent.Create("a", a).Build(), ChatAgent.Create("b", b).Build()]);

        await team.ExecuteAsync("go");

        Assert.Equal(["go", "a1", "b: b1", "a2", "b: b2"], Heard(a.Requests[2]));
        Assert.Equal(["go", "a: a1", "b1", "a: a2", "b2", "a: a3"], Heard(b.Requests[2]));
    }

    [Fact]
    public async Task RoundRobin_ChatMemberFailed_IsToldAgainWhatItMissed()
    {
        var a = new ScriptedChatClient("a1", "a2");
        var b = new ScriptedChatClient().ThenThrow(new TimeoutException("no model")).ThenReply("b2");
        using var team = new Team("talk", new RoundRobinProtocol(2), [ChatAgent.Create("a", a).Build(), ChatAgent.Create("b", b).Build()], new TeamOptions { OnFailure = FailurePolicy.Skip });

        await team.ExecuteAsync("go");

        Assert.Equal(["go", "a: a1", "a: a2"], Heard(b.Requests[1]));
    }

    [Fact]
    public async Task Sequential_UsersOwnMember_GetsTheLastMessageAndTheConversation()
    {
        AgentTask? got = null;
        using var team = new Team("mixed", new SequentialProtocol(),
        [
            Says("a", "one"), Says("b", "two"), new Sync(c => { got = c.Task; return AgentResult.Done("three"); }, name: "c"),
        ]);

        await team.ExecuteAsync(new AgentTask("count").With("limit", 3));

        Assert.Equal("two", got!.Input);
        Assert.Equal(["count", "a: one"], Heard(got.Messages));
        Assert.Equal(3, got.Get<int>("limit"));
    }

    [Theory]
    [InlineData(MemberHistory.Last, new[] { "count", "b: two" })]
    [InlineData(MemberHistory.Task, new[] { "count" })]
    public async Task Sequential_MemberWithLessHistory_HearsNoMore(MemberHistory history, string[] heard)
    {
        var c = new ScriptedChatClient("three");
        using var team = new Team("discreet", new SequentialProtocol(), [Says("a", "one"), Says("b", "two"), new TeamMember(ChatAgent.Create("c", c).Build()) { History = history }]);

        await team.ExecuteAsync("count");

        Assert.Equal(heard, Heard(c.Requests[0]));
    }

    [Fact]
    public async Task Run_InASession_KeepsQuestionAndAnswer()
    {
        var session = new AgentSession();
        var b = new ScriptedChatClient("b1", "b2");
        using var team = new Team("desk", new SequentialProtocol(), [Says("a", "draft"), ChatAgent.Create("b", b).Build()]);

        await team.ExecuteAsync("first", new RunOptions { Session = session });
        await team.ExecuteAsync("second", new RunOptions { Session = session });

        Assert.Equal(["first", "b1", "second", "b2"], session.Messages.Select(m => m.Text));
        Assert.Equal(["first", "desk: b1", "second", "a: draft"], Heard(b.Requests[1]));
    }

    [Fact]
    public async Task Run_NestedTeam_IsOneMember()
    {
        var inner = new Team("inner", new RoundRobinProtocol(2), [Says("x", "x said"), Says("y", "y said")]);
        using var team = new Team("outer", new SequentialProtocol(), [Says("a", "one"), inner, Says("z", "end")]);

        var result = await team.ExecuteAsync("go");

        Assert.Equal(["one", "y said", "end"], Turns(result).Select(t => t.Text));
    }

    [Fact]
    public async Task Result_AsJson_HoldsMembersAndTurns()
    {
        using var team = new Team("line", new SequentialProtocol(), [new TeamMember(Chat("a", "one"), "first"), Says("b", "two")]);
        var store = new MemoryCheckpointStore();

        var run = await team.ExecuteAsync("count", new RunOptions { Store = store });
        var read = await team.ResumeAsync(run.RunId!, new RunOptions { Store = store });

        var data = Assert.IsType<JsonElement>(read.Data);
        Assert.Equal("first", data.GetProperty("members")[0].GetProperty("role").GetString());
        Assert.Equal("two", data.GetProperty("turns")[1].GetProperty("text").GetString());
        Assert.Equal("Done", data.GetProperty("turns")[1].GetProperty("status").GetString());
        Assert.Equal(15, read.GetData<TeamResult>()!.Turns[0].Tokens);
    }

    [Fact]
    public async Task Watch_Turns_AreToldAsTheyEnd()
    {
        var told = new List<string>();
        using var team = new Team("line", new SequentialProtocol(), [Says("a", "one"), Says("b", "two")]);

        await team.ExecuteAsync("count", new RunOptions { OnEvent = e => { if (e is TurnEndedEvent t) told.Add($"{t.Step} {t.Turn.Member}: {t.Turn.Text}"); } });

        Assert.Equal(["0 a: one", "1 b: two"], told);
    }

    [Fact]
    public async Task Person_NobodyThere_StopsTheRunWhichGoesOnWithTheAnswer()
    {
        var store = new MemoryCheckpointStore();
        var said = 0;
        Team Create() => new("desk", new SequentialProtocol(),
        [
            Chat("model", "Shall I send it?"), new PersonAgent("ann"), new Sync(c => { said++; return AgentResult.Done($"heard: {c.Task.Input}"); }, name: "code"),
        ]);

        var stopped = await Create().ExecuteAsync("mail", new RunOptions { Store = store });
        await new RunHistory(store).DecideAsync(stopped.RunId!, stopped.Pending[0].Step, new Decision(Verdict.Answer, "ann") { Result = JsonSerializer.SerializeToElement("yes") });
        var resumed = await Create().ResumeAsync(stopped.RunId!, new RunOptions { Store = store });

        Assert.Equal(RunStatus.NeedsDecision, stopped.Status);
        Assert.Equal("Shall I send it?", stopped.Pending[0].Question);
        Assert.Equal("Shall I send it?", stopped.Output);
        Assert.Equal("heard: yes", resumed.EnsureDone().Output);
        Assert.Equal(1, said);
    }

    [Theory]
    [InlineData("sequential")]
    [InlineData("round-robin")]
    public async Task Resume_KilledAtEveryRecord_DoesNoFinishedStepAgain(string protocol)
    {
        var result = await ReplayCheck.EnsureAsync(
            () => new Team(
                "durable",
                protocol == "sequential" ? new SequentialProtocol() : new RoundRobinProtocol(2),
                [
                    Echo("a"),
                    new Sync(c => AgentResult.Done($"b{c.Step("count", c.Task.Input.Length, () => c.Task.Input.Length, StepOptions.Repeat)}"), name: "b"),
                    new Team("inner", new SequentialProtocol(), [Echo("x"), Echo("y")]),
                ]),
            "go");

        Assert.True(result.IsDone);
    }

    [Fact]
    public async Task Resume_AfterMaxTurnsWasRaised_GoesOn()
    {
        var store = new MemoryCheckpointStore();
        Team Create(int turns) => new("longer", new RoundRobinProtocol(2), [Echo("a"), Echo("b")], new TeamOptions { Limits = new() { MaxTurns = turns } });

        var limited = await Create(3).ExecuteAsync("go", new RunOptions { Store = store });
        var done = await Create(10).ResumeAsync(limited.RunId!, new RunOptions { Store = store });

        Assert.Equal(RunStatus.Limited, limited.Status);
        Assert.Equal(4, Turns(done.EnsureDone()).Count);
    }

    [Fact]
    public async Task Resume_AfterATurnRanOutOfTime_DoesNotTryItAgain()
    {
        var time = new ManualTime();
        var store = new MemoryCheckpointStore();
        var began = new TaskCompletionSource();
        var calls = 0;
        Team Create() => new(
            new AgentMetadata("timed"),
            new SequentialProtocol(),
            [
                new Async(async c =>
                {
                    calls++;
                    began.TrySetResult();
                    await c.StepAsync("wait", null, async s => await Task.Delay(Timeout.Infinite, s.CancellationToken), StepOptions.Repeat);
                    return AgentResult.Done("");
                }, name: "slow"),
                Chat("b", "on"), new PersonAgent("ann"),
            ],
            new TeamOptions { Limits = new() { MaxTurnTime = TimeSpan.FromSeconds(10) }, OnFailure = FailurePolicy.Skip },
            new AgentOptions { Time = time });

        var run = Create().ExecuteAsync("go", new RunOptions { Store = store });
        await began.Task;
        time.Advance(TimeSpan.FromSeconds(11));
        var stopped = await run;
        await new RunHistory(store).DecideAsync(stopped.RunId!, stopped.Pending[0].Step, new Decision(Verdict.Answer, "ann") { Result = JsonSerializer.SerializeToElement("ok") });
        var resumed = await Create().ResumeAsync(stopped.RunId!, new RunOptions { Store = store });

        Assert.Equal("ok", resumed.EnsureDone().Output);
        Assert.Equal(1, calls);
        Assert.Equal([RunStatus.Limited, RunStatus.Done, RunStatus.Done], Turns(resumed).Select(t => t.Status));
    }

    [Fact]
    public async Task Resume_ReplayIsSlowerThanATurnMayTake_DoesNotCutWhatHadEndedInTime()
    {
        var time = new ManualTime();
        var store = new MemoryCheckpointStore();
        var slow = false;
        Team Create() => new(
            new AgentMetadata("timed"),
            new SequentialProtocol(),
            [
                new Async(async c =>
                {
                    var n = await c.StepAsync("count", null, _ => Task.FromResult(7));
                    if (slow)
                        time.Advance(TimeSpan.FromSeconds(11));
                    return AgentResult.Done($"{n}");
                }, name: "a"),
                new PersonAgent("ann"),
            ],
            new TeamOptions { Limits = new() { MaxTurnTime = TimeSpan.FromSeconds(10) } },
            new AgentOptions { Time = time });

        var stopped = await Create().ExecuteAsync("go", new RunOptions { Store = store });
        await new RunHistory(store).DecideAsync(stopped.RunId!, stopped.Pending[0].Step, new Decision(Verdict.Answer, "ann") { Result = JsonSerializer.SerializeToElement("ok") });
        slow = true;
        var resumed = await Create().ResumeAsync(stopped.RunId!, new RunOptions { Store = store });

        Assert.Equal(["7", "ok"], Turns(resumed.EnsureDone()).Select(t => t.Text));
    }

    internal static IReadOnlyList<TeamTurn> Turns(AgentResult result) => result.GetData<TeamResult>()!.Turns;

    internal static IEnumerable<string> Heard(IEnumerable<ChatMessage> messages) =>
        messages.Select(m => m.AuthorName is { } name ? $"{name}: {m.Text}" : m.Text);

    internal static TeamMember Says(string name, string text) => new Async(_ => Task.FromResult(AgentResult.Done(text)), name: name);

    internal static TeamMember Throws(string name) => new Sync(_ => throw new InvalidOperationException($"{name} is broken"), name: name);

    internal static ChatAgent Chat(string name, string text) => ChatAgent.Create(name, new ScriptedChatClient().Otherwise(_ => text)).Build();

    /// <summary>A model whose reply follows from what it is asked, so that a resumed run can be compared.</summary>
    internal static ChatAgent Echo(string name) =>
        ChatAgent.Create(name, new ScriptedChatClient().Otherwise(messages => $"{name} heard {messages.Count}")).Build();

    private sealed class Scripted(Func<TeamRun, NextTurn> next) : TeamProtocol
    {
        public override string Name => "scripted";

        public override async IAsyncEnumerable<NextTurn> LeadAsync(TeamRun run)
        {
            while (true)
                yield return next(run);
        }
    }
}
