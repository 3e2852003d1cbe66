using AgentCore.Adapters.Objects.Migration;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Original and wrapped fail alike: whose fault it is.</summary>
public sealed class VerifyBlameTests
{
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
}
