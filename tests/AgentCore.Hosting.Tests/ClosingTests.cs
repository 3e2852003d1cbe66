using AgentCore.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCore.Hosting.Tests;

/// <summary>What a workspace made is closed with it, whatever goes wrong.</summary>
public sealed class ClosingTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<string> _closed = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Dispose_AgentThatThrows_ClosesTheStoreAndTheRest()
    {
        var workspace = await OpenAsync("a", "bad", "b");

        var error = await Assert.ThrowsAsync<NotSupportedException>(async () => await workspace.DisposeAsync());

        Assert.Equal("bad", error.Message);
        Assert.Equal(["b", "bad", "a", "client"], _closed);
        await AssertStoreIsFreeAsync();
    }

    [Fact]
    public async Task Dispose_SeveralThatThrow_SaysOfAll()
    {
        var workspace = await OpenAsync("bad", "a", "worse");

        var error = await Assert.ThrowsAsync<AggregateException>(async () => await workspace.DisposeAsync());

        Assert.Equal(["worse", "bad"], error.InnerExceptions.Select(e => e.Message));
        Assert.Equal(["worse", "a", "bad", "client"], _closed);
        await AssertStoreIsFreeAsync();
    }

    [Fact]
    public async Task Dispose_Again_ClosesNothingTwice()
    {
        var workspace = await OpenAsync("a");

        await workspace.DisposeAsync();
        await workspace.DisposeAsync();

        Assert.Equal(["a", "client"], _closed);
    }

    [Fact]
    public async Task Dispose_ServiceProviderThatIsClosedSynchronously_ClosesItToo()
    {
        var services = new ServiceCollection().AddAgentCore(Configure);
        using (var provider = services.BuildServiceProvider())
        {
            var workspace = provider.GetRequiredService<AgentWorkspace>();
            await workspace.CreateAsync("a");
            await workspace.OpenStoreAsync();
        }

        Assert.Equal(["a", "client"], _closed);
        await AssertStoreIsFreeAsync();
    }

    [Theory]
    [InlineData("members: [a, b, broken]", "broken")]
    [InlineData("members: [a, inner]", "broken")]
    [InlineData("members: [a, bad, broken]", "broken")]
    public async Task Create_TeamWhoseMemberCannotBeMade_ClosesThoseThatWere(string members, string says)
    {
        _folder.Write("teams/inner.yaml", "protocol: sequential\nmembers: [b, broken]\n");
        _folder.Write("teams/outer.yaml", $"protocol: sequential\n{members}\n");
        await using var workspace = _folder.Open(Configure);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => workspace.CreateAsync("outer"));

        Assert.Equal(says, error.Message);
        Assert.Equal(["a", members.Contains("bad", StringComparison.Ordinal) ? "bad" : "b"], _closed.Order());
        await workspace.CreateAsync("a");
    }

    private async Task<AgentWorkspace> OpenAsync(params string[] agents)
    {
        var workspace = _folder.Open(Configure);
        await workspace.OpenStoreAsync();
        foreach (var agent in agents)
            await workspace.CreateAsync(agent);
        return workspace;
    }

    private async Task AssertStoreIsFreeAsync()
    {
        await using var other = _folder.Open(o => o.Store = "file");
        Assert.NotNull(await other.OpenStoreAsync());
    }

    private void Configure(AgentCoreOptions options)
    {
        options.Workspace = _folder.Path;
        options.Store = "file";
        options.Register = registry =>
        {
            registry.AddProvider(new Provider(_closed)).AddAgent("broken", _ => throw new InvalidOperationException("broken"));
            foreach (var name in (string[])["a", "b", "bad", "worse"])
                registry.AddAgent(name, _ => new Closable(name, _closed));
        };
    }

    private sealed class Closable(string name, List<string> closed) : BaseAgent(new AgentMetadata(name))
    {
        protected override AgentResult OnExecute(AgentContext context) => AgentResult.Done("");

        protected override void Dispose(bool disposing)
        {
            closed.Add(Metadata.Name);
            if (Metadata.Name is "bad" or "worse")
                throw new NotSupportedException(Metadata.Name);
            base.Dispose(disposing);
        }
    }

    private sealed class Provider(List<string> closed) : ModelProvider
    {
        public override string Name => "test";

        public override int Preference => 10_000;

        public override ValueTask<ProviderStatus> ProbeAsync(ProviderSettings settings, CancellationToken cancellationToken = default) => new(new ProviderStatus(true, "always", ["one"]));

        public override IChatClient CreateClient(string model, ProviderSettings settings) => new Client(closed);
    }

    private sealed class Client(List<string> closed) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose() => closed.Add("client");
    }
}
