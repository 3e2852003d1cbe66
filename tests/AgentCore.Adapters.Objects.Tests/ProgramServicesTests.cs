using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Loading;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Agents whose services come from the program that they are a part of.</summary>
public sealed class ProgramServicesTests
{
    private const string Shop =
        """
        using System; using System.IO; using System.Threading; using Microsoft.Extensions.DependencyInjection; using Microsoft.Extensions.Configuration; using Microsoft.Extensions.Hosting;
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddScoped<IPrices, Prices>();
        builder.Services.AddKeyedSingleton<IStock, Stock>("main");
        builder.Services.AddKeyedSingleton<IStock, Stock>(Kind.Main);
        builder.Services.AddScoped<IConnection, Connection>();
        builder.Services.AddSingleton(services => MadeAgent.Make(services.GetRequiredService<IConfiguration>()));
        var host = builder.Build();
        Here.Write("started");
        host.Run();

        public static class Here { public static void Write(string name) => File.WriteAllText(Path.Combine(Path.GetDirectoryName(typeof(Here).Assembly.Location), name), ""); }
        public interface IPrices { int Of(string product); }
        public class Prices : IPrices, IDisposable { public int Of(string product) => product.Length; public void Dispose() => Here.Write("disposed"); }
        public interface IStock { int Of(string product); }
        public class Stock : IStock { public int Of(string product) => 7; }
        public enum Kind { Other, Main }
        public class KindAgent { private readonly IStock _stock; public KindAgent([FromKeyedServices(Kind.Main)] IStock stock) => _stock = stock; public string Run(string product) => "" + _stock.Of(product); }
        public interface IConnection { void Open(); }
        public class Connection : IConnection { private bool _open; public void Open() { if (_open) throw new InvalidOperationException("It is open."); _open = true; } }
        public class QueryAgent { private readonly IConnection _connection; public QueryAgent(IConnection connection) => _connection = connection; public string Run(string text) { _connection.Open(); return text; } }
        public class MadeAgent { private MadeAgent(string key, int size) { } internal static Func<IConfiguration, MadeAgent> Make = settings => new MadeAgent("key", 1); public string Run(string text) => "made"; }
        public class FixedPrices : IPrices { public int Of(string product) => 99; }
        public class SlowAgent { private readonly IPrices _prices; public SlowAgent(IPrices prices) => _prices = prices; public async System.Threading.Tasks.Task<string> RunAsync(string text) { Gate.Begun.SetResult(); await Gate.Go.Task; return text + _prices.Of(text); } }
        public static class Gate { public static System.Threading.Tasks.TaskCompletionSource Begun { get; } = new(); public static System.Threading.Tasks.TaskCompletionSource Go { get; } = new(); }
        public interface INobody { string Say(); }
        public class PriceAgent { private readonly IPrices _prices; private readonly IConfiguration _settings; public PriceAgent(IPrices prices, IConfiguration settings) { _prices = prices; _settings = settings; } public string Run(string product) => _prices.Of(product) + " " + _settings["Shop:Currency"]; }
        public class StockAgent { private readonly IStock _stock; public StockAgent([FromKeyedServices("main")] IStock stock) => _stock = stock; public string Run(string product) => "" + _stock.Of(product); }
        public class LonelyAgent { private readonly INobody _nobody; public LonelyAgent(INobody nobody) => _nobody = nobody; public string Run(string text) => _nobody.Say(); }
        """;

    // What a machine says of all hosts isn't what is tried here.
    static ProgramServicesTests() => Environment.SetEnvironmentVariable("DOTNET_CONTENTROOT", null);

    private static readonly string[] References =
        [.. new[] { typeof(Host), typeof(IHost), typeof(ServiceCollection), typeof(IServiceCollection), typeof(IConfiguration), typeof(ConfigurationManager) }.Select(t => t.Assembly.Location).Distinct()];

    [Fact]
    public void Open_ProgramRegistersWhatIsMissing_IsRunWithItAndNoFurtherThanItsHost()
    {
        using var shop = ShopOf("Shop1");
        File.WriteAllText(Path.Combine(shop.Folder, "appsettings.json"), """{ "Shop": { "Currency": "EUR" } }""");

        using (var price = Open(shop, "PriceAgent"))
        {
            price.Initialize();
            Assert.Equal("3 EUR", price.Execute("tea").EnsureDone().Output);
            Assert.False(File.Exists(Path.Combine(shop.Folder, "disposed")));
        }

        using var stock = Open(shop, "StockAgent");
        stock.Initialize();
        Assert.Equal("7", stock.Execute("tea").EnsureDone().Output);
        Assert.True(File.Exists(Path.Combine(shop.Folder, "disposed")), "The agent's scope ends with it.");
        Assert.False(File.Exists(Path.Combine(shop.Folder, "started")), "Nothing behind the building of the host is run.");
    }

