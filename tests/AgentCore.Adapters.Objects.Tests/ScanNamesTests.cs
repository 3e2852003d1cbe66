using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Method names as small repositories have them.</summary>
public sealed class ScanNamesTests
{
    [Theory]
    [InlineData("public void prepareToBattle() { } public int randomShot() => 7; public int getShips() => 2;", "int randomShot()")]
    [InlineData("public string NextMove(string board) => board; public int CountOf(string board) => 1; public string ToText(string board) => board;", "string NextMove(string board)")]
    [InlineData("public string bestAction(int state) => \"up\"; public void Reset() { } public double Relation(int other) => 1;", "string bestAction(int state)")]
    [InlineData("public void BuildFromFile(string path) { } public bool Entails(string query) => true; public bool Solve(string query) => true;", "bool Solve(string query)")]
    [InlineData("public string Prepare(string text) => text;", "string Prepare(string text)")]
    public void Scan_NameOfSmallRepository_ChoosesTheMove(string members, string method)
    {
        using var compiled = new Compiled("Names" + Guid.NewGuid().ToString("n")[..8], $"public class FieldBot {{ {members} }}");

        var agent = Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents);

        Assert.Equal((AgentClass.B, method), (agent.Class, agent.Binding.Method));
    }

    [Theory]
    [InlineData("public string GetTranslation(string text, int language) => text;", AgentClass.C, "string GetTranslation(string text, int language)")]
    [InlineData("public int GetShips(int[] grid) => 2;", AgentClass.B, "int GetShips(int[] grid)")]
    [InlineData("public int GetShips() => 2; public string Name => \"n\";", AgentClass.E, null)]
    [InlineData("public int GetShips(int[] grid) => 2; public string Play(string board) => board;", AgentClass.B, "string Play(string board)")]
    [InlineData("public string Tick(string percept) => percept;", AgentClass.B, "string Tick(string percept)")]
    [InlineData("public void Update(string weather) { }", AgentClass.B, "void Update(string weather)")]
    [InlineData("public void Update(string weather) { } public void Stop() { }", AgentClass.D, null)]
    [InlineData("public string Start(string input) => input;", AgentClass.B, "string Start(string input)")]
    [InlineData("public string GetRecord(int id) => \"r\";", AgentClass.E, null)]
    [InlineData("public void OnGameStarted(string game) { } public int GetMoveIndex(string board, int player) => 1;", AgentClass.C, "int GetMoveIndex(string board, int player)")]
    [InlineData("public void SendGameState(string state) { } public string PlayCard(string table) => table;", AgentClass.B, "string PlayCard(string table)")]
    [InlineData("public string ProcessTranscriptFile(string path) => path; public string AnalyzeTranscript(string text) => text;", AgentClass.B, "string AnalyzeTranscript(string text)")]
    [InlineData("public FieldBot FindBest() => this; public void Withdraw(string amount) { }", AgentClass.B, "FieldBot FindBest()")]
    [InlineData("public void HandleOpponentsShot(int shot) { } public int SelectTarget() => 7;", AgentClass.B, "int SelectTarget()")]
    [InlineData("public string HandleUserMessage(string text) => text; public int SelectTarget() => 7;", AgentClass.A, "string HandleUserMessage(string text)")]
    [InlineData("public string get_bot_response(string input) => input;", AgentClass.B, "string get_bot_response(string input)")]
    [InlineData("public string ProcesarAsync(string texto) => texto; public string Titulo(string texto) => texto;", AgentClass.A, "string ProcesarAsync(string texto)")]
    [InlineData("public string RépondreAsync(string texte) => texte; public string Titre(string texte) => texte;", AgentClass.A, "string RépondreAsync(string texte)")]
    [InlineData("public static string GeneratePairId(string a) => a; public string Befördern(string was) => GeneratePairId(was);", AgentClass.B, "string Befördern(string was)")]
    [InlineData("public bool CompareAll() => true; public void Investigation(string sensor) { }", AgentClass.B, "void Investigation(string sensor)")]
    [InlineData("public bool ExecuteNext() => true; public bool PlanFor(string goal) => true;", AgentClass.B, "bool PlanFor(string goal)")]
    [InlineData("private int _runs; public bool Execute() => _runs++ > 0; public string Title(string goal) => goal;", AgentClass.B, "bool Execute()")]
    [InlineData("public void Activate(int humidity) { }", AgentClass.B, "void Activate(int humidity)")]
    [InlineData("public System.Threading.Tasks.Task<string> GetPricesAsync() => null;", AgentClass.B, "Task<string> GetPricesAsync()")]
    [InlineData("public void Step() { } public bool CheckEnergy() => true;", AgentClass.D, null)]
    [InlineData("public void StartPollingClient() { }", AgentClass.D, null)]
    [InlineData("public static void Main(string[] args) { }", AgentClass.D, null)]
    public void Scan_QuestionNamedAfterItsAnswer_IsTakenWhereThereIsNoOther(string members, AgentClass agentClass, string? method)
    {
        using var compiled = new Compiled("Asked" + Guid.NewGuid().ToString("n")[..8], $"public class FieldBot {{ {members} }}");

        var agent = Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents);

        Assert.Equal((agentClass, method), (agent.Class, agent.Binding.Method));
    }

    [Fact]
    public void Scan_UpdateThatAnAgentsInterfacePromises_IsWhatTheAgentIsTold()
    {
        using var compiled = new Compiled("Told" + Guid.NewGuid().ToString("n")[..8], "public interface IWeatherBot { void Update(double humidity); } public class RainBot : IWeatherBot { public void Update(double humidity) { } }");

        Assert.Equal("void Update(double humidity)", Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Method);
    }

    [Fact]
    public void Scan_GenericInterfaceThatIsImplementedExplicitly_IsRead()
    {
        using var compiled = new Compiled("Explicit" + Guid.NewGuid().ToString("n")[..8], "public interface IAsk<T> { T Consult(T question); } public class AskBot : IAsk<string> { string IAsk<string>.Consult(string question) => question; }");

        Assert.Equal("string Consult(string question)", Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Method);
    }

    [Fact]
    public void Scan_ExtensionThatGivesBackWhatItExtends_OnlyConfigures()
    {
        using var compiled = new Compiled("Fluent" + Guid.NewGuid().ToString("n")[..8], "public class Routes { } public static class ChatAgent { public static Routes ChatAgentEndpoints(this Routes app) => app; }");

        Assert.Equal(AgentClass.E, Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Class);
    }

    [Fact]
    public void Scan_ServiceOfAnAgentsName_IsOneWhereItIsAsked()
    {
        using var compiled = new Compiled(
            "Served" + Guid.NewGuid().ToString("n")[..8],
            """
            using System.Threading.Tasks;
            public class Dto { public int Id { get; set; } }
            public class AgentService { public Task<string> ProcessAsync(Dto request) => null; }
            public class ChatBotService { public Task<string> GetReplyAsync(string message) => null; }
            public class AgentRecordService { public Task<Dto> CreateAsync(Dto agent) => null; public Task<Dto> GetByIdAsync(int id) => null; }
            public class TelegramBotService { public Task SendMessageAsync(long chat, string text) => null; }
            """);

        Assert.Equal(["AgentService", "ChatBotService"], new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents.Select(a => a.Type).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Scan_HandlerOfAHostedService_IsNoQuestion()
    {
        using var compiled = new Compiled(
            "Polled" + Guid.NewGuid().ToString("n")[..8],
            """
            using System.Threading; using System.Threading.Tasks;
            namespace Microsoft.Extensions.Hosting { public interface IHostedService { Task StartAsync(CancellationToken t); Task StopAsync(CancellationToken t); } }
            public interface IClient { } public class Update { }
            public class PollBot : Microsoft.Extensions.Hosting.IHostedService { public Task StartAsync(CancellationToken t) => null; public Task StopAsync(CancellationToken t) => null; public Task HandleUpdateAsync(IClient client, Update update, CancellationToken t) => null; }
            """);

        Assert.Equal(AgentClass.D, Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Class);
    }

    [Fact]
    public void Scan_Program_NamesWhatToWrapInItsPlace()
    {
        using var compiled = new Compiled("Program" + Guid.NewGuid().ToString("n")[..8], "public class LineBot { static void Main() { } }");

        var gap = Assert.Single(Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Gaps);

        Assert.Equal("construct.instance", gap.At);
        Assert.Contains("kind: process", gap.Needs, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_HelperOfABase_IsNoTemplateMethod()
    {
        using var compiled = new Compiled(
            "Helper" + Guid.NewGuid().ToString("n")[..8],
            "public abstract class BaseAgent { protected string ExecuteChat(string system, string user) => system + user; } public class RuleAgent : BaseAgent { public string ExtractRules(string source, int line) => ExecuteChat(source, source); }");

        Assert.Equal("string ExtractRules(string source, int line)", Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Method);
    }

    [Fact]
    public void Scan_WhatOneOfItsOwnIsCalled_IsAGapWhereThereAreSeveral()
    {
        using var compiled = new Compiled("Choice" + Guid.NewGuid().ToString("n")[..8], "using System.Collections.Generic; public class SkillAgent { public string ExecuteFunction(string function, IDictionary<string, object> arguments) => function; }");

        Assert.Equal("arguments.function", Assert.Single(Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Gaps).At);
    }

    [Fact]
    public void Scan_IdBesideAKey_IsOneThatIsThereAlready()
    {
        using var compiled = new Compiled(
            "Ids" + Guid.NewGuid().ToString("n")[..8],
            "public class CloudAgent { public CloudAgent(string agentId, string endpoint) { } public string Ask(string q) => q; } public class HomeAgent { public HomeAgent(string agentId) { } public string Ask(string q) => q; }");

        var agents = new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents.ToDictionary(a => a.Type, a => a.Binding.Gaps.Select(g => g.At));

        Assert.Equal(["construct.agentId", "construct.endpoint"], agents["CloudAgent"]);
        Assert.Empty(agents["HomeAgent"]);
    }

    [Theory]
    [InlineData("public class ShopAgent { public ShopAgent(ShopContext context) { } public string Ask(string q) => q; }", "construct.context")]
    [InlineData("public class ShopAgent { public string Ask(string q, ShopContext context) => q; }", "arguments.context")]
    [InlineData("public interface IStore { } public class SqlStore : IStore { public SqlStore(ShopContext context) { } } public class ShopAgent { public ShopAgent(IStore store) { } public string Ask(string q) => q; }", "construct.store")]
    [InlineData("public class ShopAgent { public string Ask(string q, Microsoft.SemanticKernel.Kernel kernel) => q; }", "arguments.kernel")]
    public void Scan_WhatIsEmptyAlone_IsNeverMadeByConvention(string source, string gap)
    {
        using var compiled = new Compiled(
            "Data" + Guid.NewGuid().ToString("n")[..8],
            $"namespace Microsoft.SemanticKernel {{ public class Kernel {{ }} }} namespace Microsoft.EntityFrameworkCore {{ public class DbContext {{ }} }} public class ShopContext : Microsoft.EntityFrameworkCore.DbContext {{ }} {source}");

        Assert.Equal(gap, Assert.Single(Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Gaps).At);
    }

    [Fact]
    public void Scan_KeyThatIsAGuid_IsASecretAndNoFreshId()
    {
        using var compiled = new Compiled("Keys" + Guid.NewGuid().ToString("n")[..8], "public class KeyAgent { public KeyAgent(System.Guid apiKey, System.Guid id) { } public string Ask(string q) => q; }");

        var gap = Assert.Single(Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Gaps);

        Assert.Equal("construct.apiKey", gap.At);
        Assert.StartsWith("a secret", gap.Needs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public string CheckStyle(string text) => text; public string WriteReport(string text) => text;", true)]
    [InlineData("public string Chat(string text) => text; public IEnumerable<string> ChatStream(string text) => null;", false)]
    [InlineData("public string Run(string text) => text; public string CheckStyle(string text) => text;", false)]
    [InlineData("public string ReviewCode(string text) => text; public string Name(string language) => language;", false)]
    public void Scan_AnotherMethodIsNearlyAsLikely_TheReasonNamesIt(string methods, bool near)
    {
        using var compiled = new Compiled("Rivals" + Guid.NewGuid().ToString("n")[..8], $"using System.Collections.Generic; public class HelpAgent {{ {methods} }}");

        Assert.Equal(near, Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Why.EndsWith("is nearly as likely", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("public int[] HuntChoices(int round, int food) => null; public void HuntOutcomes(int[] earnings) { }", "HuntChoices")]
    [InlineData("public string TakeTurn(string state) => state; public string ProposeBoard(int rows, int columns) => null;", "TakeTurn")]
    public void Scan_OneAsksAndOthersTellOrHelp_TheOneThatAsksIsTheMethod(string methods, string method)
    {
        using var compiled = new Compiled("Asked" + Guid.NewGuid().ToString("n")[..8], $"public class TaskDecomposerAgent {{ {methods} }}");

        Assert.Contains($" {method}(", Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Method, StringComparison.Ordinal);
    }

    [Fact]
    public void Scan_WhatIsToldAsTheWorkGoesOn_IsNotAsked()
    {
        using var compiled = new Compiled("Told" + Guid.NewGuid().ToString("n")[..8], "using System.Threading.Tasks; public class GroupAgent { public ValueTask StreamingResultCallback(string part, bool last) => default; public Task<string> StartGroupChatAsync(string input) => null; }");

        Assert.Equal("Task<string> StartGroupChatAsync(string input)", Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Method);
    }
}
