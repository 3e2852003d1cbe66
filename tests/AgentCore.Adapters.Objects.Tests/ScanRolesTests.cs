using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Classes whose names say what they do with agents, and those that a runtime for actors drives.</summary>
public sealed class ScanRolesTests
{
    [Theory]
    [InlineData("public class SupportAgentExecutor { public string Execute(string request) => request; }", true)]
    [InlineData("public class TaskOrchestrator { private IChatClient client; public string Draft(string text) => text; }", true)]
    [InlineData("public class TaskOrchestrator { private System.Collections.Generic.List<ChatAgent> agents; public string Draft(string text) => text; }", true)]
    [InlineData("public class ReviewAgentService { public string ReviewRequest(string text) => text; }", true)]
    [InlineData("public class RandomAI { public string PlayCard(string table) => table; }", true)]
    [InlineData("public interface IPlayer { int NextMove(int[] grid); } public class RandomPlayer : IPlayer { public int NextMove(int[] grid) => 1; }", true)]
    [InlineData("public interface IPlayer { int NextMove(int[] grid); } public class Negamax : IPlayer { public int NextMove(int[] grid) => 1; }", true)]
    [InlineData("public interface IPlayer { string Name { get; } } public class Score : IPlayer { public string Name => null; public int Total(int n) => n; }", false)]
    [InlineData("public abstract class Player { } public class AIPlayer : Player { public void MakeMove(int[] grid) { } }", true)]
    [InlineData("public interface IActor { void Handle(string message); } public class Greeter : IActor { public void Handle(string message) { } }", true)]
    [InlineData("public abstract class Actor { } public class Rock : Actor { public int Weight { get; set; } }", false)]
    [InlineData("public class AgentWithHistory { public static System.Threading.Tasks.Task RunAsync() => null; }", true)]
    [InlineData("public class AgentJoker { public System.Threading.Tasks.Task<string> TellJokeAsync(string topic) => null; }", true)]
    [InlineData("public class AgenteEjecutor { public System.Threading.Tasks.Task<string> Estructurar(string texto) => null; }", true)]
    [InlineData("public class AgentCard { public string Describe(string text) => text; }", false)]
    [InlineData("public class AgenticService { public string Handle(string text) => text; }", true)]
    [InlineData("public class BotScopeChat { public static BotScopeChat Chat(long id) => new(); }", false)]
    [InlineData("public class RandomPlayer { public int[] action(int[] board, int player) => board; }", true)]
    [InlineData("public class SimpleMusicPlayer { public void Play(string song) { } }", false)]
    [InlineData("public class AiAgentService { public System.Threading.Tasks.Task<string> AnalyzeEmailAsync(string email) => null; }", true)]
    [InlineData("public class ShopChatbotService { public System.Threading.Tasks.Task<string> SendAsync(string text) => null; }", true)]
    [InlineData("public class AgentNewsService { public System.Threading.Tasks.Task<string> SendAsync(string text) => null; }", false)]
    [InlineData("public class AgentMailService { public System.Threading.Tasks.Task<string> CreateRecordAsync(string email) => null; }", false)]
    [InlineData("public class Player { public int X { get; set; } public void MoveTo(int x) => X = x; }", false)]
    [InlineData("public abstract class Unit { } public class MusicPlayer : Unit { public void Play(string song) { } }", false)]
    [InlineData("public class AgentWithMemory { public System.Threading.Tasks.Task<string> RunAsync(string text) => null; }", true)]
    [InlineData("public class TemplateAgentClient { public string Run(string role, string task) => task; }", true)]
    [InlineData("public class AgentMessageStore { public string Process(string text) => text; }", false)]
    [InlineData("public class AgentIndex { public string Lookup(string text) => text; }", false)]
    [InlineData("public class Agent1 { public string Run(string text) => text; }", true)]
    [InlineData("public class PlannerAgentV2 { public string Run(string text) => text; }", true)]
    [InlineData("public class Reagent99x { public string Run(string text) => text; }", false)]
    [InlineData("namespace Telegram.Bot.Polling { public interface IUpdateHandler { System.Threading.Tasks.Task HandleUpdateAsync(object client, string update); } } public class Updates : Telegram.Bot.Polling.IUpdateHandler { public System.Threading.Tasks.Task HandleUpdateAsync(object client, string update) => null; }", true)]
    [InlineData("public interface IUpdateHandler { System.Threading.Tasks.Task ApplyUpdateAsync(string version); } public class Updater : IUpdateHandler { public System.Threading.Tasks.Task ApplyUpdateAsync(string version) => null; }", false)]
    [InlineData("public abstract class AudioPlayer { public abstract bool Mute(bool on); } public class WavePlayer : AudioPlayer { public override bool Mute(bool on) => on; }", false)]
    [InlineData("public interface IStrategy { int GetAction(int[] mine, int[] theirs); } public class TitForTat : IStrategy { public int GetAction(int[] mine, int[] theirs) => 1; }", true)]
    [InlineData("public abstract class RetryStrategy { } public class Backoff : RetryStrategy { public string Execute(string request) => request; }", false)]
    [InlineData("public abstract class Strategy { public abstract void Move(int[] mine, int[] theirs); } public class Nearest : Strategy { public override void Move(int[] mine, int[] theirs) { } }", true)]
    [InlineData("public class WeekendStrategy { public int GetAction(int[] mine) => 1; }", false)]
    [InlineData("public class GroupOrchestrator { public System.Threading.Tasks.Task<string> StartGroupChatAsync(string input) => null; }", true)]
    [InlineData("public class RagChatService { public System.Threading.Tasks.Task<string> AskAsync(string question) => null; }", true)]
    [InlineData("public class ChatService { public System.Threading.Tasks.Task<string> SendMessageAsync(string text) => null; }", false)]
    [InlineData("public class ChatService { public System.Collections.Generic.IAsyncEnumerable<string> SendMessageAsync(string text) => null; }", true)]
    [InlineData("public class AnswerChatbotAIML { public string GetAnswer(string text) => text; }", true)]
    [InlineData("public class MeekAI { public int RequestMove(int[] board) => 1; }", true)]
    [InlineData("public class MyBotBase { public string Tell(string text) => text; }", true)]
    [InlineData("namespace Shop.Agents.Planning { public class HtnPlanner { public System.Threading.Tasks.Task<string> PlanAsync(string goal) => null; } }", true)]
    [InlineData("namespace Shop.Tours { public class HtnPlanner { public System.Threading.Tasks.Task<string> PlanAsync(string goal) => null; } }", false)]
    [InlineData("namespace Shop.Agents { public class PaymentPlanner { public string Check(string goal) => goal; } }", false)]
    [InlineData("public class ChatService { public System.Threading.Tasks.Task<bool> ProcessAsync(string text) => null; }", false)]
    [InlineData("public class AIEmbeddingService { public System.Threading.Tasks.Task<float[]> GenerateAsync(string text) => null; }", false)]
    [InlineData("public interface IAI { void PlayAttack(); } public class RandomPlayer : IAI { public void PlayAttack() { } }", true)]
    [InlineData("public class MCTSAI { public int PlayCard(int[] hand) => 1; }", true)]
    [InlineData("public class MinimaxAI2 { public string PlayCard(string table) => table; }", true)]
    [InlineData("public class OpenAI { public string PlayCard(string table) => table; }", false)]
    [InlineData("public class TaskOrchestrator { public string Draft(string text) => text; }", false)]
    [InlineData("public class AgentRecordService { public string CreateRecord(string text) => text; public string GetById(int id) => null; }", false)]
    [InlineData("public class AgentPipeline { public int Count { get; set; } }", false)]
    public void Scan_RoleBesideAgents_IsAnAgentWhereItIsAskedAndWorksWithThem(string source, bool found)
    {
        using var compiled = new Compiled("Roles" + Guid.NewGuid().ToString("n")[..8], source + " public interface IChatClient { } public abstract class ChatAgent { }");

        Assert.Equal(found ? 1 : 0, new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents.Count);
    }