    [Theory]
    [InlineData("public class Main1 { public static void Main() { } }", "It ended without building a host")]
    [InlineData("public class Main1 { public static void Main() => throw new System.IO.InvalidDataException(\"Shop:Key is missing\"); }", "InvalidDataException: Shop:Key is missing")]
    public void Open_ProgramBuildsNoHost_SaysWhy(string program, string why)
    {
        using var compiled = Compiled.Program("NoHost" + Guid.NewGuid().ToString("n")[..8], program + " public class ABot { public ABot(System.IServiceProvider services) { } public string Run(string text) => text; }");

        var error = Assert.Throws<ArgumentException>(() => Open(compiled, "ABot"));

        Assert.Contains("gives no services: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KindAgent", null, "7")]
    [InlineData("MadeAgent", null, "made")]
    [InlineData("PriceAgent", "new:FixedPrices", "99 ")]
    public void Open_WhatOnlyTheProgramKnows_IsTakenOfItAndWhatABindingMakesStands(string type, string? from, string output)
    {
        using var shop = ShopOf("Shop3");
        var binding = new ObjectBinding { Assembly = shop.Path, Services = shop.Path, Type = type, Construct = from is null ? [] : [new ArgumentBinding { Name = "prices", From = from, Note = "an IPrices 'prices'" }] };

        using var agent = ObjectAgents.Open(binding);
        agent.Initialize();

        Assert.Equal(output, agent.Execute("tea").EnsureDone().Output);
    }

    [Fact]
    public void Open_ProgramOfAWebHost_IsRefusedBeforeItServesAndNotProposed()
    {
        string[] web = ["Microsoft.AspNetCore", "Microsoft.AspNetCore.Hosting.Abstractions"];
        using var program = Compiled.Program(
            "OldWeb" + Guid.NewGuid().ToString("n")[..8],
            "public class Main1 { public static void Main(string[] args) => Microsoft.AspNetCore.WebHost.CreateDefaultBuilder(args); } public class ABot { public ABot(System.IServiceProvider services) { } public string Run(string text) => text; }",
            [.. web.Select(name => SharedFrameworks.Folders.Select(folder => Path.Combine(folder, name + ".dll")).First(File.Exists))]);
        File.WriteAllText(Path.ChangeExtension(program.Path, ".runtimeconfig.json"), "{}");

        Assert.Contains("it builds a WebHost", Assert.Throws<ArgumentException>(() => Open(program, "ABot")).Message, StringComparison.Ordinal);
        Assert.Empty(Programs.WithHost([program.Path]));
    }

    [Fact]
    public void WithHost_ProgramThatBuildsOne_IsProposedForWhatLiesBesideIt()
    {
        using var shop = ShopOf("Shop7");
        File.WriteAllText(Path.ChangeExtension(shop.Path, ".runtimeconfig.json"), "{}");

        Assert.Equal([shop.Path], Programs.WithHost([Path.Combine(shop.Folder, "Library.dll")]));
    }

    [Fact]
    public void Open_AgentThatNeedsNothing_IsNoneOfTheProgramsFailures()
    {
        using var compiled = Compiled.Program("Fails" + Guid.NewGuid().ToString("n")[..8], "public class Main1 { public static void Main() => throw new System.Exception(); } public class ABot { public string Run(string text) => text; }");

        using var agent = Open(compiled, "ABot");
        agent.Initialize();

        Assert.Equal("hi", agent.Execute("hi").EnsureDone().Output);
    }

    [Fact]
    public void Open_AssemblyBesideOthersThanTheProgram_FindsWhatLiesBesideIt()
    {
        using var helper = new Compiled("Helper" + Guid.NewGuid().ToString("n")[..8], "public static class Helper { public static string Say() => \"helped\"; }");
        using var library = new Compiled("Far" + Guid.NewGuid().ToString("n")[..8], "public class HelpAgent { public HelpAgent(System.IServiceProvider services) { } public string Run(string text) => Helper.Say(); }", helper.Path);
        File.Copy(helper.Path, Path.Combine(library.Folder, Path.GetFileName(helper.Path)));
        using var shop = ShopOf("Shop4");

        using var agent = ObjectAgents.Open(new ObjectBinding { Assembly = library.Path, Services = shop.Path, Type = "HelpAgent" });
        agent.Initialize();

        Assert.Equal("helped", agent.Execute("x").EnsureDone().Output);
    }

    [Fact]
    public void Open_ProgramThatCatchesWhateverComes_StaysWhereItsHostIsBuilt()
    {
        using var program = Compiled.Program(
            "Catches" + Guid.NewGuid().ToString("n")[..8],
            """
            using System; using Microsoft.Extensions.DependencyInjection; using Microsoft.Extensions.Hosting;
            AppDomain.CurrentDomain.SetData("ProgramServicesTests.caught", false);
            try { Host.CreateApplicationBuilder(args).Build().Run(); } finally { AppDomain.CurrentDomain.SetData("ProgramServicesTests.caught", true); }
            public class LookAgent { private readonly IServiceProvider _services; public LookAgent(IServiceProvider services) => _services = services; public string Run(string text) => "" + (_services.GetService(typeof(IHostEnvironment)) as IHostEnvironment).ApplicationName; }
            """,
            References);

        using var agent = Open(program, "LookAgent");
        agent.Initialize();

        Assert.Equal(Path.GetFileNameWithoutExtension(program.Path), agent.Execute("x").EnsureDone().Output);
        Assert.Equal(false, AppDomain.CurrentDomain.GetData("ProgramServicesTests.caught"));
    }

