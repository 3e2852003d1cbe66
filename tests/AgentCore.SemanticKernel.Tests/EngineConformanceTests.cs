using AgentCore.Agents;
using AgentCore.Teams;
using AgentCore.Testing;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace AgentCore.SemanticKernel.Tests;

/// <summary>The same team with the same scripted model on Semantic Kernel's engine and on ours: each strategy that its group
/// chat has, beside what we have for it.</summary>
public class EngineConformanceTests
{
    private static readonly Dictionary<string, (Func<IChatClient, TeamProtocol> Theirs, Func<IChatClient, TeamProtocol> Ours, TeamCondition? Until, int Turns)> Pairs = new()
    {
        ["one after the other"] = (_ => new GroupChatProtocol(maximumIterations: 6), _ => new RoundRobinProtocol(rounds: 2), null, 6),
        ["until a phrase"] = (_ => Ending(GroupChatTermination.WhenSaid("b heard")), Rounds, TeamCondition.Phrase("b heard"), 2),
        ["until a phrase of one member"] = (_ => Ending(GroupChatTermination.WhenSaid("heard", "c")), Rounds, TeamCondition.Phrase("heard") & TeamCondition.Member("c"), 3),
        ["until either"] = (
            _ => Ending(GroupChatTermination.Any(GroupChatTermination.WhenSaid("never"), GroupChatTermination.WhenSaid("c heard"))),
            Rounds, TeamCondition.Phrase("never") | TeamCondition.Phrase("c heard"), 3),
        ["until both"] = (
            model => Ending(GroupChatTermination.All(GroupChatTermination.WhenSaid("a heard"), GroupChatTermination.ByFunction(FromPrompt("Is it long? {{$_history_}}"), KernelOf(model)))),
            Rounds, TeamCondition.Phrase("a heard") & TeamCondition.When("it is long", (run, _) => run.Turns.Count > 3), 4),
        ["until a model says so"] = (
            model => Ending(GroupChatTermination.ByFunction(FromPrompt("Is it done? {{$_history_}}"), KernelOf(model))),
            Rounds, TeamCondition.When("five turns", (run, _) => run.Turns.Count >= 5), 5),
        ["a model chooses"] = (
            model => new GroupChatProtocol(GroupChatSelection.ByFunction(FromPrompt("Who is next? {{$_history_}}"), KernelOf(model)), GroupChatTermination.WhenSaid("b heard 4")),
            model => new SelectorProtocol(model, new SelectorOptions { MayRepeat = true, MayEnd = false }), TeamCondition.Phrase("b heard 4"), 5),
    };

    public static TheoryData<string> Names => [.. Pairs.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task SameTeam_OnEitherEngine_GivesTheSameTranscript(string name)
    {
        var (theirs, ours, until, turns) = Pairs[name];

        var their = await RunAsync(theirs, until: null);
        var our = await RunAsync(ours, until);

        Assert.Equal(our, their);
        Assert.Equal(turns, their.Count);
    }

    private static async Task<List<string>> RunAsync(Func<IChatClient, TeamProtocol> protocol, TeamCondition? until)
    {
        using var model = new ScriptedChatClient().Otherwise(Answer);
        using var team = new Team("team", protocol(model), [Member("a", model), Member("b", model), Member("c", model)], new TeamOptions { Until = until, Progress = null });

        // Journalled, and replayed from its journal alone.
        var store = new MemoryCheckpointStore();
        var result = await team.ExecuteAsync("go", new RunOptions { Store = store });
        Assert.True((await team.ReplayAsync(result.RunId!, new RunOptions { Store = store })).IsSame);
        return [.. result.EnsureDone().GetData<TeamResult>()!.Turns.Select(t => $"{t.Member}: {t.Text}")];
    }

    /// <summary>The one model: it speaks for the members, chooses who is next, and says whether it is done.</summary>
    private static string Answer(IReadOnlyList<ChatMessage> messages)
    {
        var asked = messages[^1].Text;
        var said = messages.Sum(m => m.Text.Split(" heard ").Length - 1);
        if (asked.StartsWith("Is it ", StringComparison.Ordinal))
            return said >= (asked.StartsWith("Is it long?", StringComparison.Ordinal) ? 4 : 5) ? "yes" : "no";
        return asked.StartsWith("Who ", StringComparison.Ordinal) ? "acbab"[said..(said + 1)] : $"heard {said}";
    }

    private static ChatAgent Member(string name, IChatClient model) =>
        ChatAgent.Create(name, new Named(name, model)).WithDescription($"Says what {name} heard.").Build();

    private static GroupChatProtocol Ending(GroupChatTermination termination) => new(termination: termination);

    private static RoundRobinProtocol Rounds(IChatClient model) => new(rounds: 4);

    private static KernelFunction FromPrompt(string prompt) => KernelFunctionFactory.CreateFromPrompt(prompt);

    private static Kernel KernelOf(IChatClient model) => new Bank(configure: b => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton(b.Services, model)).Kernel;

    /// <summary>The model, speaking for one member.</summary>
    private sealed class Named(string name, IChatClient model) : DelegatingChatClient(model)
    {
        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, $"{name} {response.Text}")) { Usage = response.Usage };
        }
    }
}
