using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Agents that a static method makes: Create, CreateAsync, Build.</summary>
public sealed class FactoryTests
{
    private const string Source =
        """
        using System.Threading; using System.Threading.Tasks;
        public class Client { private Client() { } }
        public sealed class EchoAgent { private readonly string _p; private EchoAgent(string p) { _p = p; } public static async Task<EchoAgent> CreateAsync(CancellationToken token) { await Task.Yield(); return new EchoAgent(">"); } public string Reply(string m) => _p + m; }
        public sealed class ValueAgent { private ValueAgent() { } public static ValueTask<ValueAgent> OpenAsync(TimeProviderBox box) => new(new ValueAgent()); public string Reply(string m) => m; }
        public sealed class TimeProviderBox { }
        public sealed class BareAgent { private BareAgent() { } public static async Task<BareAgent> CreateAsync() { await Task.Yield(); return new BareAgent(); } public string Reply(string m) => m; }
        public sealed class InnerAgent { private readonly int _n; internal InnerAgent(int n, string key) { _n = n; } public static InnerAgent Build(System.TimeProvider clock) => new(2, "k"); public string Reply(string m) => m + _n; }
        public sealed class CloudAgent { private CloudAgent() { } public static Task<CloudAgent> CreateAsync(Client client, string region) => Task.FromResult(new CloudAgent()); public string Reply(string m) => m; }
        public sealed class OfflineAgent { private OfflineAgent() { } public static async Task<OfflineAgent> CreateAsync(CancellationToken token = default) { await System.IO.File.ReadAllTextAsync("/no/such/model", token); return new OfflineAgent(); } public string Reply(string m) => m; }
        public sealed class OpenAgent { public OpenAgent(int size) { } public static OpenAgent Create() => new(3); public OpenAgent With(string x) => this; public string Reply(string m) => m; }
        """;

    [Fact]
    public async Task Verify_HiddenConstructor_IsMadeByItsFactory()
    {
        var items = await AllAsync(Source);

        Assert.All(new[] { "EchoAgent", "ValueAgent", "BareAgent", "InnerAgent", "OpenAgent" }, name => Assert.Equal(MigrationStatus.Verified, items[name].Status));
        Assert.Equal((MigrationStatus.Gaps, MigrationStatus.Gaps), (items["CloudAgent"].Status, items["OfflineAgent"].Status));
        Assert.Contains("construct.client", items["CloudAgent"].Message, StringComparison.Ordinal);
        Assert.Contains("construct.region", items["CloudAgent"].Message, StringComparison.Ordinal);
        Assert.StartsWith("surroundings", items["OfflineAgent"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Factory_IsNamedWithWhatFillsIt()
    {
        using var compiled = new Compiled("Made" + Guid.NewGuid().ToString("n")[..8], Source);

        var agents = new MigrationScanner().Scan(compiled.Path).Agents;

        var cloud = agents.Single(a => a.Type == "CloudAgent").Binding;
        Assert.Equal("CreateAsync", cloud.Instance);
        Assert.Equal(["client", "region"], cloud.Construct.Select(c => c.Name));
        Assert.All(cloud.Construct, c => Assert.Equal(ArgumentSource.Missing, c.From));
    }

    [Fact]
    public async Task Execute_FactoryFilledByABinding_MakesTheAgent()
    {
        var binding = ObjectBinding.For<Guide>().Construct("city", "Oslo").Build() with { Instance = nameof(Guide.CreateAsync) };
        using var agent = new UniversalAgentAdapter(typeof(Guide), binding);

        Assert.Equal("Oslo: hi", (await agent.ExecuteAsync("hi")).EnsureDone().Output);
    }

    [Fact]
    public async Task Execute_ConstructorFilledByABinding_GoesBeforeTheFactory()
    {
        var binding = ObjectBinding.For<Guide>().Construct("name", "Ada").Build();
        using var agent = new UniversalAgentAdapter(typeof(Guide), binding);

        Assert.Equal("Ada: hi", (await agent.ExecuteAsync("hi")).EnsureDone().Output);
    }

    private sealed class Guide
    {
        private readonly string _name;

        internal Guide(string name) => _name = name;

        public static async Task<Guide> CreateAsync(string city)
        {
            await Task.Yield();
            return new Guide(city);
        }

        public string Reply(string message) => $"{_name}: {message}";
    }
}
