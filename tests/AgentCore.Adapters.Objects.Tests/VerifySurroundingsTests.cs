using AgentCore.Adapters.Objects.Migration;
using Microsoft.Extensions.AI;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Agents that lack something outside of them, whatever words they find for it.</summary>
public sealed class VerifySurroundingsTests
{
    [Fact]
    public async Task Verify_ErrorInAnyLanguage_IsReadFromTheCode()
    {
        var items = await AllAsync(
            """
            using System; using System.IO; using System.Threading.Tasks;
            public class KeyAgent { private readonly string _key = Environment.GetEnvironmentVariable("AGENTCORE_NOBODY_SETS_THIS") ?? throw new Exception("Der Zugang ist nicht hinterlegt"); public string Ask(string q) => _key + q; }
            public class LateAgent { public async Task<string> AskAsync(string q) { var key = Environment.GetEnvironmentVariable("AGENTCORE_NOBODY_SETS_THIS"); await Task.Yield(); if (key == null) throw new Exception("请先设置"); return key; } }
            public class KeptAgent { private readonly string _key = Environment.GetEnvironmentVariable("AGENTCORE_NOBODY_SETS_THIS"); public string Ask(string q) => _key.Trim() + q; }
            public class PromptAgent { public string Ask(string q) => File.Exists("vorlage.md") ? q : throw new ApplicationException("Vorlage fehlt"); }
            """);

        Assert.Equal(4, items.Count);
        Assert.All(items.Values, i => Assert.StartsWith("surroundings: it asks for what isn't here", i.Message, StringComparison.Ordinal));
        Assert.All(items.Values, i => Assert.Equal(MigrationStatus.Gaps, i.Status));
    }

