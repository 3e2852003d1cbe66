using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Original and wrapped fail alike: whose fault it is.</summary>
public sealed class VerifyBlameTests
{
    [Theory]
    [InlineData("public interface IPart { int Of(string text); } public class OwnPart : IPart { public int Of(string text) => ((string)null).Length; } public class LostPart : IPart { public LostPart(Lost lost) { } public int Of(string text) => 1; } public class Settings { public string Name { get; set; } } public class PartBot { private readonly IPart _part; public PartBot(IPart part, Settings settings) => _part = part; public int Ask(string text) => _part.Of(text); }", MigrationStatus.Gaps)]
    [InlineData("public class PartBot { public Lost Part { get; set; } private string _text; public int Ask(string text) => _text.Length; }", MigrationStatus.SameError)]
    public async Task Verify_LibraryThatAnotherPartNames_IsNotWhatFails(string source, MigrationStatus status)
    {
        using var lost = new Compiled("Lost" + Guid.NewGuid().ToString("n")[..8], "public class Lost { }");

        var item = await OnlyAsync(source, 10, lost.Path);

        Assert.True(item.Status == status, $"{item.Status} {item.Message}");
        Assert.DoesNotContain(nameof(FileNotFoundException), item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FailsInWhatConventionMade_NamesItAsAGap()
    {
        var item = await OnlyAsync(
            """
            public class Store { private string _path; public string Read() => _path.Trim(); }
            public class ReaderAgent { private readonly Store _store; public ReaderAgent(Store store) { _store = store; } public string Run(string input) => _store.Read(); }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("construct.store: made by convention", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_LooksIntoAnEmptyObject_NamesTheArgument()
    {
        var item = await OnlyAsync(
            """
            public class Board { public System.IDisposable Owner; public int Size() => 3; }
            public class BoardBot { public int GetMove(Board board) => board.Owner.GetHashCode() - board.Owner.GetHashCode(); }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("arguments.board", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NeedsAProgramThatIsNotThere_NamesTheSurroundings()
    {
        var items = await AllAsync(
            """
            using System;
            public class EngineBot { public EngineBot() { System.IO.File.ReadAllText("/no/engine/here"); } public string GetMove(string board) => board; }
            public class KeyAgent { public string Run(string input) => throw new InvalidOperationException("SHOP_API_KEY is missing"); }
            public class SocketBot { public void Start() => throw new InvalidOperationException("no server", new System.IO.IOException("connection refused")); public void Stop() { } }
            """);

        Assert.All(items.Values, i => Assert.Equal(MigrationStatus.Gaps, i.Status));
        Assert.All(items.Values, i => Assert.StartsWith("surroundings: it needs what isn't here", i.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_MustBeSetUpFirst_NamesTheCallOrTheProperty()
    {
        var items = await AllAsync(
            """
            public class Player { public int X; }
            public class WalkerBot { private Player _player; public void Init(Player player, int id) => _player = player; public int Move() => _player.X; }
            public class MinerBot { public Player Info { get; set; } public string Play(string map) => map + Info.X; }
            """);

        Assert.All(items.Values, i => Assert.Equal(MigrationStatus.Gaps, i.Status));
        Assert.StartsWith("lifecycle.initialize: it wants void Init(Player player, int id) called first", items["WalkerBot"].Message, StringComparison.Ordinal);
        Assert.StartsWith("construct.Info", items["MinerBot"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_TypeThatConventionChoseForAMethod_IsNamedWhereItFails()
    {
        var item = await OnlyAsync(
            """
            public class NoHandlerException<T> : System.Exception { public NoHandlerException() : base("numbers alone") { } }
            public class TypedAgent { public string Ask<T>(T message) => typeof(T) == typeof(int) ? "number" : throw new NoHandlerException<T>(); }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("typeArguments: with System.String", item.Message, StringComparison.Ordinal);
        Assert.EndsWith("NoHandlerException: numbers alone", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FailsByItsOwnDoing_StaysTheSameError()
    {
        var item = await OnlyAsync(
            """
            public class Notes { public string Text => "n"; }
            public class DraftAgent { public DraftAgent(Notes notes) { } public string Run(string input) => throw new System.NotSupportedException("not yet"); }
            """);

        Assert.Equal(MigrationStatus.SameError, item.Status);
        Assert.Contains("not yet", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_InternalBot_IsRunByItsInternalMethod()
    {
        var items = await AllAsync(
            """
            internal class Bot { internal Bot() { } internal string ExecuteTurn(int map, int players) => "up"; }
            public class OpenBot { internal string Play(string board) => "down"; }
            """);

        Assert.All(items.Values, i => Assert.Equal(MigrationStatus.Verified, i.Status));
        Assert.Equal((AgentClass.C, AgentClass.B), (items["Bot"].Class, items["OpenBot"].Class));
    }

    [Fact]
    public async Task Verify_TypeArgumentNobodyCanChoose_NamesTheConstraint()
    {
        var item = await OnlyAsync(
            """
            public interface IState { } public class Hot : IState { } public class Cold : IState { }
            public class StateAgent<TState> where TState : IState, new() { public string Run(string input) => input; }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.Contains("one for TState : IState, new()", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ArgumentThatNoDataMakes_IsNamed()
    {
        var item = await OnlyAsync(
            """
            using System.Collections; using System.Collections.Generic;
            public class Tags : IEnumerable<KeyValuePair<int, int>>
            {
                public Tags(int entity, string owner) { }
                public IEnumerator<KeyValuePair<int, int>> GetEnumerator() { yield break; }
                IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
            }
            public class Game { public Game(Tags tags) { } }
            public class CardBot { public string GetMove(Game game) => "pass"; }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("arguments.game", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_PartMadeOfTheSameDefaults_BlamesBoth()
    {
        var item = await OnlyAsync(
            """
            public class ShopOptions { public string Address { get; set; } = ""; }
            public class Line { private readonly ShopOptions _o; public Line(ShopOptions options) => _o = options; public string Ask(string text) => new System.Uri(_o.Address).Host + text; }
            public class ShopAgent { private readonly Line _line; public ShopAgent(ShopOptions options, Line line) => _line = line; public string Ask(string text) => _line.Ask(text); }
            """);

        Assert.StartsWith("construct.options, construct.line: made by convention, it fails", item.Message, StringComparison.Ordinal);
    }
}
