using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Teams;
using AgentCore.Testing;
using Microsoft.Extensions.AI;
using static AgentCore.Tests.Teams.TeamTests;

namespace AgentCore.Tests.Teams;

public sealed class ProtocolTests
{
    [Fact]
    public async Task Handoff_ByTool_GoesOnWithTheOtherAndKeepsTheCallsResult()
    {
        var desk = new ScriptedChatClient().ThenCall("handoff", new { to = "billing", reason = "a refund" }).ThenReply("thanks");
        var billing = new ScriptedChatClient().ThenReply("refunded");
        using var team = new Team("support", new HandoffProtocol(), [Agent("desk", desk), Agent("billing", billing)]);

        var result = await team.ExecuteAsync("I want my money back");

        Assert.Equal("refunded", result.EnsureDone().Output);
        Assert.Equal(StopKind.Completed, result.Stop!.Kind);
        Assert.Equal(["desk", "billing"], Turns(result).Select(t => t.Member));
        Assert.Equal("billing", Turns(result)[0].HandedTo);
        Assert.Equal(["I want my money back", "desk hands over to you: a refund"], Heard(billing.Requests[0]));
    }

    [Fact]
    public async Task Handoff_BackAndForth_EveryHistoryIsValid()
    {
        var desk = new ScriptedChatClient()
            .ThenCalls(("look", new { }), ("handoff", new { to = "billing" }), ("handoff", new { to = "desk" }))
            .ThenReply("all done");
        var billing = new ScriptedChatClient().ThenCall("handoff", new { to = "desk", reason = "not mine" });
        var looking = ChatAgent.Create("desk", desk).WithTool(AIFunctionFactory.Create(() => "seen", "look")).Build();
        using var team = new Team("support", new HandoffProtocol(), [looking, Agent("billing", billing)]);

        var result = await team.ExecuteAsync("help");

        Assert.Equal("all done", result.EnsureDone().Output);
        var history = desk.Requests[1];
        var calls = history.SelectMany(m => m.Contents.OfType<FunctionCallContent>()).Count();
        var results = history.SelectMany(m => m.Contents.OfType<FunctionResultContent>()).ToList();
        Assert.Equal(calls, results.Count);
        Assert.Equal("seen", results[0].Result!.ToString());
        Assert.Equal("Handed over to billing.", results[1].Result);
        Assert.Contains("already", (string)results[2].Result!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handoff_ToAStranger_IsToldToTheModel()
    {
        var desk = new ScriptedChatClient().ThenCall("handoff", new { to = "nobody" }).ThenReply("then I answer");
        using var team = new Team("support", new HandoffProtocol(), [Agent("desk", desk), Says("billing", "")]);

        var result = await team.ExecuteAsync("help");

        Assert.Equal("then I answer", result.EnsureDone().Output);
        Assert.Contains("Choose one of: billing", desk.Requests[1][^1].Contents.OfType<FunctionResultContent>().Single().Result!.ToString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handoff_ByAUsersAgentToAStranger_IsAFailedTurn()
    {
        using var team = new Team("support", new HandoffProtocol(), [new Sync(_ => AgentResult.Done("", new Handoff("nobody")), name: "own"), Says("b", "")]);

        var result = await team.ExecuteAsync("help");

        Assert.Equal("AgentCore.BadHandoff", result.Error!.Type);
    }

    [Fact]
    public async Task Handoff_ByAUsersAgent_GoesOn()
    {
        using var team = new Team("support", new HandoffProtocol("own"), [Says("b", "mine"), new Sync(_ => AgentResult.Done("", new Handoff("b")), name: "own")]);

        var result = await team.ExecuteAsync("help");

        Assert.Equal("mine", result.EnsureDone().Output);
    }

    [Fact]
    public async Task Handoff_ForEver_StopsForNoProgress()
    {
        var n = 0;
        using var team = new Team("pass", new HandoffProtocol(),
        [
            new Sync(_ => AgentResult.Done($"{n++}", new Handoff("b")), name: "a"), new Sync(_ => AgentResult.Done($"{n++}", new Handoff("a")), name: "b"),
        ], new TeamOptions { Limits = new() { MaxTurns = 1_000 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal((RunStatus.Limited, StopKind.NoProgress), (result.Status, result.Stop!.Kind));
        Assert.Contains("handed over to each other 7 times", result.Stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Selector_PicksUntilDone()
    {
        var chair = new ScriptedChatClient("writer", "The critic should go on.", "DONE");
        var critic = new ScriptedChatClient("good");
        using var team = new Team("board", new SelectorProtocol(chair), [Agent("critic", critic), Chat("writer", "a draft")]);

        var result = await team.ExecuteAsync("write");

        Assert.Equal("good", result.EnsureDone().Output);
        Assert.Equal(["writer", "critic"], Turns(result).Select(t => t.Member));
        Assert.Equal(["write", "Who speaks next?", "writer", "writer: a draft", "Who speaks next?", "The critic should go on.", "critic: good", "Who speaks next?"], Heard(chair.Requests[2]));
        Assert.Equal(75, result.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Selector_AnswersNonsense_IsToldAndThenARuleChooses()
    {
        var chair = new ScriptedChatClient("the moon", "a and b", "42", "DONE");
        using var team = new Team("board", new SelectorProtocol(chair), [Says("a", "from a"), Says("b", "from b")]);

        var result = await team.ExecuteAsync("write");

        Assert.Equal("from a", result.EnsureDone().Output);
        Assert.Equal("That is no member's name. Answer with one of: a, b.", chair.Requests[1][^1].Text);
        Assert.StartsWith("Those are several.", chair.Requests[2][^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Selector_PicksTheSameAgain_IsToldWhoElseThereIs()
    {
        var chair = new ScriptedChatClient("a", "a", "b", "DONE");
        using var team = new Team("board", new SelectorProtocol(chair), [Says("a", "from a"), Says("b", "from b")]);

        var result = await team.ExecuteAsync("write");

        Assert.Equal(["a", "b"], Turns(result).Select(t => t.Member));
        Assert.Equal("a has just spoken. Answer with one of: b.", chair.Requests[2][^1].Text);
    }

    [Fact]
    public async Task Selector_ModelFails_FailsTheTeam()
    {
        using var team = new Team("board", new SelectorProtocol(new ScriptedChatClient().ThenThrow(new HttpRequestException("down"))), [Says("a", "")]);

        var result = await team.ExecuteAsync("write");

        Assert.Equal((RunStatus.Failed, StopKind.Failure), (result.Status, result.Stop!.Kind));
        Assert.Contains("down", result.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ann", "ann")]
    [InlineData("**ann-marie**", "ann-marie")]
    [InlineData("I choose ann-marie.", "ann-marie")]
    [InlineData("planner", "")]
    [InlineData("ann, then bob", "ann,bob")]
    public void MemberNames_InWhatAModelSays_AreFoundAsWholeWords(string text, string found)
    {
        TeamMember[] members = [Says("ann", ""), Says("ann-marie", ""), Says("bob", ""), Says("plan", "")];

        Assert.Equal(found, string.Join(",", MemberNames.In(text, members).Select(m => m.Name)));
    }

    [Fact]
    public async Task Concurrent_WithAReducingMember_HearsThemAll()
    {
        var sum = new ScriptedChatClient("42");
        var a = new ScriptedChatClient("40");
        var b = new ScriptedChatClient("2");
        using var team = new Team("panel", new ConcurrentProtocol("sum"), [Agent("a", a), Agent("sum", sum), Agent("b", b)]);

        var result = await team.ExecuteAsync("count");

        Assert.Equal("42", result.EnsureDone().Output);
        Assert.Equal(["count"], Heard(b.Requests[0]));
        Assert.Equal(["count", "a: 40", "b: 2", "Make one answer to the task of what the others said."], Heard(sum.Requests[0]));
    }

    [Fact]
    public async Task Concurrent_WithAFunction_IsItsOutput()
    {
        using var team = new Team("panel", new ConcurrentProtocol(turns => string.Join("+", turns.Select(t => t.Text))), [Says("a", "1"), Throws("b"), Says("c", "2")], new TeamOptions { OnFailure = FailurePolicy.Skip });

        var result = await team.ExecuteAsync("count");

        Assert.Equal("1+2", result.EnsureDone().Output);
    }

    [Fact]
    public async Task Concurrent_Members_SpeakAtOnce()
    {
        var barrier = new Barrier(2);
        Sync Meets(string name) => new(_ => AgentResult.Done(barrier.SignalAndWait(TimeSpan.FromSeconds(30)) ? "met" : "alone"), name: name);
        using var team = new Team("panel", new ConcurrentProtocol(), [Meets("a"), Meets("b")]);

        var result = await team.ExecuteAsync("go");

        Assert.Equal("## a\nmet\n\n## b\nmet", result.EnsureDone().Output);
        barrier.Dispose();
    }

    [Fact]
    public async Task Concurrent_EveryoneFails_Fails()
    {
        using var team = new Team("panel", new ConcurrentProtocol(), [Throws("a"), Throws("b")], new TeamOptions { OnFailure = FailurePolicy.Skip });

        var result = await team.ExecuteAsync("go");

        Assert.Equal((RunStatus.Failed, "No member has answered."), (result.Status, result.Error!.Message));
        Assert.Equal(2, Turns(result).Count);
    }

    [Fact]
    public async Task Concurrent_MoreMembersThanTurns_StopsAtTheLimit()
    {
        using var team = new Team("panel", new ConcurrentProtocol(), [Says("a", "1"), Says("b", "2"), Says("c", "3")], new TeamOptions { Limits = new() { MaxTurns = 2 } });

        var result = await team.ExecuteAsync("go");

        Assert.Equal((RunStatus.Limited, StopKind.MaxTurns), (result.Status, result.Stop!.Kind));
        Assert.Equal(["1", "2"], Turns(result).Select(t => t.Text));
    }

    [Fact]
    public async Task Debate_EndsWithTheJudge()
    {
        var judge = new ScriptedChatClient("yes");
        var pro = new ScriptedChatClient("for", "still for");
        using var team = new Team("court", new DebateProtocol("judge"), [Agent("judge", judge), Agent("pro", pro), Chat("con", "against")]);

        var result = await team.ExecuteAsync("shall we?");

        Assert.Equal("yes", result.EnsureDone().Output);
        Assert.Equal(["pro", "con", "pro", "con", "judge"], Turns(result).Select(t => t.Member));
        Assert.Equal(["shall we?", "State your position and your reasons.", "for", "con: against", "Answer the others' arguments: say what you hold on to, and what you give up."], Heard(pro.Requests[1]));
    }

    [Fact]
    public async Task Vote_WithAMajority_KeepsDissent()
    {
        using var team = new Team("jury", new VoteProtocol(), [Says("a", "Because.\nVOTE: yes"), Says("b", "VOTE: No."), Says("c", "**Vote: YES**")]);

        var result = await team.ExecuteAsync("guilty?");

        var count = (VoteCount)result.GetData<TeamResult>()!.Details!;
        Assert.Equal("yes", result.EnsureDone().Output);
        Assert.Equal(2, count.Tally["yes"]);
        Assert.Equal(["b"], count.Dissent);
    }

    [Theory]
    [InlineData(0.57, 57, 100, false)]
    [InlineData(0.57, 58, 100, true)]
    [InlineData(1.0 / 3, 1, 3, false)]
    [InlineData(2.0 / 3, 2, 3, false)]
    [InlineData(2.0 / 3, 3, 3, true)]
    public async Task Vote_ShareOfTheVotes_MustBeMoreThanTheMajority(double majority, int yes, int all, bool wins)
    {
        var members = Enumerable.Range(0, all).Select(i => Says($"m{i}", i < yes ? "VOTE: yes" : $"VOTE: {i}")).ToList();
        var choices = Enumerable.Range(0, all).Select(i => $"{i}").Append("yes").ToList();
        using var team = new Team("jury", new VoteProtocol(new VoteOptions { Choices = choices, Majority = majority, Quorum = 1 }), members,
            new TeamOptions { Limits = new() { MaxTurns = all }, Progress = null });

        Assert.Equal(wins, (await team.ExecuteAsync("go")).IsDone);
    }

    [Fact]
    public async Task Vote_Unreadable_IsAskedOnceMore()
    {
        var b = new ScriptedChatClient("hmm", "VOTE: no");
        using var team = new Team("jury", new VoteProtocol(), [Says("a", "no"), Agent("b", b)]);

        var result = await team.ExecuteAsync("guilty?");

        Assert.Equal("no", result.EnsureDone().Output);
        Assert.Equal(3, Turns(result).Count);
    }

    [Fact]
    public async Task Vote_WithoutQuorum_FailsAndSaysWhy()
    {
        using var team = new Team("jury", new VoteProtocol(new VoteOptions { Quorum = 0.7 }), [Says("a", "VOTE: yes"), Throws("b"), Throws("c")], new TeamOptions { OnFailure = FailurePolicy.Skip });

        var result = await team.ExecuteAsync("guilty?");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("VoteOptions.Quorum", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vote_Tied_VotesAgain()
    {
        var b = new ScriptedChatClient("VOTE: no", "VOTE: yes");
        using var team = new Team("jury", new VoteProtocol(new VoteOptions { MaxRounds = 2 }), [Says("a", "VOTE: yes"), Agent("b", b)]);

        var result = await team.ExecuteAsync("guilty?");

        Assert.Equal("yes", result.EnsureDone().Output);
        Assert.Contains("a: VOTE: yes", Heard(b.Requests[1]));
        Assert.Equal(2, ((VoteCount)result.GetData<TeamResult>()!.Details!).Round);
    }

    [Fact]
    public async Task Planner_PlansLeadsAndAnswers()
    {
        var lead = new ScriptedChatClient(
            """{"facts": ["f"], "plan": ["a looks"]}""",
            """{"done": false, "progress": true, "next": "a", "instruction": "look"}""",
            """Sure! ```json {"done": true, "progress": true, "answer": "found"} ```""");
        var a = new ScriptedChatClient("seen");
        using var team = new Team("crew", new PlannerProtocol(lead), [Agent("a", a), Says("b", "")]);

        var result = await team.ExecuteAsync("find it");

        Assert.Equal("found", result.EnsureDone().Output);
        Assert.Equal(["find it", "look"], Heard(a.Requests[0]));
        Assert.Equal(["a looks"], ((PlannerLedger)result.GetData<TeamResult>()!.Details!).Plan);
    }

    [Fact]
    public async Task Planner_Stuck_PlansAnewAndThenStops()
    {
        var n = 0;
        var lead = new ScriptedChatClient().Otherwise(m => m[^1].Text.Contains("plan", StringComparison.OrdinalIgnoreCase) && m[^1].Text.Contains("facts", StringComparison.Ordinal)
            ? """{"facts": [], "plan": ["try"]}"""
            : """{"done": false, "progress": false, "next": "a", "instruction": "try"}""");
        using var team = new Team("crew", new PlannerProtocol(lead, new PlannerOptions { MaxStalls = 1, MaxReplans = 1 }), [new Sync(_ => AgentResult.Done($"try {n++}"), name: "a")]);

        var result = await team.ExecuteAsync("find it");

        Assert.Equal((RunStatus.Limited, StopKind.NoProgress), (result.Status, result.Stop!.Kind));
        Assert.Contains("2 plans", result.Stop.Message, StringComparison.Ordinal);
        Assert.NotEmpty(result.Output);
    }

    [Fact]
    public async Task Planner_NeverAnswersInJson_EndsAllTheSame()
    {
        using var team = new Team("crew", new PlannerProtocol(new ScriptedChatClient().Otherwise(_ => "I like trains")), [Says("a", "1"), Says("b", "2")]);

        var result = await team.ExecuteAsync("find it");

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.NotNull(result.Stop);
    }

    public static TheoryData<string> Protocols => ["handoff", "selector", "concurrent", "reduced", "debate", "vote", "planner", "nested"];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Resume_KilledAtEveryRecord_DoesNoFinishedStepAgain(string protocol)
    {
        var result = await ReplayCheck.EnsureAsync(() => Create(protocol), "go");

        Assert.True(result.IsDone, result.Describe());
        Assert.NotEmpty(Turns(result));
    }

    private static Team Create(string protocol) => protocol switch
    {
        "handoff" => new(protocol, new HandoffProtocol(), [Passes("a", "b"), Passes("b", "c"), Stepper("c")]),
        "selector" => new(protocol, new SelectorProtocol(new ScriptedChatClient().Otherwise(m => m.Count switch { < 3 => "a", < 6 => "b", _ => "DONE" })), [Echo("a"), Stepper("b")]),
        "concurrent" => new(protocol, new ConcurrentProtocol(), [Echo("a"), Stepper("b"), Echo("c")]),
        "reduced" => new(protocol, new ConcurrentProtocol("c"), [Echo("a"), Stepper("b"), Echo("c")]),
        "debate" => new(protocol, new DebateProtocol("judge"), [Echo("a"), Stepper("b"), Echo("judge")]),
        "vote" => new(protocol, new VoteProtocol(), [Chat("a", "VOTE: yes"), Chat("b", "VOTE: yes"), Chat("c", "VOTE: no")]),
        "planner" => new(protocol, new PlannerProtocol(new ScriptedChatClient().Otherwise(m => m.Count switch
        {
            < 3 => """{"facts": [], "plan": ["a, b"]}""",
            < 5 => """{"next": "a", "progress": true}""",
            < 8 => """{"next": "b", "progress": true}""",
            _ => """{"done": true, "answer": "it is done"}""",
        })), [Echo("a"), Stepper("b")]),
        _ => new(protocol, new SequentialProtocol(), [Echo("first"), Create("handoff"), Create("concurrent"), Create("planner")]),
    };

    private static ChatAgent Agent(string name, IChatClient client) => ChatAgent.Create(name, client).WithDescription($"Does {name}.").Build();

    private static ChatAgent Passes(string name, string to) => ChatAgent.Create(name, new ScriptedChatClient().Then((m, _) =>
        Task.FromResult(ScriptedChatClient.CallReply(("handoff", new { to, reason = $"heard {m.Count}" }))))).Build();

    private static Sync Stepper(string name) =>
        new(c => AgentResult.Done($"{name}{c.Step("count", c.Task.Input.Length, () => c.Task.Input.Length, StepOptions.Repeat)}"), name: name);
}
