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
    [InlineData("public class SearchClient { protected SearchClient() { } public SearchClient(System.Uri endpoint, System.Type credential) { } }", "SearchClient client", true)]
    [InlineData("public class Board { protected Board() { } }", "Board board", false)]
    [InlineData("public class AiOptions { public string ApiKey { get; set; } }", "AiOptions options", true)]
    [InlineData("public class AiOptions { public string Key { get; init; } }", "AiOptions options", true)]
    [InlineData("public class AiOptions { public string ApiKey => null; public string Model { get; set; } }", "AiOptions options", false)]
    [InlineData("public class Order { public string ApiKey { get; set; } }", "Order order", false)]
    [InlineData("public class FromKeyedServicesAttribute : System.Attribute { } public class Writer { }", "[FromKeyedServices] Writer writer", true)]
    public void Scan_ParameterThatTakesAKey_IsAGap(string source, string parameter, bool gap)
    {
        using var compiled = new Compiled("Keys" + Guid.NewGuid().ToString("n")[..8], $"{source} public class ShopAgent {{ public ShopAgent({parameter}) {{ }} public string Run(string text) => text; }}");

        var agent = Assert.Single(new MigrationScanner(new ScanOptions { Types = ["ShopAgent"] }).Scan([compiled.Path]).Agents);

        Assert.Equal(gap, Assert.Single(agent.Binding.Construct).From == ArgumentSource.Missing);
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
}
