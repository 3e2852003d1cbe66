using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Shapes as public repositories have them, scanned, wrapped and run beside their originals.</summary>
public sealed class VerifyTests
{
    [Fact]
    public async Task Verify_DataBehindAnInterface_IsMadeFromTheAgentsOwnNamespace()
    {
        var item = await OnlyAsync(
            """
            namespace World { public interface IPercept { string Where { get; } } public class Any : IPercept { public string Where => ""; } }
            namespace World.Cleaning
            {
                public class DirtPercept(string where) : World.IPercept { public string Where { get; } = where; }
                public class CleanerAgent { public string Execute(World.IPercept p) => ((DirtPercept)p).Where == "" ? "idle" : "suck"; }
            }
            """);

        Assert.Equal((AgentClass.A, MigrationStatus.Verified), (item.Class, item.Status));
    }

    [Fact]
    public async Task Verify_ServiceBehindAnInterface_StaysAGap()
    {
        var item = await OnlyAsync(
            """
            using System.Threading.Tasks;
            public interface ISender { Task SendAsync(string text); }
            public class MailSender(string host, int port) : ISender { public Task SendAsync(string text) => Task.CompletedTask; }
            public class NotifyAgent { public Task<string> RunAsync(string input, ISender sender) => Task.FromResult(input); }
            """);

        Assert.Equal((AgentClass.C, MigrationStatus.Gaps), (item.Class, item.Status));
        Assert.Contains("arguments.sender", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AnswerThatVaries_IsNoDifference()
    {
        var item = await OnlyAsync("public class DiceAgent { public string Run(string input) => System.Guid.NewGuid().ToString(); }");

        Assert.Equal(MigrationStatus.Verified, item.Status);
        Assert.Contains("varies from run to run", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FinalizerOfHalfAnObject_DoesNotEndTheProcess()
    {
        var item = await OnlyAsync(
            """
            public class EngineBot
            {
                private readonly string _engine;
                public EngineBot() { _engine = System.IO.File.ReadAllText("/no/engine/here"); }
                ~EngineBot() { if (_engine is null) System.Environment.FailFast("half an object was finalized"); }
                public string GetMove(string board) => _engine;
            }
            """);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.Equal(MigrationStatus.Gaps, item.Status);
    }

    [Fact]
    public async Task Verify_ObjectRefusesWhatConventionMade_BecomesAGapInTheFile()
    {
        using var compiled = new Compiled(
            "Refusing",
            """
            public class Address { public string Name { get; set; } = ""; }
            public class PostAgent
            {
                public PostAgent(Address address) { if (address.Name == "") throw new System.ArgumentException("no name", nameof(address)); }
                public string Run(string input) => input;
            }
            """);

        var item = Assert.Single((await MigrateAsync(compiled)).Items);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        var gap = Assert.Single(BindingFile.Read(item.File!).Gaps);
        Assert.Equal("construct.address", gap.At);
        Assert.Contains("no name", gap.Needs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_SmallObjectGivenAsJson_FillsTheGap()
    {
        using var compiled = new Compiled(
            "Parts",
            """
            public readonly struct Place { public Place(string street, int number) { Street = street; Number = number; } public string Street { get; } public int Number { get; } }
            public class PlaceAgent { private readonly Place _at; public PlaceAgent(Place at) => _at = at; public string Run(string input) => _at.Street + _at.Number; }
            """);
        var wrapped = Assert.Single((await MigrateAsync(compiled)).Items);
        Assert.Contains("its parts as JSON (street, number)", wrapped.Message, StringComparison.Ordinal);
        var binding = BindingFile.Read(wrapped.File!);
        var at = binding.Construct.Single() with { From = "value", Value = """{"street":"High","number":7}""" };
        await File.WriteAllTextAsync(wrapped.File!, BindingFile.Write(binding with { Construct = [at] }));

        using var agent = Loading.ObjectAgents.Open(wrapped.File!);

        Assert.Equal("High7", agent.Execute("hi").EnsureDone().Output);
    }

    [Fact]
    public async Task Verify_SurroundingsInAProperty_AreSetWhereTheyAreNull()
    {
        var item = await OnlyAsync(
            """
            public class TownEnvironment(int size = 3) { public int Size => size; }
            public abstract class Citizen { public TownEnvironment Environment { get; set; } public abstract string Act(string message); }
            public class TraderAgent : Citizen { public override string Act(string message) => message + Environment.Size; }
            """);

        Assert.Equal(MigrationStatus.Verified, item.Status);
    }

    [Fact]
    public async Task Verify_RequiredMember_IsAGapOrIsMade()
    {
        var items = await AllAsync(
            """
            public class Notes { public string Of(string s) => s; }
            public class KeeperAgent { public required Notes Notes { get; set; } public string Run(string input) => Notes.Of(input); }
            public class KeyedAgent { public required string ApiKey { get; init; } public string Run(string input) => ApiKey + input; }
            """);

        Assert.Equal(MigrationStatus.Verified, items["KeeperAgent"].Status);
        Assert.StartsWith("construct.ApiKey: a secret", items["KeyedAgent"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_TupleOfAnObjectAndAText_IsMadeOfAText()
    {
        var item = await OnlyAsync(
            """
            public record Goal(string Description);
            public class PlannerAgent { public string Execute((Goal Goal, string Path) input) => input.Goal.Description + input.Path; }
            """);

        Assert.Equal((AgentClass.A, MigrationStatus.Verified), (item.Class, item.Status));
    }

    [Fact]
    public async Task Verify_ObjectThatMustBeWhole_IsTriedWithAllItsParts()
    {
        var item = await OnlyAsync(
            """
            using System.Collections.Generic;
            public class Line { public string Product { get; set; } public int Count { get; set; } }
            public class Order { public string Text { get; set; } public Line Main { get; set; } public List<Line> Lines { get; set; } }
            public class OrderAgent { public string Process(Order order) => order.Main.Product.Trim() + order.Lines[0].Count; }
            """);

        Assert.Equal(MigrationStatus.Verified, item.Status);
    }

    [Fact]
    public async Task Verify_CopyConstructorOfAGenericClass_IsNotChosen()
    {
        var item = await OnlyAsync(
            """
            public interface IState { }
            public class Calm : IState { }
            public class MoodAgent<T> where T : class, IState, new()
            {
                private readonly T _state;
                public MoodAgent(MoodAgent<T> other) => _state = other._state;
                public MoodAgent(T state) => _state = state;
                public string Run(string input) => input + typeof(T).Name;
            }
            """);

        Assert.Equal(MigrationStatus.Verified, item.Status);
    }

    [Fact]
    public async Task Scan_AgentByItsInterface_IsFoundWhateverItIsCalled()
    {
        var items = await AllAsync(
            """
            namespace N
            {
                public interface IAgent { string Run(string input); }
                public class GroupManager : IAgent { public string Run(string input) => "group " + input; }
                public class AgentOptions : IAgent { public string Run(string input) => ""; }
                [System.CodeDom.Compiler.GeneratedCode("tool", "1")] public class Proxy_Agent : IAgent { public string Run(string input) => ""; }
            }
            """);

        Assert.Equal(MigrationStatus.Verified, Assert.Single(items).Value.Status);
        Assert.Contains("N.GroupManager", items.Keys);
    }

    [Fact]
    public async Task Verify_ScriptOfAGameEngine_LivesByItsLifecycle()
    {
        var items = await AllAsync(
            """
            namespace UnityEngine { public class MonoBehaviour { } }
            namespace Godot { public class Node { public virtual void _Process(double delta) { } } }
            namespace Game
            {
                public class EnemyAgent : UnityEngine.MonoBehaviour { int _n; void Update() => _n++; public void Move(float x) => _n += (int)x; }
                public class GuideBot : Godot.Node { int _n; public override void _Process(double delta) => _n++; }
                public class OracleAgent : UnityEngine.MonoBehaviour { void Update() { } public string Ask(string question) => question; }
            }
            """);

        Assert.Equal((AgentClass.D, MigrationStatus.Verified, "EnemyAgent ticked 1 time."), (items["Game.EnemyAgent"].Class, items["Game.EnemyAgent"].Status, items["Game.EnemyAgent"].Message));
        Assert.Equal((AgentClass.D, MigrationStatus.Verified, "GuideBot ticked 1 time."), (items["Game.GuideBot"].Class, items["Game.GuideBot"].Status, items["Game.GuideBot"].Message));
        Assert.Equal((AgentClass.A, MigrationStatus.Verified), (items["Game.OracleAgent"].Class, items["Game.OracleAgent"].Status));
    }

    [Fact]
    public async Task Verify_AbstractMemberOfTheAgentBase_IsTheMethod()
    {
        using var compiled = new Compiled(
            "Abstract",
            """
            public class GameState { public string Text { get; set; } = ""; }
            public abstract class Agent { public abstract int Act(GameState state, uint turn); public virtual void HandleAction(string action) { } public void RunForTime(double seconds) { } }
            public class GreedyAgent : Agent { public override int Act(GameState state, uint turn) => (int)turn; public override void HandleAction(string action) { } }
            """);

        var item = Assert.Single((await MigrateAsync(compiled)).Items);

        Assert.Equal("int Act(GameState state, uint turn)", BindingFile.Read(item.File!).Method);
        Assert.Equal((AgentClass.C, MigrationStatus.Verified), (item.Class, item.Status));
    }

    [Fact]
    public async Task Verify_ActorOfAnActorSystem_NamesWhatMakesIt()
    {
        var item = await OnlyAsync(
            """
            namespace Akka.Actor { public interface IInternalActor { } public abstract class UntypedActor : IInternalActor { protected abstract void OnReceive(object message); } }
            namespace App { public class PingAgent : Akka.Actor.UntypedActor { protected override void OnReceive(object message) { } } }
            """);

        Assert.Equal((AgentClass.D, MigrationStatus.Gaps), (item.Class, item.Status));
        Assert.Contains("actor system", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ClassWithNamedInstancesOnly_IsOneOfThem()
    {
        var item = await OnlyAsync(
            """
            using System.Collections.Generic;
            public class Move { private Move(string name) => Name = name; public string Name { get; } public static Move Fold => new("fold"); public static Move Call => new("call"); }
            public class CardBot { public string Play(string table, List<Move> moves) => moves[0].Name; }
            """);

        Assert.Equal(MigrationStatus.Verified, item.Status);
    }

    [Fact]
    public async Task Verify_ContextThatHoldsDataAlone_IsTheTask()
    {
        var item = await OnlyAsync(
            """
            public class IssueContext { public required string Title { get; init; } public int? Number { get; init; } }
            public class TriageAgent { public string Run(IssueContext issue) => issue.Title; }
            """);

        Assert.Equal(MigrationStatus.Verified, item.Status);
    }

    [Fact]
    public async Task Verify_ArgumentThatCannotBeMade_IsNamed()
    {
        var item = await OnlyAsync(
            """
            public class Position { public Position(string board) => throw new System.InvalidOperationException("not here"); }
            public class ChessBot { public string Think(Position position, int seconds) => ""; }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("arguments.position: ", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_UnknownVerbThatTakesAContext_IsTheMethod()
    {
        var item = await OnlyAsync(
            """
            public class GridEnvironment { public int Steps; }
            public class LearnerAgent { public void Next(GridEnvironment env) => env.Steps++; }
            """);

        Assert.Equal((AgentClass.C, MigrationStatus.Verified), (item.Class, item.Status));
    }

    [Fact]
    public async Task Verify_BoardOfTwoDimensions_IsMade()
    {
        var items = await AllAsync(
            """
            public class TicTacBot { public string GetMove(char[,] board) => board.GetLength(0) + "x" + board.GetLength(1); }
            public class SweepBot { public int Choose(int[,] field, int player) => field[2, 2] + player; }
            """);

        Assert.All(items.Values, i => Assert.True(i.Status == MigrationStatus.Verified, i.Message));
    }

    [Fact]
    public void Execute_BoardAsLinesOrRows_FillsTheGrid()
    {
        using var agent = new UniversalAgentAdapter(new GridBot());

        Assert.Equal("O", agent.Execute("X.\n.O").EnsureDone().Output);
        Assert.Equal("O", agent.Execute("""[["X","."],[".","O"]]""").EnsureDone().Output);
    }

    public sealed class GridBot
    {
        public string GetMove(char[,] board) => board[1, 1].ToString();
    }

    [Fact]
    public async Task Verify_PromisedAnswerWithoutArgument_IsTheMethod()
    {
        var item = await OnlyAsync(
            """
            public abstract class Agent { public abstract bool Entails(); public abstract string Name(); }
            public class ChainAgent : Agent { public override bool Entails() => true; public override string Name() => "chain"; }
            """);

        Assert.Equal((AgentClass.B, MigrationStatus.Verified), (item.Class, item.Status));
    }

    [Fact]
    public void Parse_PlainNull_IsTheWord()
    {
        var binding = BindingFile.Parse("kind: object\nname: a\ntype: A\nconstruct:\n- { name: log, from: null }\n");

        Assert.Equal("null", Assert.Single(binding.Construct).From);
    }
}