    [Theory]
    [InlineData("", "ClaudeService")]
    [InlineData("public class NewsAgent { private readonly ClaudeService _model; public string Run(string text) => text; }", "NewsAgent")]
    [InlineData("public class NewsAgent { private readonly IReadOnlyList<ILlm> _models; public string Run(string text) => text; }", "NewsAgent")]
    [InlineData("public abstract class Base { private readonly ILlm _model; } public class NewsAgent : Base { public string Run(string text) => text; }", "NewsAgent")]
    [InlineData("public class NewsAgent { public string Run(string text) => text; }", "ClaudeService,NewsAgent")]
    [InlineData("public class Page { private readonly ILlm _model; }", "ClaudeService")]
    public void Scan_WhatSpeaksForAModel_IsAnAgentWhereNoAgentKeepsIt(string others, string found)
    {
        using var compiled = new Compiled(
            "Models" + Guid.NewGuid().ToString("n")[..8],
            "using System.Collections.Generic; using System.Threading.Tasks; public interface ILlm { } public class ClaudeService : ILlm { public Task<string> GetReplyAsync(string message) => null; } public class ClaudeParser { public Task<string> GetReplyAsync(string message) => null; }" + others);

        Assert.Equal(found, string.Join(',', new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents.Select(a => a.Type).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Scan_BuilderByNameWithAnAgentForABase_IsAnAgent()
    {
        using var compiled = new Compiled(
            "Builder" + Guid.NewGuid().ToString("n")[..8],
            "public interface IAgent { } public abstract class GameAgent { } public class LineBuilder : GameAgent { public int GetMove(int[] grid) => 1; } public class AgentBuilder : IAgent { public string Run(string s) => s; }");

        Assert.Equal("LineBuilder", Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Type);
    }

    [Fact]
    public void Scan_Actor_IsFoundWhateverItIsCalled()
    {
        using var compiled = new Compiled(
            "Actors" + Guid.NewGuid().ToString("n")[..8],
            """
            namespace Akka.Actor { public interface IInternalActor { } public abstract class ActorBase : IInternalActor { protected virtual void OnReceive(object message) { } } public abstract class ReceiveActor : ActorBase { } public class Props { } }
            namespace Orleans { public interface IGrainBase { } public abstract class Grain : IGrainBase { } public interface IPersistentState { } }
            namespace Games { public abstract class Grain { } }
            namespace Shop
            {
                using System.Threading.Tasks;
                public class Till : Akka.Actor.ReceiveActor { public Till(string shop) { } public static Akka.Actor.Props CreateProps(string shop) => null; public static Akka.Actor.Props Props(string shop) => null; }
                public class Lobby : Orleans.Grain { public Lobby(Orleans.IPersistentState state) { } public Task Go() => null; }
                public class Wheat : Games.Grain { public string Run(string s) => s; }
            }
            """);

        var agents = new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents.Where(a => a.Type.StartsWith("Shop.", StringComparison.Ordinal)).ToDictionary(a => a.Type);

        Assert.Equal(["Shop.Lobby", "Shop.Till"], agents.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((AgentClass.D, "construct.instance"), (agents["Shop.Till"].Class, Assert.Single(agents["Shop.Till"].Binding.Gaps).At));
        Assert.Equal(("Task Go()", "construct.instance"), (agents["Shop.Lobby"].Binding.Method, Assert.Single(agents["Shop.Lobby"].Binding.Gaps).At));
    }

    [Theory]
    [InlineData("public class TripPlanner { private readonly IChatClient _client; public Task<string> PlanAsync(string wish) => null; }", true)]
    [InlineData("public class PetChatService { private readonly IChatClient _client; public Task<string> SendAsync(string pet, string text) => null; }", true)]
    [InlineData("public class WriterCriticService { private readonly Microsoft.Agents.AI.AIAgent _writer; public Task<string> ProcessQuestionAsync(string question) => null; } namespace Microsoft.Agents.AI { public abstract class AIAgent { public IChatClient Client; } }", true)]
    [InlineData("public class WriterCriticService { public Task<string> ProcessQuestionAsync(string question) => null; }", false)]
    [InlineData("public class TripPlanner { public Task<string> PlanAsync(string wish) => null; }", false)]
    [InlineData("public class ChatReducer { private readonly IChatClient _client; public Task<string> ReduceAsync(string text) => null; }", false)]
    [InlineData("public class TripPlanner { private readonly IChatClient _client; public void Configure(string wish) { } }", false)]
    [InlineData("public class InvoiceService { private readonly IChatClient _client; public Task<string> PrintAsync(string text) => null; }", false)]
    [InlineData("public class TripPlanner { private readonly ILlmClient _model; public Task<string> PlanAsync(string wish) => null; } public interface ILlmClient { }", true)]
    [InlineData("public class TripPlanner { private readonly IChatClientFactory _models; public Task<string> PlanAsync(Trip trip) => null; } public interface IChatClientFactory { } public class Trip { }", true)]
    [InlineData("public class CachedLlmService : ILlmClient { private readonly ILlmClient _model; public Task<string> AskAsync(string text) => null; } public interface ILlmClient { }", false)]
    [InlineData("public class CachedLlmClient : ILlmClient { private readonly System.Collections.Generic.List<ILlmClient> _models; public Task<string> AskAsync(string text) => null; } public interface ILlmClient { }", false)]
    [InlineData("public class ReplyService { private readonly ISemanticKernelFactory _kernels; public Task<string> GetResponseFromChatAsync(string text) => null; } public interface ISemanticKernelFactory { }", true)]
    [InlineData("public class TripIdeas { public Task<string> SuggestAsync(string wish) { IChatClient client = null; var answer = client.GetResponseAsync(wish); return answer.ContinueWith(a => a.Result.Text); } }", true)]
    [InlineData("public class TripIdeas { public async Task<string> SuggestAsync(string wish) { await Task.Yield(); return (await ((IChatClient)null).GetResponseAsync(wish)).Text; } }", true)]
    [InlineData("public class TripStore { public async Task<string> SuggestAsync(string wish) => (await ((IChatClient)null).GetResponseAsync(wish)).Text; }", false)]
    [InlineData("public class TripIdeas : BaseIdeas { public Task<string> SuggestAsync(string wish) => null; } public abstract class BaseIdeas { private readonly IChatClient _client; }", true)]
    [InlineData("public class TracingChat : DelegatingChatClient { private readonly IChatClient _client; public TracingChat(IChatClient client) : base(client) { } public Task<string> AskAsync(string text) => null; }", false)]
    [InlineData("public class SongQueue { private readonly TwitchChatClient _chat; public Task<string> PlayAsync(string song) => null; } public class TwitchChatClient { }", false)]
    [InlineData("public class Blur { private readonly KernelFactory _kernels; public Task<byte[]> ApplyAsync(byte[] picture) => null; } public class KernelFactory { }", false)]
    [InlineData("public class TripPlanner { private readonly ILlmClient _model; public string Plan(string wish) => null; } public interface ILlmClient { }", false)]
    [InlineData("public struct _ { } public class TripPlanner { private _ _f; private readonly IChatClient _client; public Task<string> PlanAsync(string wish) => null; }", true)]
    [InlineData("public class NoteSearch { public async Task<string> SearchAsync(string query) => (await ((IEmbeddingGenerator<string, Embedding<float>>)null).GenerateAsync([query])).Count.ToString(); }", false)]
    [InlineData("public class AgentRouter { private readonly IChatClient _client; public Task<string> SelectAgentsAsync(string wish) => null; }", true)]
    [InlineData("public class TripPlanner { private readonly IMapClient _map; public Task<string> PlanAsync(string wish) => null; } public interface IMapClient { }", false)]
    public void Scan_DoerThatKeepsAModel_IsAnAgent(string source, bool found)
    {
        using var compiled = new Compiled("Doers" + Guid.NewGuid().ToString("n")[..8], "using System.Threading.Tasks; using Microsoft.Extensions.AI; " + source, typeof(Microsoft.Extensions.AI.IChatClient).Assembly.Location);

        Assert.Equal(found ? 1 : 0, new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents.Count);
    }

    [Fact]
    public void Scan_NodeOfAWorkflow_IsAnAgent()
    {
        using var workflows = new Compiled("Microsoft.Agents.AI.Workflows", "namespace Microsoft.Agents.AI.Workflows { public abstract class Executor { public System.Threading.Tasks.ValueTask<object> ExecuteCoreAsync(object message, IWorkflowContext context) => default; } public interface IWorkflowContext { } } namespace Microsoft.Agents.AI { public abstract class AIAgent { } }");
        using var compiled = new Compiled(
            "Nodes" + Guid.NewGuid().ToString("n")[..8],
            """
            using System.Threading.Tasks; using Microsoft.Agents.AI; using Microsoft.Agents.AI.Workflows;
            public class TitleNode : Executor { private readonly AIAgent _agent; public ValueTask<string> HandleAsync(string text, IWorkflowContext context) => default; }
            public class JoinNode : Executor { public ValueTask<string> HandleAsync(string text, IWorkflowContext context) => default; }
            public class RoutedNode : Executor { private ValueTask<string> HandleAsync(string text, IWorkflowContext context) => default; private string Helper(string text) => text; }
            public class EmptyNode : Executor { }
            public class TitleMaker { private readonly AIAgent _agent; }
            """,
            workflows.Path);

        var agents = new MigrationScanner(new ScanOptions { References = [workflows.Folder] }).Scan([compiled.Path]).Agents;

        Assert.Equal(["JoinNode", "RoutedNode", "TitleNode"], agents.Select(a => a.Type).Order(StringComparer.Ordinal));
        Assert.All(agents, a => Assert.Equal(AgentClass.C, a.Class));
    }
}
