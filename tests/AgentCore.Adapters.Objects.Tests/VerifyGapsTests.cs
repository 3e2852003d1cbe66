using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCore.Adapters.Objects.Migration;
using Microsoft.Extensions.AI;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What is missing is told at once, not one after another.</summary>
public sealed class VerifyGapsTests
{
    [Fact]
    public async Task Verify_AnyValueFillsTheGap_TellsWhatIsMissingBehindIt()
    {
        var item = await OnlyAsync(
            """
            public class Board { public System.IDisposable Owner; }
            public class BoardBot { public BoardBot(int depth) { } public int GetMove(Board board) => board.Owner.GetHashCode(); }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.Contains("construct.depth", item.Message, StringComparison.Ordinal);
        Assert.Contains("arguments.board", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OnlyAPersonFillsTheGap_TellsWhatIsMissingBehindIt()
    {
        var items = await AllAsync(
            """
            using System;
            using System.Threading.Tasks;
            public class Board { public IDisposable Owner; public int Size; }
            public interface IRules { Task<bool> AllowsAsync(int move); }
            internal interface IHidden { int Rank(Board board); }
            public abstract class Judge { public abstract int Of(Board board); }
            public class StrictJudge : Judge { public StrictJudge(IRules rules) { } public override int Of(Board board) => 1; }
            public class FairJudge : Judge { public FairJudge(IRules rules) { } public override int Of(Board board) => 2; }
            public class Clock { public Clock(TimeSpan limit) { } }
            public class RulesBot { private readonly IRules _rules; public RulesBot(IRules rules) => _rules = rules; public async Task<int> GetMove(Board board) => await _rules.AllowsAsync(1) ? 0 : board.Owner.GetHashCode(); }
            public class HiddenBot { internal HiddenBot(IHidden hidden) => _h = hidden; private readonly IHidden _h; public int GetMove(Board board) => _h.Rank(board) + board.Owner.GetHashCode(); }
            public class JudgeBot { private readonly Judge _judge; public JudgeBot(Judge judge) => _judge = judge; public int GetMove(Board board) => _judge.Of(board) + board.Owner.GetHashCode(); }
            public class ClockBot { public ClockBot(Clock clock) { } public int GetMove(Board board) => board.Owner.GetHashCode(); }
            public class FineBot { private readonly IRules _rules; public FineBot(IRules rules) => _rules = rules; public async Task<int> GetMove(Board board) => await _rules.AllowsAsync(board.Size) ? 0 : 1; }
            """);

        foreach (var (bot, place) in new[] { ("RulesBot", "rules"), ("HiddenBot", "hidden"), ("JudgeBot", "judge"), ("ClockBot", "clock") })
        {
            Assert.Contains($"construct.{place}", items[bot].Message, StringComparison.Ordinal);
            Assert.Contains("arguments.board", items[bot].Message, StringComparison.Ordinal);
        }

        Assert.StartsWith("construct.rules", items["FineBot"].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("arguments.board", items["FineBot"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_StandInIsWhatFails_BlamesNothingElse()
    {
        var items = await AllAsync(
            """
            using System;
            using System.Collections.Generic;
            public class Note { public string Text { get; set; } public object Tag { get; set; } }
            public class Plan { private Plan() { } public List<string> Steps; }
            public interface IPlanner { Plan Of(string text); object Best(Note note); bool Done { get; } }
            public class Engine { private readonly List<int> _parts; public Engine(string path) => _parts = new List<int>(); public int Start(Note note) => note.Text.Length + _parts.Count; }
            public class PlannerBot { private readonly IPlanner _p; public PlannerBot(IPlanner p) => _p = p; public int Ask(Note note) => _p.Of(note.Text).Steps.Count; }
            public class BestBot { private readonly IPlanner _p; public BestBot(IPlanner p) => _p = p; public int Ask(Note note) => _p.Best(note).GetHashCode(); }
            public class EngineBot { private readonly Engine _e; public EngineBot(Engine engine) => _e = engine; public int Ask(Note note) => _e.Start(note); }
            public class PatientBot { private readonly IPlanner _p; public PatientBot(IPlanner p) => _p = p; public int Ask(Note note) { while (!_p.Done) { } return 1; } }
            """);

        Assert.All(items.Values, item => Assert.DoesNotContain("arguments.", item.Message, StringComparison.Ordinal));
        Assert.All(items.Values, item => Assert.Equal(MigrationStatus.Gaps, item.Status));
    }

    [Fact]
    public async Task Verify_JudgeOfAnotherGame_IsNoStandIn()
    {
        var items = await AllAsync(
            """
            using System;
            public class Chess { public IDisposable Owner; }
            public class Cards { }
            public abstract class Judge<T> { public abstract int Of(T game); }
            public class CardJudge : Judge<Cards> { public override int Of(Cards game) => 1; }
            public class ChessJudge : Judge<Chess> { public ChessJudge(IDisposable owner) { } public override int Of(Chess game) => 2; }
            public class ChessBot { private readonly Judge<Chess> _judge; public ChessBot(Judge<Chess> judge) => _judge = judge; public int GetMove(Chess game) => _judge.Of(game) + game.Owner.GetHashCode(); }
            public class CardBot { private readonly Judge<Cards> _judge; public CardBot(Judge<Cards> judge) => _judge = judge; public int GetMove(Cards game) => _judge.Of(game); }
            """);

        Assert.Contains("construct.judge", items["ChessBot"].Message, StringComparison.Ordinal);
        Assert.Contains("arguments.game", items["ChessBot"].Message, StringComparison.Ordinal);
        Assert.Equal(MigrationStatus.Verified, items["CardBot"].Status);
    }

    [Fact]
    public async Task Verify_ArgumentKeyedByAChoice_IsTriedWithOne()
    {
        var item = await OnlyAsync("using System.Collections.Generic; public enum Suit { Hearts, Spades } public class Hand { public Dictionary<Suit, int> Cards { get; set; } } public class CardBot { public int GetMove(Hand hand) => hand.Cards[Suit.Hearts]; }");

        Assert.Equal(MigrationStatus.Verified, item.Status);
    }

    [Fact]
    public async Task Verify_ArgumentThatHoldsADelegate_IsToldAndNotMadeUp()
    {
        var item = await OnlyAsync("public class Board { public System.Func<int> Next { get; set; } public int Size { get; set; } } public class BoardBot { public int GetMove(Board board) => board.Next() + board.Size; }");

        Assert.StartsWith("arguments.board", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_GapThatReachesOutside_IsNotTried()
    {
        var item = await OnlyAsync(
            """
            public class Board { public System.IDisposable Owner; }
            public class BoardBot { public BoardBot(string outputPath) { System.IO.File.WriteAllText(outputPath, "tried"); } public int GetMove(Board board) => board.Owner.GetHashCode(); }
            """);

        Assert.StartsWith("construct.outputPath", item.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("arguments.board", item.Message, StringComparison.Ordinal);
        Assert.False(File.Exists("sample"));
    }

    [Fact]
    public async Task Verify_OptionsBehindAGapThatHoldNoKey_AreToldToo()
    {
        var item = await OnlyAsync(
            """
            using System;
            public interface IHistory { void Keep(string text); }
            public class AiOptions { public string ApiKey { get; set; } = ""; }
            public class ChatAgent { public ChatAgent(IHistory history, AiOptions options) => ArgumentException.ThrowIfNullOrWhiteSpace(options.ApiKey, "apiKey"); public string Ask(string text) => text; }
            """);

        Assert.StartsWith("construct.history", item.Message, StringComparison.Ordinal);
        Assert.Contains("construct.options", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnotherConstructorSetsWhatIsNull_NamesItsParameter()
    {
        var item = await OnlyAsync(
            """
            public interface IStore { int Count(); }
            public abstract class Syncer { protected IStore source; protected IStore target; protected Syncer() { } protected Syncer(IStore source, IStore target) { this.source = source; this.target = target; } public void SetFields(string name, IStore store) { } }
            public class SyncAgent : Syncer { public SyncAgent() { } public SyncAgent(IStore source, IStore target) : base(source, target) { } public int Run() => target.Count(); }
            """);

        Assert.StartsWith("construct.target, construct.source: it is null, and another constructor takes it", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BoardThatIsNotGiven_IsAnEmptyOne()
    {
        var item = await OnlyAsync("public class BoardBot { public BoardBot(int[,] board) => _size = board.Length; private readonly int _size; public int GetMove(string text) => _size; }");

        Assert.Equal(MigrationStatus.Verified, item.Status);
    }

    [Fact]
    public async Task Verify_EventThatNobodyListensTo_NamesTheResult()
    {
        var item = await OnlyAsync("public class Order { public string Name { get; set; } } public class ShopBot { public event System.Action<string> Happened; public async System.Threading.Tasks.Task HandleAsync(Order order) { await System.Threading.Tasks.Task.Yield(); Happened.Invoke(order.Name); } }");

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("result: it raises Happened, and nobody listens", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_MessageWithAPartOfItsOwn_IsMadeWhereThePartIs_AndNamedElse()
    {
        var items = await AllAsync(
            """
            public class User { public string Name { get; set; } = "u"; }
            public class UserMessage { public User From { get; } public string Role { get; } public string Content { get; } public UserMessage(User user, string role, string content) { From = user; Role = role; Content = content; } }
            public class UserAgent { public string Handle(UserMessage message) => message.From.Name + message.Content; }
            public interface ILine { }
            public class LineMessage { public string Role { get; } public string Content { get; } public LineMessage(ILine line, string role, string content) { Role = role; Content = content; } }
            public class LineAgent { public string Handle(LineMessage message) => message.Content; }
            """);

        Assert.Equal(MigrationStatus.Verified, items["UserAgent"].Status);
        Assert.Equal(MigrationStatus.Gaps, items["LineAgent"].Status);
        Assert.StartsWith("arguments.message: ", items["LineAgent"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_SeveralArgumentsThatNothingCanMake_AreToldAtOnce()
    {
        var item = await OnlyAsync("public class Board { public Board() => throw new System.InvalidOperationException(\"only the game has one\"); } public class Clock { public Clock() => throw new System.InvalidOperationException(\"only the game has one\"); } public class ChessBot { public int Think(Board board, Clock clock) => 1; }");

        Assert.StartsWith("arguments.board, arguments.clock", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_StaticPartThatNeedsAFile_NamesTheSurroundings()
    {
        var item = await OnlyAsync(
            """
            public static class Stocks { public static readonly string Names = System.IO.File.ReadAllText("/no/such/stocks"); }
            public class StockBot { public string Pick(string text) => Stocks.Names; }
            """);

        Assert.StartsWith("surroundings", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OriginalFailsNowAndThen_IsNoDifference()
    {
        var item = await OnlyAsync("public class LuckyBot { private static int _n; public string Pick(string text) => _n++ % 2 == 0 ? throw new System.InvalidOperationException(\"no luck\") : text; }");

        Assert.Equal(MigrationStatus.Verified, item.Status);
        Assert.Contains("varies from run to run", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BothFailEachTimeInOtherWords_IsTheSameError()
    {
        var item = await OnlyAsync("public class WordyBot { private static int _n; public string Pick(string text) => throw new System.InvalidOperationException($\"no luck for the {_n++}th time\"); }");

        Assert.Equal(MigrationStatus.SameError, item.Status);
    }

    [Fact]
    public async Task Verify_AsksTheServicesWhileItIsMade_NamesTheServices()
    {
        var item = await OnlyAsync(
            """
            using System;
            public class Store { }
            public class ShopAgent { public ShopAgent(IServiceProvider services, Store store) { if (services.GetService(typeof(System.Text.StringBuilder)) == null) throw new InvalidOperationException("none"); } public string Ask(string q) => q; }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("construct.services", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_JsonAskedForBySchema_FitsTheSchema()
    {
        using var client = new StandInClient();
        var schema = JsonDocument.Parse("""{"type":"object","properties":{"city":{"type":"string"},"days":{"type":["integer","null"]},"mood":{"enum":["calm","loud"]},"stops":{"type":"array","items":{"type":"object","properties":{"at":{"type":"string","format":"date-time"}}}}}}""").RootElement;

        var response = await client.GetResponseAsync("plan", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) });

        Assert.Equal("""{"city":"sample","days":1,"mood":"calm","stops":[{"at":"2026-01-01T00:00:00Z"}]}""", JsonNode.Parse(response.Text)!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"anyOf":[]}""")]
    [InlineData("""[1]""")]
    public async Task Answer_SchemaThatSaysNothing_IsAnEmptyObject(string schema)
    {
        using var client = new StandInClient();

        var response = await client.GetResponseAsync("plan", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(schema).RootElement) });

        Assert.Equal("{}", response.Text);
    }

    [Fact]
    public async Task Verify_FieldFromAPartOfAnotherConstructorsParameter_NamesThatParameter()
    {
        var item = await OnlyAsync(
            """
            using System; using System.Threading.Tasks;
            public class Settings { public string this[string name] => name; }
            public class KeyedAgent
            {
                private readonly string _key;
                public KeyedAgent() { }
                public KeyedAgent(Settings settings) => _key = settings["key"];
                public async Task<string> RunAsync(string text) { try { var bytes = Convert.FromBase64String(_key); await Task.Yield(); return text + bytes.Length; } catch (Exception e) { Console.Error.WriteLine(e.Message.Length); throw; } }
            }
            """);

        Assert.StartsWith("construct.settings: it is null, and another constructor takes it", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FieldOfAnotherConstructor_NamesAllThatOneTakes()
    {
        var item = await OnlyAsync(
            """
            public interface ISource { string Read(); }
            public interface ITarget { void Write(string text); }
            public class CopyAgent
            {
                private readonly ISource _source; private readonly ITarget _target;
                public CopyAgent() { }
                public CopyAgent(ISource source, ITarget target, System.Threading.CancellationToken token, int retries = 1) => (_source, _target) = (source, target);
                public void Run(string text) => _target.Write(_source.Read());
            }
            """);

        Assert.Contains("construct.source", item.Message, StringComparison.Ordinal);
        Assert.Contains("construct.target", item.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("retries", item.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("token", item.Message, StringComparison.Ordinal);
    }
}
