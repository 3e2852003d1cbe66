using System.Text.Json.Nodes;
using AgentCore.Agents;
using AgentCore.Runs;
using AgentCore.Testing;

namespace AgentCore.Tests.Runs;

public sealed class StateMigrationTests : IAsyncLifetime
{
    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public async Task Get_ValueOfAnOlderVersion_IsBroughtUpToDate()
    {
        await KeepAsync(new CartV1("pen", 3));
        var migrations = new StateMigrations().Add("cart", 1, Split).Add("cart", 2, node => { node["currency"] = "EUR"; return node; });

        var result = await ReadAsync<CartV3>(migrations);

        Assert.Equal("pen:3:EUR", result.EnsureDone().Output);
    }

    [Fact]
    public async Task Get_NothingSaysHow_FailsAndSaysWhatToAdd()
    {
        await KeepAsync(new CartV1("pen", 3));

        var result = await ReadAsync<CartV3>(null);

        Assert.Contains("StateMigrations", result.Error!.Message, StringComparison.Ordinal);
        Assert.Contains("version 1 to 2", result.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ValueOfANewerVersion_IsRefused()
    {
        await KeepAsync(new CartV3("pen", 3, "EUR"));

        var result = await ReadAsync<CartV1>(null);

        Assert.Contains("newer version of the program", result.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resume_StepResultOfAnOlderVersion_IsBroughtUpToDate()
    {
        using var before = new Sync(c => { c.Step("cart", null, () => new CartV1("pen", 3)); throw new IOException("killed"); });
        var run = before.Execute("x", new RunOptions { Store = _store });
        var migrations = new StateMigrations().Add("cart", 1, Split).Add("cart", 2, node => { node["currency"] = "EUR"; return node; });
        using var after = new Sync(c => AgentResult.Done(c.Step("cart", null, () => new CartV3("none", 0, "")).Currency), new AgentOptions { Migrations = migrations });

        Assert.Equal("EUR", (await after.ResumeAsync(run.RunId!, new RunOptions { Store = _store })).EnsureDone().Output);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private static JsonNode Split(JsonNode node) => new JsonObject { ["item"] = node["name"]!.DeepClone(), ["count"] = node["number"]!.DeepClone() };

    private async Task KeepAsync<T>(T value)
    {
        using var agent = new Sync(c => { c.State.Set("cart", value); return AgentResult.Done(""); });
        (await agent.ExecuteAsync("x", new RunOptions { Store = _store, Session = new AgentSession("s") })).EnsureDone();
    }

    private async Task<AgentResult> ReadAsync<T>(StateMigrations? migrations)
    {
        var session = await AgentSession.LoadAsync(_store, "s");
        using var agent = new Sync(c => AgentResult.Done($"{c.State.Get<T>("cart")}"), new AgentOptions { Migrations = migrations });
        return await agent.ExecuteAsync("x", new RunOptions { Session = session });
    }

    [StateType("cart")]
    private sealed record CartV1(string Name, int Number);

    [StateType("cart", 3)]
    private sealed record CartV3(string Item, int Count, string Currency)
    {
        public override string ToString() => $"{Item}:{Count}:{Currency}";
    }
}