    [Theory]
    [InlineData("Requests go by the gateway: set AGENTCORE_NOBODY_ACCOUNT_ID.", true)]
    [InlineData("Requests go by the gateway of ACCOUNT.", false)]
    [InlineData("No move in ROW_A_ID5.", false)]
    public async Task Verify_ErrorThatNamesAVariable_IsOfWhatIsNotSet(string message, bool outside)
    {
        var item = await OnlyAsync($"public class GateAgent {{ public string Ask(string q) => throw new System.InvalidOperationException(\"{message}\"); }}");

        Assert.Equal(outside ? MigrationStatus.Gaps : MigrationStatus.SameError, item.Status);
        Assert.Equal(outside, item.Message.StartsWith("surroundings: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_ListThatOneIsTooFewFor_IsTriedWithSeveral()
    {
        var items = await AllAsync(
            """
            public class GridBot { public int GetMove(string[] board) => board[8].Length; }
            public class RowBot { public int GetMove(string name, int[] row) => row[8] + name.Length; }
            public class FarBot { public int GetMove(string[] board) => board[80].Length; }
            """);

        Assert.Equal((MigrationStatus.Verified, MigrationStatus.Verified, MigrationStatus.SameError), (items["GridBot"].Status, items["RowBot"].Status, items["FarBot"].Status));
    }

    [Fact]
    public async Task Verify_VariableThatIsSet_IsNoExcuse()
    {
        var item = await OnlyAsync(
            """
            using System;
            public class PathAgent { public string Ask(string q) => Environment.GetEnvironmentVariable("PATH") == null ? q : throw new InvalidOperationException("never on a day with a path"); }
            """);

        Assert.Equal(MigrationStatus.SameError, item.Status);
    }

    [Fact]
    public async Task Verify_AnswerThatPassesOnAFailureOutside_IsNotVerified()
    {
        var items = await AllAsync(
            """
            using System; using System.IO;
            public class KindAgent { public string Ask(string q) { try { return File.ReadAllText("/no/such/notes"); } catch (Exception e) { return "Fehler: " + e.Message; } } }
            public class CalmAgent { public string Ask(string q) { try { return File.ReadAllText("/no/such/notes"); } catch (IOException) { return "no notes for " + q; } } }
            """);

        Assert.Equal((MigrationStatus.Gaps, MigrationStatus.Verified), (items["KindAgent"].Status, items["CalmAgent"].Status));
        Assert.Contains("it went on after DirectoryNotFoundException", items["CalmAgent"].Message, StringComparison.Ordinal);
        Assert.StartsWith("surroundings: its answer passes on that something isn't here: DirectoryNotFoundException", items["KindAgent"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_TriesAgainAndAgain_NamesTheSurroundings()
    {
        var items = await AllAsync(
            """
            using System.IO; using System.Threading;
            public class StubbornAgent { public string Ask(string q) { while (true) { try { return File.ReadAllText("/no/such/notes"); } catch (IOException) { Thread.Sleep(20); } } } }
            public class IdleAgent { public string Ask(string q) { while (true) Thread.Sleep(20); } }
            public class MenuAgent { public void Run() { for (var line = ""; line != "exit"; Thread.Sleep(20)) line = System.Console.ReadLine(); } }
            """, seconds: 0.5);

        Assert.StartsWith("surroundings: it goes on trying to reach", items["StubbornAgent"].Message, StringComparison.Ordinal);
        Assert.StartsWith("surroundings: it waits for what somebody types", items["MenuAgent"].Message, StringComparison.Ordinal);
        Assert.Equal(MigrationStatus.TimedOut, items["IdleAgent"].Status);
    }

    [Fact]
    public async Task Verify_OptionsThatConventionMade_AreNamedAloneWhereTheyAreReadLast()
    {
        var item = await OnlyAsync(
            """
            using System; using System.Collections.Generic;
            public class ModelOptions { public string Endpoint { get; set; } = ""; }
            public class Product { public string Name { get; set; } }
            public class CriticAgent
            {
                private readonly ModelOptions _options; public CriticAgent(ModelOptions options) { _options = options; }
                public string Review(string question, List<Product> products) { var uri = new Uri(_options.Endpoint); return uri + question + products[0].Name; }
            }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("construct.options: made by convention, it isn't what the agent needs", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ServicesThatNobodyGives_AreNamed_AndLoggersAreGiven()
    {
        var items = await AllAsync(
            """
            using System;
            namespace Microsoft.Extensions.DependencyInjection
            {
                public static class Extensions { public static T GetRequiredService<T>(this IServiceProvider s) => (T)(s.GetService(typeof(T)) ?? throw new InvalidOperationException("No service for " + typeof(T))); }
            }
            namespace Shop
            {
                using Microsoft.Extensions.DependencyInjection;
                public interface IStore { string Read(string name); }
                public class HardAgent { private readonly IServiceProvider _s; public HardAgent(IServiceProvider services) { _s = services; } public string Ask(string q) => _s.GetRequiredService<IStore>().Read(q); }
                public class SoftAgent { private readonly IStore _store; public SoftAgent(IServiceProvider services) { _store = (IStore)services.GetService(typeof(IStore)); } public string Ask(string q) => _store.Read(q); }
                public class ClockAgent { private readonly TimeProvider _clock; public ClockAgent(IServiceProvider services) { _clock = services.GetRequiredService<TimeProvider>(); } public string Ask(string q) => q + _clock.TimestampFrequency; }
            }
            """);

        Assert.StartsWith("construct.services: it asks for IStore, and there are no services", items["Shop.HardAgent"].Message, StringComparison.Ordinal);
        Assert.StartsWith("construct.services: it asks for IStore", items["Shop.SoftAgent"].Message, StringComparison.Ordinal);
        Assert.Equal(MigrationStatus.Verified, items["Shop.ClockAgent"].Status);
    }

    [Fact]
    public async Task Verify_KeyedServiceThatNobodyGives_NamesTheServices()
    {
        var item = await OnlyAsync(
            """
            using System;
            using Microsoft.Extensions.DependencyInjection;
            public class Store { }
            public class ShopAgent { private readonly Store _store; public ShopAgent(IServiceProvider services) { _store = services.GetRequiredKeyedService<Store>("main"); } public string Ask(string q) => q + _store; }
            """, references: typeof(Microsoft.Extensions.DependencyInjection.IKeyedServiceProvider).Assembly.Location);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("construct.services:", item.Message, StringComparison.Ordinal);
        Assert.Contains("There is no Store under the key 'main'", item.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("private readonly string _store; public ShopAgent(IServiceProvider services) { _store = services.GetRequiredKeyedService<string>(\"main\"); } public string Ask(string q) => q + _store;", "construct.services: construct: ShopAgent refuses what convention made for it")]
    [InlineData("private readonly IServiceProvider _services; public ShopAgent(IServiceProvider services) { _services = services; } public string Ask(string q) => q + _services.GetRequiredKeyedService<string>(\"main\");", "construct.services: it asks for a service by its key")]
    public async Task Verify_KeyedServiceByANewerCopyOfTheContracts_NamesTheServices(string members, string message)
    {
        var item = await OnlyAsync(
            $$"""
            using System;
            using Microsoft.Extensions.DependencyInjection;
            public class ShopAgent { {{members}} }
            namespace Microsoft.Extensions.DependencyInjection
            {
                public static class ServiceProviderKeyedServiceExtensions { public static T GetRequiredKeyedService<T>(this IServiceProvider s, object key) => throw new InvalidOperationException("This service provider doesn't support keyed services."); }
            }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith(message, item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ErrorThatSpeaksOfAProperty_NamesIt()
    {
        var item = await OnlyAsync(
            """
            public class ShopAgent { public string Endpoint { get; set; } = ""; public string Model { get; set; } = "m"; public string Ask(string q) => Endpoint.Length > 0 ? q : throw new System.InvalidOperationException("Bitte zuerst Endpoint setzen"); }
            """);

        Assert.StartsWith("construct.Endpoint: it has to be set", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NotSetUp_NamesTheCallEvenWhereTheAgentSaysItItself()
    {
        var item = await OnlyAsync(
            """
            public class Map { public Map(System.IO.Stream stream, int zoom) { } }
            public class GuideAgent { private Map _map; public void Initialize(Map map) => _map = map; public string Ask(string q) => _map == null ? throw new System.InvalidOperationException("call me later") : q; }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants void Initialize(Map map) called first", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ReadsWhatTheStandInAnswers_NamesTheModel()
    {
        var item = await OnlyAsync(
            """
            using System.Threading.Tasks; using Microsoft.Extensions.AI;
            public class RankAgent { private readonly IChatClient _client; public RankAgent(IChatClient client) { _client = client; }
              public async Task<int> RankAsync(string text) => int.Parse((await _client.GetResponseAsync(new[] { new ChatMessage(ChatRole.User, text) })).Text); }
            """, 10, typeof(IChatClient).Assembly.Location);

        Assert.StartsWith("surroundings: what the stand-in answers", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_TextThatIsNoNumberNorAddress_NamesTheArgument()
    {
        var item = await OnlyAsync("public class CrawlAgent { public string Crawl(string address) => new System.Uri(address).Host; }");

        Assert.StartsWith("arguments.address: the text that was tried isn't what it reads", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ClientWithoutAnAddress_NamesTheClient()
    {
        var item = await OnlyAsync(
            """
            using System.Net.Http; using System.Threading.Tasks;
            public class ApiAgent { private readonly HttpClient _http; public ApiAgent(HttpClient http) { _http = http; } public Task<string> AskAsync(string q) => _http.GetStringAsync("/chat"); }
            """);

        Assert.StartsWith("construct.http", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_GrainWhoseRuntimeIsMissing_NamesTheInstance()
    {
        var item = await OnlyAsync(
            """
            namespace Orleans { public abstract class Grain<T> { private object _lifecycle; protected Grain() { _lifecycle.ToString(); } } }
            public class StoredAgentGrain : Orleans.Grain<int> { public string Chat(string message) => message; }
            """);

        Assert.StartsWith("construct.instance: only its runtime can make it", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ErrorAfterAFailureOutside_IsPutDownToIt()
    {
        var items = await AllAsync(
            """
            using System; using System.IO;
            public class VagueAgent { public string Ask(string q) { try { return File.ReadAllText("/no/such/notes"); } catch (IOException) { throw new ApplicationException("nicht erreichbar"); } } }
            public class VagueBot { public void Start() { try { File.ReadAllText("/no/such/notes"); } catch (IOException) { throw new ApplicationException("nicht erreichbar"); } } public void Stop() { } }
            """);

        Assert.All(items.Values, i => Assert.Equal(MigrationStatus.Gaps, i.Status));
        Assert.All(items.Values, i => Assert.Contains("nicht erreichbar, after DirectoryNotFoundException", i.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_SettingThatNobodyWrote_IsReadFromTheCode()
    {
        var item = await OnlyAsync(
            """
            namespace Microsoft.Extensions.Configuration { public interface IConfiguration { string this[string key] { get; } } public class Root : IConfiguration { public string this[string key] => null; } }
            public class ShopAgent { private readonly string _k; public ShopAgent() { Microsoft.Extensions.Configuration.IConfiguration c = new Microsoft.Extensions.Configuration.Root(); _k = c["Shop"] ?? throw new System.InvalidOperationException("缺少配置"); } public string Ask(string q) => _k + q; }
            """);

        Assert.StartsWith("surroundings: it asks for what isn't here", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FluentAgentThatNobodyCompleted_NamesTheCall()
    {
        var items = await AllAsync(
            """
            using System;
            public interface IPlanner { string Plan(string goal); }
            public class FluentAgent { private IPlanner _p; public FluentAgent WithPlanner(IPlanner planner) { _p = planner; return this; } public string Run(string goal) => _p == null ? throw new InvalidOperationException("no planner yet") : _p.Plan(goal); }
            public class StateBot { private bool _on; public void Initialize(IPlanner planner) => _on = true; public void Start() { if (!_on) throw new Exception("cannot start"); } public void Stop() { } }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants FluentAgent WithPlanner(IPlanner planner) called first", items["FluentAgent"].Message, StringComparison.Ordinal);
        Assert.StartsWith("lifecycle.initialize: it wants void Initialize(IPlanner planner) called first", items["StateBot"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NumbersAlone_AreNotWhatIsNull()
    {
        var item = await OnlyAsync(
            """
            public class Weather { public double Humidity { get; set; } }
            public class Limits { public double Rain { get; set; } }
            public class Settings { public Limits Rain { get; set; } }
            public class RainBot { private readonly Limits _limits; public RainBot(Settings settings) { _limits = settings.Rain; } public string Check(Weather weather) => weather.Humidity > _limits.Rain ? "rain" : "dry"; }
            """);

        Assert.StartsWith("construct.settings", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AddressThatIsEmpty_LacksSurroundings()
    {
        var item = await OnlyAsync("public static class Env { public static string Url = \"\"; } public class CodeAgent { public string Generate(string task) => new System.Uri(Env.Url).Host + task; }");

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.StartsWith("surroundings: it asks for an address", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ContentOfAStreamThatAPartCantRead_IsTheArguments()
    {
        var item = await OnlyAsync(
            """
            using System.IO;
            public class Parser { public int Rows(Stream csv) => new StreamReader(csv).ReadToEnd().Contains(';') ? 1 : throw new InvalidDataException("No rows."); }
            public class FileAgent { private readonly Parser _parser; public FileAgent(Parser parser) => _parser = parser; public int Process(Stream csv) => _parser.Rows(csv); }
            """);

        Assert.StartsWith("arguments.csv: the content that was tried isn't what it reads", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_PartThatSaysItLacksAKey_IsTheOneToGive()
    {
        var item = await OnlyAsync(
            """
            using System;
            public class Router { public string Route(string text) => throw new InvalidOperationException("No backends. Configure an api key."); }
            public class PlanAgent { private readonly Router _router; public PlanAgent(Router router) => _router = router; public string Run(string text) => _router.Route(text); }
            """);

        Assert.StartsWith("construct.router: made by convention, it lacks", item.Message, StringComparison.Ordinal);
    }
}
