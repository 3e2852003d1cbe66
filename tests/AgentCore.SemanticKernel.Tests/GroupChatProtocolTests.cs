using AgentCore.Agents;
using AgentCore.Teams;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;
using Microsoft.SemanticKernel.Agents.Chat;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel.Tests;

public class GroupChatProtocolTests
{
    [Fact]
    public void Create_NoIterations_IsRefused() => Assert.Throws<ArgumentException>(() => new GroupChatProtocol(maximumIterations: 0));

    [Fact]
    public void Check_NamesOfNobodyAndNoExit_AreFound()
    {
        var wrong = Team(new GroupChatProtocol(
            GroupChatSelection.Sequential("x"),
            GroupChatTermination.Any(GroupChatTermination.WhenSaid("done", "a", "y"), GroupChatTermination.WhenSaid("over", "z"))));
        var endless = Team(new GroupChatProtocol(), new TeamLimits { MaxTurns = 50 });

        Assert.Equal(["protocol.selection", "protocol.termination", "protocol.termination"], wrong.Check().Select(f => f.Field));
        Assert.All(wrong.Check(), f => Assert.Equal(FindingSeverity.Error, f.Severity));
        Assert.Equal(FindingSeverity.Warning, Assert.Single(endless.Check()).Severity);
        Assert.Empty(Team(new GroupChatProtocol(GroupChatSelection.Sequential("b"), GroupChatTermination.WhenSaid("done", "c"))).Check());
    }

