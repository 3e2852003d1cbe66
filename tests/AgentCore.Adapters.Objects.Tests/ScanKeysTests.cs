using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What has a constructor that anyone may call is worth nothing, all the same, without a key that only a person has.</summary>
public sealed class ScanKeysTests
{
    [Theory]
    [InlineData("public class ApiService { public ApiService(string apiKey) { } public ApiService(System.Net.Http.HttpClient http) { } }", "ApiService api", true)]
    [InlineData("public class ApiService { public ApiService(string connectionString, int n) { } public ApiService() { } }", "ApiService api", true)]
    [InlineData("public class ApiService { public ApiService(string name) { } public ApiService(System.Net.Http.HttpClient http) { } }", "ApiService api", false)]
    [InlineData("public class ApiService { public ApiService(string key) { } public ApiService() { } }", "ApiService api", false)]
    [InlineData("public class ApiService { public ApiService(string apiKey = null) { } }", "ApiService api", false)]
    [InlineData("public class Cache { public Cache() { } public Cache(string partitionKey) { } }", "Cache cache", false)]
    [InlineData("public class Lexer { public Lexer() { } public Lexer(string stopToken) { } }", "Lexer lexer", false)]
    [InlineData("public class Team { public Team() { } public Team(string hockey) { } }", "Team team", false)]
    [InlineData("#nullable enable\npublic class Api { public Api() { } public Api(string? apiKey) { } }\n#nullable disable\n", "Api api", false)]
    [InlineData("#nullable enable\npublic class OllamaOptions { public string? ApiKey { get; set; } }\n#nullable disable\n", "OllamaOptions options", false)]
    [InlineData("public class GameConfig { public string JumpKey { get; set; } }", "GameConfig config", false)]
    [InlineData("public interface IWeather { } public class RealWeather : IWeather { public RealWeather() { } public RealWeather(string apiKey) { } } public class FakeWeather : IWeather { }", "IWeather weather", true)]
    [InlineData("public class FromKeyedServicesAttribute : System.Attribute { } public class Writer { }", "[FromKeyedServices] Writer writer = null", false)]
    [InlineData("public class Shop { public Shop(Shop other) { } protected Shop() { } }", "Shop shop", false)]
    [InlineData("public class Plugins { public Plugins(System.IServiceProvider services) { } }", "Plugins plugins", true)]
    [InlineData("public class SearchClient { protected SearchClient() { } public SearchClient(System.Uri endpoint, System.Type credential) { } }", "SearchClient client", true)]
    [InlineData("public class Board { protected Board() { } }", "Board board", false)]
    [InlineData("public class AiOptions { public string ApiKey { get; set; } }", "AiOptions options", true)]
    [InlineData("public class AiOptions { public string Key { get; init; } }", "AiOptions options", true)]
    [InlineData("public class AiSettings { public OpenAi OpenAi { get; set; } } public class OpenAi { public string ApiKey { get; set; } }", "AiSettings settings", true)]
    [InlineData("public class AiSettings { public OpenAi OpenAi { get; set; } } public class OpenAi { public string Model { get; set; } public AiSettings All { get; set; } }", "AiSettings settings", false)]
    [InlineData("public interface IMemory { } public class NullMemory : IMemory { } public class SqlMemory : IMemory { public SqlMemory(System.Type rows) { } }", "IMemory memory", true)]
    [InlineData("public interface IMemory { } public class NullMemory : IMemory { }", "IMemory memory", false)]
    [InlineData("public interface IMemory { } public class ListMemory : IMemory { } public class SqlMemory : IMemory { public SqlMemory(System.Type rows) { } }", "IMemory memory", false)]
    [InlineData("public interface IGame { } public class Pawns : IGame { } public class Grid : IGame { public Grid(System.Type cells) { } }", "IGame game", true)]
    [InlineData("public interface IGame { } public class Pawns : IGame { }", "IGame game", false)]
    [InlineData("public interface ILlmClient { } public class FakeLlmClient : ILlmClient { }", "ILlmClient model", true)]
    [InlineData("public interface ISink { } public class NoOpSink : ISink { }", "ISink sink", false)]
    [InlineData("namespace Microsoft.SemanticKernel { public interface IMemory { } public class NullMemory : IMemory { } }", "Microsoft.SemanticKernel.IMemory memory", true)]
    [InlineData("public class OllamaService { }", "OllamaService model", false)]
    [InlineData("public class Profile { public string ApiKey { get; set; } }", "Profile cfg", true)]
    [InlineData("public class Profile { public string ApiKey { get; set; } }", "Profile guest", false)]
    [InlineData("public class Profile { public string Motto { get; set; } }", "Profile profile", false)]
    [InlineData("public interface IAgent { }", "System.Collections.Generic.IEnumerable<IAgent> agents", true)]
    [InlineData("public class Seat { }", "System.Collections.Generic.List<Seat> members", true)]
    [InlineData("public class Seat { }", "System.Collections.Generic.List<Seat> seats", false)]
    [InlineData("public interface IAgentTool { }", "System.Collections.Generic.IEnumerable<IAgentTool> tools", false)]
    [InlineData("", "System.Collections.Generic.List<string> members", false)]
    [InlineData("", "System.IServiceProvider services", false)]
    [InlineData("public interface IGame { } public class Game : IGame { } public class Grid : IGame { public Grid(System.Type cells) { } }", "IGame game", false)]
    [InlineData("public class AiOptions { public string ApiKey => null; public string Model { get; set; } }", "AiOptions options", false)]
    [InlineData("public class Order { public string ApiKey { get; set; } }", "Order order", false)]
    [InlineData("public class FromKeyedServicesAttribute : System.Attribute { } public class Writer { }", "[FromKeyedServices] Writer writer", true)]
    public void Scan_ParameterThatTakesAKey_IsAGap(string source, string parameter, bool gap)
    {
        using var compiled = new Compiled("Keys" + Guid.NewGuid().ToString("n")[..8], $"{source} public class ShopAgent {{ public ShopAgent({parameter}) {{ }} public string Run(string text) => text; }}");

        var agent = Assert.Single(new MigrationScanner(new ScanOptions { Types = ["ShopAgent"] }).Scan([compiled.Path]).Agents);

        Assert.Equal(gap, Assert.Single(agent.Binding.Construct).From == ArgumentSource.Missing);
    }

