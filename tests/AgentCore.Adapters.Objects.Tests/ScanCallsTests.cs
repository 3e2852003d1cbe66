using System.Text;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Shapes;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What a program asks its agents by says more than a name.</summary>
public sealed class ScanCallsTests
{
    private const string Two = "public class ShopBot { public string PriceOf(string product) => product; public string StockOf(string product) => product; }";

    [Theory]
    [InlineData("public class App { public string Go(ShopBot bot) => bot.StockOf(\"tea\"); }", "string StockOf(string product)")]
    [InlineData("public class App { public string Go(ShopBot bot) => bot.PriceOf(\"tea\"); } public class Web { public string Go(ShopBot bot) => bot.PriceOf(\"tea\") + bot.StockOf(\"tea\"); }", "string PriceOf(string product)")]
    [InlineData("public class App { public System.Func<string> Go(ShopBot bot) => () => bot.StockOf(\"tea\"); }", "string StockOf(string product)")]
    [InlineData("public class App { public async System.Threading.Tasks.Task<string> Go(ShopBot bot) { await System.Threading.Tasks.Task.Yield(); return bot.StockOf(\"tea\"); } }", "string StockOf(string product)")]
    public void Scan_SeveralWouldDo_ChoosesTheOneThatOthersCall(string callers, string method) => Assert.Equal(method, MethodOf(Two + callers));

    [Fact]
    public void Scan_AgentThatIsBred_IsAskedToDecide() => Assert.Equal("void Decide(double[] input)", MethodOf(
        "public class ShopBot { public ShopBot Crossover(ShopBot partner) => this; public void Mutate(double chance) { } public void Decide(double[] input) { } }"));

    [Fact]
    public void Scan_AgentWhoseWorkIsRollingBack_IsAskedForIt() => Assert.Equal("Task<string> RollbackPlan(string plan)", MethodOf(
        "using System.Threading.Tasks; public class ShopBot { public Task<string> RollbackPlan(string plan) => null; }"));

    [Fact]
    public void Scan_WhatFollowsTheAnswer_IsNotWhatIsAsked() => Assert.Equal("Task<string> BuildPromptAsync()", MethodOf(
        "using System.Threading.Tasks; public abstract class TextBot { public abstract Task<string> BuildPromptAsync(); public virtual Task<string> PostProcessAsync(string answer) => null; } public class ShopBot : TextBot { public override Task<string> BuildPromptAsync() => null; public override Task<string> PostProcessAsync(string answer) => null; }"));

    [Fact]
    public void Scan_CountOfWhatItHas_IsNotWhatIsAsked() => Assert.Equal("bool IsExposed()", MethodOf(
        "public abstract class SpyBot { public abstract int SecretCount(); public abstract bool IsExposed(); } public class ShopBot : SpyBot { public override int SecretCount() => 3; public override bool IsExposed() => true; }"));

    [Fact]
    public void Scan_BasesPlumbingIsCalled_TheClasssOwnQuestionIsAsked() => Assert.Equal("string GetPrice(string product)", MethodOf(
        "public abstract class Db { public void BeginTrans() { } public void CommitTrans() { } } public class ShopBot : Db { public string GetPrice(string product) => product; } public class App { public void Go(ShopBot bot) { bot.BeginTrans(); bot.CommitTrans(); } }"));

