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
    public async Task Verify_OwnFieldThatNobodySet_NamesTheCallThatSetsIt()
    {
        var items = await AllAsync(
            """
            public class State { public int[] Cells = new int[2]; }
            public class LearnerBot { private double[] _values; public void ExperimentStarted(string description) => _values = new double[2]; public double GetMove(State state) => _values[state.Cells[0]]; }
            public class MemoBot { public double[] Values { get; set; } public double GetMove(State state) => Values[state.Cells[0]]; }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants void ExperimentStarted(string description) called first", items["LearnerBot"].Message, StringComparison.Ordinal);
        Assert.StartsWith("construct.Values", items["MemoBot"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ThrowsWhereItsOwnFieldIsEmpty_NamesTheCallThatSetsIt()
    {
        var items = await AllAsync(
            """
            using System;
            public class NobodyException : Exception { }
            public class InvestBot { private object _game; private object _fees; public void UpdateGame(object game) => _game = game; public int Invest(int money) { if (_game == null) throw new NobodyException(); return money; } }
            public class LuckyBot { private object _game = new object(); public void UpdateGame(object game) => _game = game; public int Invest(int money) { if (_game != null) throw new NobodyException(); return money; } }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants void UpdateGame(object game) called first", items["InvestBot"].Message, StringComparison.Ordinal);
        Assert.Equal(MigrationStatus.SameError, items["LuckyBot"].Status);
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
}