    [Theory]
    [InlineData("public class OllamaService { }", "OllamaService part", "which reaches a model")]
    [InlineData("public interface ILlmRouter { } public class LlmRouter : ILlmRouter { }", "ILlmRouter part", "or write from: new:LlmRouter")]
    [InlineData("", "System.IServiceProvider part", "with what the agent looks up in it")]
    [InlineData("public class LlmPrompt { }", "LlmPrompt part", null)]
    public void Scan_ModelOrServicesBesideAGap_ArePartOfWhatAPersonSays(string source, string parameter, string? note)
    {
        using var compiled = new Compiled("Beside" + Guid.NewGuid().ToString("n")[..8], $"{source} public class ShopAgent {{ public ShopAgent({parameter}, System.Type shop) {{ }} public string Run(string text) => text; }}");

        var part = Assert.Single(new MigrationScanner(new ScanOptions { Types = ["ShopAgent"] }).Scan([compiled.Path]).Agents).Binding.Construct[0];

        Assert.Equal(note is not null, part.From == ArgumentSource.Missing);
        Assert.Contains(note ?? "made by its own constructor", part.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public Board(int size) { } private int[] _cells; public int Size { get; } public int Owner { get; } public int At(int x) => _cells[x]; public void Put(int x) { } public bool IsWon() => false;", true)]
    [InlineData("public int Width { get; } public int Height { get; } public int Turn { get; } public int Free { get; set; } public int At(int x) => x; public void Put(int x) { } public bool IsWon() => false;", true)]
    [InlineData("public int[] Cells { get; set; } public int At(int x) => Cells[x]; public void Put(int x) { } public bool IsWon() => false;", false)]
    [InlineData("public int A { get; set; } public int B { get; set; } public int C { get; set; } private int _cache; public int At(int x) => _cache; public void Put(int x) { } public bool IsWon() => false;", false)]
    [InlineData("private int _cache; public int A { get; set; } public int At(int x) => _cache; public override string ToString() => null; public override int GetHashCode() => 1; public override bool Equals(object other) => false;", false)]
    [InlineData("public Board(string text) { } public static Board Parse(string text) => new(text); private int[] _cells; public int At(int x) => _cells[x]; public void Put(int x) { } public bool IsWon() => false;", false)]
    public void Scan_ArgumentThatGoesOnByItself_IsAGap(string members, bool gap)
    {
        using var compiled = new Compiled("Live" + Guid.NewGuid().ToString("n")[..8], $"public class Board {{ {members} }} public class BoardBot {{ public int GetMove(Board board) => 1; }}");

        var agent = Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents);

        Assert.Equal(gap ? ["arguments.board"] : [], agent.Binding.Gaps.Select(g => g.At));
    }

    [Fact]
    public void Scan_LeaderWithoutAgents_IsToldWhatToGive()
    {
        using var compiled = new Compiled("Lead" + Guid.NewGuid().ToString("n")[..8], "public interface IAgent { } public class LeadAgent { public LeadAgent(System.Collections.Generic.IReadOnlyList<IAgent> team) { } public string Run(string text) => text; }");

        var gap = Assert.Single(Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Gaps);

        Assert.Equal("construct.team: whom it leads (IReadOnlyList<IAgent> 'team'): give them through services or in code; from: new gives it nobody", gap.ToString());
    }

    [Fact]
    public void Scan_GapThatTakesAKey_IsNotToBeWrittenIntoTheFile()
    {
        using var compiled = new Compiled("Note" + Guid.NewGuid().ToString("n")[..8], "public class ApiService { public ApiService(string apiKey) { } } public class HelpAgent { public HelpAgent(ApiService api) { } public string Run(string text) => text; }");

        var note = Assert.Single(Assert.Single(new MigrationScanner(new ScanOptions()).Scan([compiled.Path]).Agents).Binding.Gaps).ToString();

        Assert.Contains("which takes a key that only a person has", note, StringComparison.Ordinal);
        Assert.DoesNotContain("from: value", note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("public class Board { private readonly int[] _grid = new int[9]; }", true)]
    [InlineData("public class Board { private readonly int[] _grid = new int[9]; public Board() { } public Board(Board other) { } }", true)]
    [InlineData("public class Board { private readonly int[] _grid; public Board(int[] grid) => _grid = grid; }", false)]
    [InlineData("public class Board { public int[] Grid { get; set; } }", false)]
    [InlineData("public class Board { private int[] _grid; public static Board Parse(string text) => new(); }", false)]
    [InlineData("public class Board { }", false)]
    public void Scan_ArgumentThatNoDataCanSet_IsAGap(string source, bool gap)
    {
        using var compiled = new Compiled("Closed" + Guid.NewGuid().ToString("n")[..8], $"{source} public class GameBot {{ public int GetMove(Board board) => 1; }}");

        var agent = Assert.Single(new MigrationScanner(new ScanOptions { Types = ["GameBot"] }).Scan([compiled.Path]).Agents);

        Assert.Equal(gap, Assert.Single(agent.Binding.Arguments).From == ArgumentSource.Missing);
    }

    [Fact]
    public async Task Verify_ServiceThatNobodyGivesBehindAGap_IsNamedToo()
    {
        var item = await Migrated.OnlyAsync(
            """
            using System;
            public interface IStore { void Save(string text); }
            public class JobAgent
            {
                private readonly IServiceProvider _services;
                private readonly IStore _store;
                public JobAgent(IServiceProvider services, IStore store) => (_services, _store) = (services, store);
                public string Run(string text) { _store.Save(text); return _services.GetService(typeof(IStore)).ToString(); }
            }
            """);

        Assert.Equal(MigrationStatus.Gaps, item.Status);
        Assert.Contains("construct.store", item.Message, StringComparison.Ordinal);
        Assert.Contains("construct.services", item.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_BindingThatSaysNew_MakesItThoughItTakesAKeyElsewhere()
    {
        var binding = ObjectBinding.For<Caller>().Build() with { Construct = [new ArgumentBinding { Name = "api", From = ArgumentSource.New }] };
        using var agent = new UniversalAgentAdapter(typeof(Caller), binding);

        Assert.Equal("ok", agent.Execute("go").EnsureDone().Output);
    }

    public sealed class Api
    {
        public Api()
        {
        }

        public Api(string apiKey) => _ = apiKey;

        public string Answer => "ok";
    }

    public sealed class Shop(Api api)
    {
        public string Answer => api.Answer;
    }

    public sealed class Caller(Shop api)
    {
        public string Run(string text) => text.Length > 0 ? api.Answer : "";
    }
}