    [Fact]
    public async Task Dispose_WhileARunUsesTheScope_EndsItAfterTheRun()
    {
        using var shop = ShopOf("Shop5");
        var agent = Open(shop, "SlowAgent");
        agent.Initialize();
        var gate = AgentAssemblies.Load(shop.Path).GetType("Gate")!;
        var run = agent.ExecuteAsync("tea");
        await ((TaskCompletionSource)gate.GetProperty("Begun")!.GetValue(null)!).Task;

        agent.Dispose();
        Assert.False(File.Exists(Path.Combine(shop.Folder, "disposed")));
        ((TaskCompletionSource)gate.GetProperty("Go")!.GetValue(null)!).SetResult();

        Assert.Equal("tea3", (await run).EnsureDone().Output);
        Assert.True(File.Exists(Path.Combine(shop.Folder, "disposed")));
    }

    [Fact]
    public async Task Wrap_ServicesThatAreOncePerScope_AreOnesOwnForOriginalAndWrapped()
    {
        using var shop = ShopOf("Shop #6");
        var options = new MigrationOptions { Workspace = Path.Combine(shop.Folder, "work #1"), Verify = new VerifyOptions(), Services = shop.Path, Scan = new ScanOptions { Types = ["QueryAgent"] } };

        Assert.Equal(MigrationStatus.Verified, Assert.Single((await new MigrationEngine(options).RunAsync([shop.Path])).Items).Status);
    }

    [Fact]
    public void Open_ServicesGivenInCodeToo_IsRefused()
    {
        using var none = new ServiceCollection().BuildServiceProvider();

        Assert.Throws<ArgumentException>(() => ObjectAgents.Open(new ObjectBinding { Assembly = "a.dll", Services = "b.dll", Type = "C" }, new UniversalAgentOptions { Services = none }));
    }

    [Fact]
    public void Shutdown_AgentThatTheServicesMade_LeavesItToThem()
    {
        using var services = new ServiceCollection().AddSingleton<OpenAgent>().BuildServiceProvider();
        using var agent = new UniversalAgentAdapter(typeof(OpenAgent), options: new UniversalAgentOptions { Services = services });
        agent.Initialize();

        agent.Shutdown();

        Assert.False(services.GetRequiredService<OpenAgent>().Disposed);
    }

    [Fact]
    public async Task Wrap_BindingsThatAPersonCompleted_NameTheProgramAndKeepTheRest()
    {
        using var shop = ShopOf("Shop #2 ");
        var options = new MigrationOptions { Workspace = Path.Combine(shop.Folder, "workspace"), Verify = new VerifyOptions() };
        Assert.All((await new MigrationEngine(options).RunAsync([shop.Path])).Items.Where(i => i.Type is "PriceAgent" or "StockAgent" or "LonelyAgent"), item => Assert.Equal(MigrationStatus.Gaps, item.Status));
        var file = Path.Combine(options.Workspace, "agents", "price.yaml");
        File.AppendAllText(file, "\n# mine");

        var items = (await new MigrationEngine(options with { Services = shop.Path }).RunAsync([shop.Path])).Items.ToDictionary(i => i.Type, StringComparer.Ordinal);

        Assert.Equal(MigrationStatus.Verified, items["PriceAgent"].Status);
        Assert.Equal(MigrationStatus.Verified, items["StockAgent"].Status);
        Assert.Equal(MigrationStatus.Gaps, items["LonelyAgent"].Status);
        Assert.Contains("the services have none: an INobody", items["LonelyAgent"].Message, StringComparison.Ordinal);
        Assert.Contains("# mine\nservices: ", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(shop.Path, BindingFile.Read(file).Services);
    }

    [Fact]
    public async Task Wrap_ServicesOfALibrary_AreRefusedBeforeAnythingIsWritten()
    {
        using var library = new Compiled("Library" + Guid.NewGuid().ToString("n")[..8], "public class ABot { public string Run(string text) => text; }");
        var options = new MigrationOptions { Workspace = Path.Combine(library.Folder, "workspace"), Services = library.Path };

        Assert.Contains("no assembly with an entry point", (await Assert.ThrowsAsync<ArgumentException>(() => new MigrationEngine(options).RunAsync([library.Path]))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(options.Workspace));
    }

    private static Compiled ShopOf(string name) => Compiled.Program(name + Guid.NewGuid().ToString("n")[..8], Shop, References);

    private static UniversalAgentAdapter Open(Compiled program, string type) => ObjectAgents.Open(new ObjectBinding { Assembly = program.Path, Services = program.Path, Type = type });

    private sealed class OpenAgent : IDisposable
    {
        public bool Disposed { get; private set; }

        public string Run(string text) => text;

        public void Dispose() => Disposed = true;
    }
}
