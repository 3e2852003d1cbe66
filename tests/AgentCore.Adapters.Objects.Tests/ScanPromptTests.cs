using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Classes that no name tells, but what their code says to a model.</summary>
public sealed class ScanPromptTests
{
    private const string Prompt = "You are an expert who sorts the tickets of a shop by how urgent they are.";

    [Theory]
    [InlineData(Prompt, true)]
    [InlineData("\n  # System: You are the reviewer of a bank and look for risks.", true)]
    [InlineData("You are Hermes, who carries messages between the gods and people.", true)]
    [InlineData("Eres un asistente que ordena los billetes de una tienda por urgencia.", true)]
    [InlineData("Du bist ein Fachmann, der die Anfragen eines Ladens nach Dringlichkeit sortiert.", true)]
    [InlineData("你是一位资深的解决方案架构师，请根据以下需求和选定的方案，产出一份完整的实作规划书，并说明所有的风险与成本，以及后续步骤。", true)]
    [InlineData("You are not allowed to do that here, whatever you say to us.", false)]
    [InlineData("You are NOT authorized to see what is kept in this folder.", false)]
    [InlineData("Вы не можете оформить заказ, пока не войдёте в свою учётную запись.", false)]
    [InlineData("Ты — опытный ассистент магазина и отвечаешь на вопросы покупателей.", true)]
    [InlineData("Jesteś pewien, że chcesz usunąć wszystkie te zamówienia na zawsze?", false)]
    [InlineData("Je bent niet ingelogd en kunt deze bestelling daarom nog niet zien.", false)]
    [InlineData("您是否确定要删除这些订单？此操作无法撤销，请在继续之前仔细检查所有的内容，并联系管理员以获得更多的帮助。", false)]
    [InlineData("You are a guest.", false)]
    [InlineData("The shop is open from nine to five on all days but Sunday.", false)]
    public void Scan_TextInTheCode_IsAPromptWhereItTellsAModelWhoItIs(string text, bool found) =>
        Assert.Equal(found, Found($"public class TicketSorter {{ public async Task<string> SortAsync(string ticket) {{ await Task.Yield(); return {Literal(text)} + ticket; }} }}"));

    [Fact]
    public void Scan_PromptThatGoesOnWithAName_IsOne() =>
        Assert.True(Found("public class TicketSorter { public Task<string> SortAsync(string ticket, string name) => Task.FromResult($\"You are {name}, who sorts tickets.\" + ticket); }"));

    [Theory]
    [InlineData("public class TicketSorter { private readonly Func<string> _prompt = () => @; public Task<string> SortAsync(string ticket) => null; }", true)]
    [InlineData("public class Rater { private const string Role = @; public Task<double> RateAsync(Order order) => Task.FromResult((double)Role.Length); }", true)]
    [InlineData("public class Interpreter { public Task<string> InterpretAsync(string text) => Task.FromResult(@); }", true)]
    [InlineData("public class TicketPrompts { public Task<string> SortAsync(string ticket) => Task.FromResult(@); }", false)]
    [InlineData("public class TicketOptions { public Task<string> SortAsync(string ticket) => Task.FromResult(@); }", false)]
    [InlineData("public class TicketSorter { public string Sort(string ticket) => @; }", false)]
    [InlineData("public class TicketSorter { public Task SortAsync(string ticket) => Task.FromResult(@); }", false)]
    [InlineData("public class TicketSorter { public Task<string> SortAsync() => Task.FromResult(@); }", false)]
    [InlineData("public class TicketSorter { public Task<string> Frobnicate(string ticket) => Task.FromResult(@); }", false)]
    public void Scan_ClassWithAPrompt_IsAnAgentWhereItIsAskedAndAnswersLater(string source, bool found) =>
        Assert.Equal(found, Found(source.Replace("@", Literal(Prompt), StringComparison.Ordinal)));

    [Fact]
    public void Scan_PromptWithoutAnythingToReachAModelBy_SaysNothing()
    {
        using var compiled = new Compiled("Deaf" + Guid.NewGuid().ToString("n")[..8], $"using System.Threading.Tasks; public class TicketSorter {{ public Task<string> SortAsync(string ticket) => Task.FromResult({Literal(Prompt)} + ticket); }}");

        Assert.Empty(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents);
    }

    [Fact]
    public void Scan_TextAsLongAsABook_EndsAtOnceWithoutAProblem()
    {
        var text = new string(' ', 3_000_000);
        using var compiled = new Compiled("Book" + Guid.NewGuid().ToString("n")[..8], $"using System.Threading.Tasks; public class Reach {{ public System.Net.Http.HttpClient Http; }} public class TicketSorter {{ public Task<string> SortAsync(string ticket) => Task.FromResult(\"{text}\" + ticket); }}");

        var report = new MigrationScanner(new ScanOptions()).Scan([compiled.Path]);

        Assert.Empty(report.Problems);
        Assert.Empty(report.Agents);
    }

    [Fact]
    public void Scan_PromptOfAnotherClass_SaysNothing() =>
        Assert.False(Found($"public class Sorter {{ public Task<string> SortAsync(string ticket) => null; }} public static class Texts {{ public static string Role() => {Literal(Prompt)}; }}"));

    [Fact]
    public void Scan_TypePatternOfAll_LeavesOutWhatTheCompilerWrote()
    {
        using var compiled = new Compiled("Patterns", "public class TicketSorter { public string Sort(string[] t) { System.Array.Sort(t, (a, b) => a.Length - b.Length); return t[0]; } }");

        Assert.Equal("TicketSorter", Assert.Single(new MigrationScanner(new ScanOptions { Types = ["*"] }).Scan([compiled.Path]).Agents).Type);
    }

    [Theory]
    [InlineData("public class MonteCarloPlayer2 { public int[] action(int[] board) => board; }", "action")]
    [InlineData("public abstract class BasePlayer { public abstract bool IsPlaying(); public virtual void Recebe(int n) { } } public class FlipPlayer : BasePlayer { public override bool IsPlaying() => true; }", "IsPlaying")]
    public void Scan_Player_MakesTheMoveThatItsBaseLeavesToIt(string source, string method)
    {
        using var compiled = new Compiled("Players" + Guid.NewGuid().ToString("n")[..8], source);

        Assert.Contains($" {method}(", Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Method, StringComparison.Ordinal);
    }

    private static bool Found(string source)
    {
        using var compiled = new Compiled("Prompts" + Guid.NewGuid().ToString("n")[..8], "using System; using System.Threading.Tasks; public class Order { public int Amount { get; set; } } public class Reach { public System.Net.Http.HttpClient Http; } " + source);
        return new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents.Count > 0;
    }

    private static string Literal(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