    [Fact]
    public void Scan_MostCodeIsBehindOne_ChoosesItAndSaysSo()
    {
        using var compiled = new Compiled("Reach" + Guid.NewGuid().ToString("n")[..8], """
            public class ShopBot
            {
                public string PriceOf(string product) => product.Trim();
                public string StockOf(string product) { var all = Look(product) + Look(product.Trim()); foreach (var c in product) all += Look(c.ToString()); return all; }
                private string Look(string product) { var all = product; for (var i = 0; i < 9; i++) all += product[i % product.Length]; return all.Replace("x", "y").ToUpperInvariant(); }
            }
            """);

        var agent = Assert.Single(new MigrationScanner().Scan(compiled.Path).Agents);

        Assert.Equal("string StockOf(string product)", agent.Binding.Method);
        Assert.Contains("it is what the class's code is for", agent.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_CallsDecide_TheReasonSaysSo()
    {
        using var compiled = new Compiled("Reason" + Guid.NewGuid().ToString("n")[..8], Two + "public class App { public string Go(ShopBot bot) => bot.StockOf(\"tea\"); }");

        Assert.Contains("it is what other classes call", Assert.Single(new MigrationScanner().Scan(compiled.Path).Agents).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public string Run(string text) => throw new System.NotImplementedException(\"Use FixCode\");", "string FixCode(string code, string error)")]
    [InlineData("public async System.Threading.Tasks.Task<string> Run(string text) { throw new System.NotSupportedException(); }", "string FixCode(string code, string error)")]
    [InlineData("public string Run(string text) { System.Console.WriteLine(text); throw new System.NotImplementedException(); }", "string FixCode(string code, string error)")]
    [InlineData("public string Run(string text) { if (text.Length == 0) throw new System.NotSupportedException(); return text; }", "string Run(string text)")]
    [InlineData("public async System.Threading.Tasks.Task<string> Run(string text) { await System.Threading.Tasks.Task.Yield(); if (text.Length == 0) throw new System.NotSupportedException(); return text; }", "Task<string> Run(string text)")]
    [InlineData("public string Run(string text) { while (true) { System.Console.WriteLine(text); } }", "string Run(string text)")]
    [InlineData("public string Run(string text) => throw new System.NotImplementedException(); public string Run(string text, int times = 1) => text;", "string Run(string text, int times)")]
    [InlineData("public System.Func<string> Run(string text) => () => throw new System.NotImplementedException();", "Func<string> Run(string text)")]
    [InlineData("public string Run(string text) => \"Use FixCode.\";", "string FixCode(string code, string error)")]
    [InlineData("public System.Threading.Tasks.Task<string> Run(string text) => System.Threading.Tasks.Task.FromResult(\"Use FixCode.\");", "string FixCode(string code, string error)")]
    [InlineData("public async System.Threading.Tasks.Task<string> Run(string text) => \"Use FixCode.\";", "string FixCode(string code, string error)")]
    [InlineData("public void Run(string text) { }", "string FixCode(string code, string error)")]
    [InlineData("public async System.Threading.Tasks.Task Run(string text) { await System.Threading.Tasks.Task.CompletedTask; }", "string FixCode(string code, string error)")]
    [InlineData("private string _last; public string Run(string text) => _last;", "string Run(string text)")]
    [InlineData("private int _runs; public void Run(string text) => _runs = 1;", "void Run(string text)")]
    [InlineData("public async System.Threading.Tasks.Task<string> Run(string text) { await System.Threading.Tasks.Task.Delay(1); return \"done\"; }", "Task<string> Run(string text)")]
    [InlineData("public async System.Threading.Tasks.Task<string> Run(string text) => text;", "Task<string> Run(string text)")]
    [InlineData("public static string Run(string text) => text;", "string Run(string text)")]
    public void Scan_MethodThatDoesNothing_GoesBehindOthers(string run, string method) => Assert.Equal(
        method, MethodOf($"public class ShopBot {{ {run} public string FixCode(string code, string error) => code; }}"));

    [Theory]
    [InlineData("throw new System.NotImplementedException(\"Use MendCode\")", "string MendCode(string code)")]
    [InlineData("\"yes\"", "string Run(string text)")]
    public void Scan_RestHasNoKnownVerb_OnlyWhatRefusesGivesWay(string run, string method) => Assert.Equal(
        method, MethodOf($"public class ShopBot {{ public string Run(string text) => {run}; public string MendCode(string code) => code; }}"));

    [Theory]
    [InlineData("public string PriceOf(string product) => product; public string DraftOffer(string product) => product; public string DraftLetter(string product) => product;", "string DraftOffer(string product)")]
    [InlineData("public string DraftLetter(string product) => product; public string DraftOffer(string product) => product;", "string DraftLetter(string product)")]
    public void Scan_SeveralAreAsGood_TakesWhatStandsFirst(string members, string method) => Assert.Equal(method, MethodOf($"public class ShopBot {{ {members} }}"));

    [Fact]
    public void Scan_MadeOnALiveState_IsTheMove() => Assert.Equal(
        "int TakeTurn(IBoard board)",
        MethodOf("public interface IBoard { } public interface IPlayer { int ProposeBoard(int rows, int columns); int TakeTurn(IBoard board); } public class ShopBot : IPlayer { public int ProposeBoard(int rows, int columns) => rows * columns; public int TakeTurn(IBoard board) => board.GetHashCode(); }"));

    [Fact]
    public void Scan_TitleOfWhatIsSaid_IsAPart() => Assert.Equal(
        "string SendMessage(int chat, string text)",
        MethodOf("public class ShopBot { public string SendMessage(int chat, string text) => text + chat; public string GenerateTitle(string text) => text; }"));

    [Fact]
    public void Scan_PlayerThatAlwaysSaysTheSame_IsAskedAndNotTold() => Assert.Equal(
        "int ChooseMove(int[] grid)", MethodOf("public class ShopBot { public int ChooseMove(int[] grid) => 0; public string Last; public void Notify(string other) => Last = other; }"));

    [Fact]
    public void Scan_OnlyMethodDoesNothing_IsChosenAllTheSame() => Assert.Equal(
        "string Run(string text)", MethodOf("public class ShopBot { public string Run(string text) => throw new System.NotImplementedException(); }"));

    [Fact]
    public void Scan_CalledThroughAnInterface_Counts() => Assert.Equal(
        "string StockOf(string product)",
        MethodOf("public interface IStock { string StockOf(string product); } public class ShopBot : IStock { public string PriceOf(string product) => product; public string StockOf(string product) => product; } public class App { public string Go(IStock s) => s.StockOf(\"tea\"); }"));

    [Fact]
    public void Scan_CalledOfAnOpenGeneric_Counts() => Assert.Equal(
        "T StockOf(T product)",
        MethodOf("public class ShopBot<T> { public T PriceOf(T product) => product; public T StockOf(T product) => product; } public class App { public string Go(ShopBot<string> bot) => bot.StockOf(\"tea\"); }"));

    [Fact]
    public void Scan_CalledByItselfOrWhatDerivesFromIt_SaysNothing() => Assert.Equal(
        "string PriceOf(string product)",
        MethodOf("public abstract class Shop { public string PriceOf(string product) => product; public string StockOf(string product) => product; } public class ShopBot : Shop { string Own() => StockOf(\"tea\"); class Inner { string Of(ShopBot b) => b.Own(); } } public class Kiosk : Shop { string Own() => StockOf(\"tea\"); }"));

    [Fact]
    public void Scan_NamedByANounThatOthersCall_GoesBeforeItsHelper() => Assert.Equal(
        "int Investigation()",
        MethodOf("public class ShopBot { public int Investigation() => SelectPart(\"tea\") + 1; public int SelectPart(string part) => part.Length; } public class App { public int Go(ShopBot bot) => bot.Investigation(); }"));

    [Fact]
    public void Scan_HookThatItsBaseCalls_IsWhatItDoes() => Assert.Equal(
        "int GetMove(int[] grid)",
        MethodOf("public abstract class Gamer { public void MakeMove(int[] grid) => grid[GetMove(grid)] = 1; protected internal abstract int GetMove(int[] grid); } public class ShopBot : Gamer { protected internal override int GetMove(int[] grid) => grid.Length; } public class App { public void Go(Gamer g) => g.MakeMove(new int[9]); }".Replace("protected internal", "public", StringComparison.Ordinal)));

    [Fact]
    public void Scan_OnlyNamesThatSayNothing_TakesWhatOthersCall() => Assert.Equal(
        "int Activate(string[] guesses)",
        MethodOf("public class ShopBot { public static void Pri(ShopBot bot) { } public int Activate(string[] guesses) => 1; } public class App { public int Go(ShopBot bot) => bot.Activate(null); }"));

    [Fact]
    public void Scan_OverloadThatOthersCall_IsToldByItsParameters() => Assert.Equal(
        "string PriceOf(string product, int amount)",
        MethodOf("public class ShopBot { public string PriceOf(string product) => product; public string PriceOf(string product, int amount) => product; } public class App { public string Go(ShopBot bot) => bot.PriceOf(\"tea\", 2); }"));

    [Fact]
    public void Scan_CalledByTheProgramBesideIt_Counts()
    {
        using var agents = new Compiled("ShopAgents", Two);
        using var program = new Compiled("ShopApp", "public class App { public string Go(ShopBot bot) => bot.StockOf(\"tea\"); }", agents.Path);
        File.Copy(program.Path, Path.Combine(agents.Folder, "ShopApp.dll"));
        File.WriteAllText(Path.Combine(agents.Folder, "Broken.dll"), "no assembly");

        Assert.Equal("string StockOf(string product)", Assert.Single(new MigrationScanner().Scan(agents.Path).Agents).Binding.Method);
    }

    [Fact]
    public void Scan_StandardVerbThatNobodyCallsHere_StaysBeforeAHelperThatOthersCall() => Assert.Equal(
        "string Run(string text)",
        MethodOf("public class ShopBot { public string Run(string text) => text; public string StockOf(string product) => product; } public class App { public string Go(ShopBot bot) => bot.StockOf(\"tea\"); }"));

    [Fact]
    public void Scan_CalledByAClassWithinIt_SaysNothing() => Assert.Equal(
        "string PriceOf(string product)",
        MethodOf("public class ShopBot { public string PriceOf(string product) => new Inner().Of(this); public string StockOf(string product) => product; class Inner { public string Of(ShopBot bot) => bot.StockOf(\"tea\"); } }"));

    [Theory]
    [InlineData("async Task<string> Investigation(string[] all) => string.Concat(await Task.WhenAll(all.Select(async part => { await Task.Yield(); return SelectPart(part); })));")]
    [InlineData("async Task<string> Investigation(string[] all) { return await One(); async Task<string> One() { await Task.Yield(); return SelectPart(all[0]); } }")]
    [InlineData("Task<string> Investigation(string[] all) => Task.FromResult(all[0]); class VB_StateMachine_1_Investigation { string MoveNext(ShopBot bot) => bot.SelectPart(null); }")]
    [InlineData("Task<string> Investigation(string[] all) => Task.FromResult(all[0]); class Investigation_12_3 { string Invoke(ShopBot bot) => bot.SelectPart(null); }")]
    [InlineData("Task<string> Investigation(string[] all) => Task.FromResult(all[0]); } namespace _StartupCode_Shop_ { class _S { class Investigation_12_3 { string Invoke(ShopBot bot) => bot.SelectPart(null); } }")]
    public void Scan_HelperOfABodyThatACompilerKeepsApart_IsNotWhatItDoes(string body) => Assert.Equal(
        "Task<string> Investigation(string[] all)",
        MethodOf($"using System.Linq; using System.Threading.Tasks; public class App {{ public Task<string> Go(ShopBot bot) => bot.Investigation(null); }} public class ShopBot {{ public string SelectPart(string part) => part; public {body} }}"));

    [Fact]
    public void Scan_HelperOfAnExplicitMethod_IsNotWhatItDoes() => Assert.Equal(
        "Task<string> Investigation()",
        MethodOf("using System.Threading.Tasks; public interface IAsk { Task<string> Investigation(); } public class ShopBot : IAsk { async Task<string> IAsk.Investigation() { await Task.Yield(); return SelectPart(null); } public string SelectPart(string part) => part; } public class App { public Task<string> Go(IAsk bot) => bot.Investigation(); }"));

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void Scan_MethodThatCannotBeRead_KeepsTheRest(byte header)
    {
        using var compiled = new Compiled("Odd" + Guid.NewGuid().ToString("n")[..8], "public class Aaa { public long Odd() => 0x1122334455667788; } " + Two + "public class App { public string Go(ShopBot bot) => bot.StockOf(\"tea\"); }");
        var bytes = File.ReadAllBytes(compiled.Path);
        // The header is one byte, and the number is loaded first.
        bytes[bytes.AsSpan().IndexOf(BitConverter.GetBytes(0x1122334455667788)) - 2] = header;
        File.WriteAllBytes(compiled.Path, bytes);

        Assert.Equal("string StockOf(string product)", Assert.Single(new MigrationScanner().Scan(compiled.Path).Agents).Binding.Method);
    }

    [Fact]
    public void Of_FileThatSeveralUse_IsReadOnce()
    {
        using var compiled = new Compiled("Shared" + Guid.NewGuid().ToString("n")[..8], Two);
        var first = FileCalls.Of(compiled.Path);
        var again = FileCalls.Of(compiled.Path);
        File.SetLastWriteTimeUtc(compiled.Path, DateTime.UnixEpoch);
        var changed = FileCalls.Of(compiled.Path);

        Assert.Same(first, again);
        Assert.NotSame(first, changed);
    }

    private static string? MethodOf(string source)
    {
        using var compiled = new Compiled("Called" + Guid.NewGuid().ToString("n")[..8], source);
        // As Visual Basic and F# name what no C# may be called.
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(compiled.Path)).Replace("VB_State", "VB$State", StringComparison.Ordinal)
            .Replace("Investigation_12_3", "Investigation@12-3", StringComparison.Ordinal).Replace("_StartupCode_Shop_", "<StartupCode$Shop>", StringComparison.Ordinal);
        File.WriteAllBytes(compiled.Path, Encoding.Latin1.GetBytes(text));
        return new MigrationScanner().Scan(compiled.Path).Agents.Single(a => a.Type.StartsWith("ShopBot", StringComparison.Ordinal)).Binding.Method;
    }
}