    [Fact]
    public async Task Run_StrategyOfAnotherType_FailsWithWords()
    {
        var result = await Team(new GroupChatProtocol(GroupChatSelection.From(() => "none"))).ExecuteAsync("go");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("SelectionStrategy", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SelectionOfNobody_FailsWithTheTurnsSoFar()
    {
        var function = KernelFunctionFactory.CreateFromMethod((string _history_) => _history_.Contains("a says", StringComparison.Ordinal) ? "nobody" : "a");

        var result = await Team(new GroupChatProtocol(GroupChatSelection.ByFunction(function, new Kernel()))).ExecuteAsync("go");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Contains("nobody", result.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(["a"], Speakers(result));
    }

    [Fact]
    public async Task Run_OverTheTeamsLimit_StopsTheChat()
    {
        var result = await Team(new GroupChatProtocol(), new TeamLimits { MaxTurns = 4 }).ExecuteAsync("go");

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.Equal(["a", "b", "c", "a"], Speakers(result));
    }

    [Fact]
    public async Task Run_Cancelled_EndsTheChat()
    {
        using var source = new CancellationTokenSource();
        using var team = new Team("team", new GroupChatProtocol(), [Speaker("a"), new CodeAgent([], async _ =>
        {
            await source.CancelAsync();
            return "last";
        })]);

        var result = await team.ExecuteAsync("go", source.Token).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(RunStatus.Cancelled, result.Status);
    }

    [Fact]
    public async Task Run_MemberFails_TheTeamsPolicyHolds()
    {
        using var team = new Team(
            "team",
            new GroupChatProtocol(maximumIterations: 3),
            [Speaker("a"), new TeamMember(new CodeAgent([], _ => throw new InvalidOperationException("broken"))) { OnFailure = FailurePolicy.Skip }, Speaker("c")]);

        var result = await team.ExecuteAsync("go");

        Assert.Equal(["a", "code", "c"], Speakers(result));
        Assert.Equal([true, false, true], Turns(result).Select(t => t.IsGood));
    }

    [Fact]
    public async Task Sequential_GivesTheTranscriptOfOurRoundRobin()
    {
        var theirs = await Team(new GroupChatProtocol(maximumIterations: 6)).ExecuteAsync("go");
        var ours = await Team(new RoundRobinProtocol(rounds: 2)).ExecuteAsync("go");

        Assert.Equal(Transcript(ours), Transcript(theirs));
        Assert.Equal(6, Transcript(theirs).Count);
    }

    [Theory]
    [InlineData("sequential")]
    [InlineData("sequential from b")]
    [InlineData("function")]
    [InlineData("regex")]
    [InlineData("regex of c")]
    [InlineData("function termination")]
    [InlineData("any")]
    [InlineData("all")]
    public async Task Run_EachStrategy_GivesTheTranscriptOfSemanticKernelsOwnChat(string strategy)
    {
        var function = KernelFunctionFactory.CreateFromMethod((string _history_) => _history_.Length % 2 == 0 ? "c" : "a");
        var ends = KernelFunctionFactory.CreateFromMethod((string _history_) => _history_.Length > 300 ? "yes" : "no");
        var kernel = new Kernel();
        var (protocol, selection, termination) = strategy switch
        {
            "sequential" => (new GroupChatProtocol(maximumIterations: 7), (Func<AgentGroupChat, SelectionStrategy>?)null, (Func<AgentGroupChat, TerminationStrategy>?)null),
            "sequential from b" => (new GroupChatProtocol(GroupChatSelection.Sequential("b"), maximumIterations: 5), c => new SequentialSelectionStrategy { InitialAgent = c.Agents[1] }, null),
            "function" => (new GroupChatProtocol(GroupChatSelection.ByFunction(function, kernel), maximumIterations: 8), _ => new KernelFunctionSelectionStrategy(function, kernel), null),
            "regex" => (new GroupChatProtocol(termination: GroupChatTermination.WhenSaid("b says")), null, _ => new RegexTerminationStrategy("b says")),
            "regex of c" => (new GroupChatProtocol(termination: GroupChatTermination.WhenSaid("says", "c")), null, c => new RegexTerminationStrategy("says") { Agents = [c.Agents[2]] }),
            "function termination" => (new GroupChatProtocol(termination: GroupChatTermination.ByFunction(ends, kernel)), null, _ => Ends()),
            "any" => (new GroupChatProtocol(termination: GroupChatTermination.Any(GroupChatTermination.WhenSaid("c says"), GroupChatTermination.ByFunction(ends, kernel))), null,
                _ => new AggregatorTerminationStrategy(new RegexTerminationStrategy("c says"), Ends()) { Condition = AggregateTerminationCondition.Any }),
            _ => (new GroupChatProtocol(termination: GroupChatTermination.All(GroupChatTermination.WhenSaid("b says"), GroupChatTermination.ByFunction(ends, kernel))), null,
                _ => new AggregatorTerminationStrategy(new RegexTerminationStrategy("b says"), Ends())),
        };

        var result = await Team(protocol).ExecuteAsync("go");

        var chat = new AgentGroupChat([.. new[] { "a", "b", "c" }.Select(n => Speaker(n).AsSemanticKernelAgent())]);
        chat.ExecutionSettings = new AgentGroupChatSettings
        {
            SelectionStrategy = selection?.Invoke(chat) ?? new SequentialSelectionStrategy(),
            TerminationStrategy = termination?.Invoke(chat) ?? new RegexTerminationStrategy("never said"),
        };
        chat.ExecutionSettings.TerminationStrategy.MaximumIterations = strategy switch { "sequential" => 7, "sequential from b" => 5, "function" => 8, _ => 99 };
        chat.AddChatMessage(new ChatMessageContent(AuthorRole.User, "go"));
        var own = new List<string>();
        await foreach (var message in chat.InvokeAsync())
            own.Add($"{message.AuthorName}: {message.Content}");

        Assert.Equal(RunStatus.Done, result.Status);
        Assert.Equal(own, Transcript(result));
        Assert.InRange(own.Count, 2, 12);

        KernelFunctionTerminationStrategy Ends() => new(ends, kernel) { ResultParser = r => r.GetValue<string>() == "yes" };
    }

    [Fact]
    public async Task Run_SelectionByAModel_IsStepsAndResumesFromAnyPrefix()
    {
        var result = await ReplayCheck.EnsureAsync(
            () =>
            {
                var bank = new Bank(new ScriptedChatClient().Otherwise(messages => messages[^1].Text.Contains("a says", StringComparison.Ordinal) ? "b" : "a"));
                var function = KernelFunctionFactory.CreateFromPrompt("Who of {{$_agents_}} is next? {{$_history_}}");
                return Team(new GroupChatProtocol(GroupChatSelection.ByFunction(function, bank.Kernel), GroupChatTermination.WhenSaid("b says")));
            },
            "go");

        Assert.Equal(["a", "b"], Speakers(result));
        Assert.Equal(30, result.Usage!.TotalTokenCount);
    }

    [Fact]
    public async Task Run_KernelAgentsAsMembers_KeepsAllTheirSteps()
    {
        var bank = new Bank(new ScriptedChatClient().ThenCall("money_pay", new { amount = 2 }).ThenReply("paid it"));
        using var teller = new KernelAgent(new AgentMetadata("teller") { Capabilities = new CapabilitySet(["money.*"]) }, bank.Kernel);
        using var team = new Team("team", new GroupChatProtocol(maximumIterations: 2), [teller, Speaker("b")]);
        var events = new List<AgentEvent>();

        var result = await team.ExecuteAsync("pay", new RunOptions { Store = new MemoryCheckpointStore(), OnEvent = events.Add });

        Assert.Equal(["teller", "b"], Speakers(result.EnsureDone()));
        Assert.Equal(1, bank.Paid);
        Assert.Equal(["model", "tool", "model"], events.OfType<StepFinishedEvent>().Select(e => e.Kind));
    }

    private static Team Team(TeamProtocol protocol, TeamLimits? limits = null) =>
        new("team", protocol, [Speaker("a"), Speaker("b"), Speaker("c")], new TeamOptions { Limits = limits ?? new TeamLimits() });

    /// <summary>An agent that says who it is and how much it heard: its words depend on all that was said before.</summary>
    private static NamedAgent Speaker(string name) => new(name);

    private static IReadOnlyList<TeamTurn> Turns(AgentResult result) => result.GetData<TeamResult>()!.Turns;

    private static List<string> Speakers(AgentResult result) => [.. Turns(result).Select(t => t.Member)];

    private static List<string> Transcript(AgentResult result) => [.. Turns(result).Select(t => $"{t.Member}: {t.Text}")];

    private sealed class NamedAgent(string name) : BaseAgent(name)
    {
        protected override AgentResult OnExecute(AgentContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            var heard = context.Task.Messages.Append(new ChatMessage(ChatRole.User, context.Task.Input)).Select(m => m.Text).Where(t => t.Length > 0).Distinct();
            return AgentResult.Done($"{Metadata.Name} says {string.Concat(heard).Length}");
        }
    }
}
