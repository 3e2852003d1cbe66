using AgentCore.Agents;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Agents;

/// <summary>Sessions of which some runs are kept in a store and some aren't.</summary>
public sealed class SessionStoreTests : IAsyncLifetime
{
    private const string Answer = "an answer that has some words in it, so that it takes room in the conversation";

    private readonly MemoryCheckpointStore _store = new();
    private readonly AgentSession _session = new("ada");

    [Theory]
    [InlineData("without with")]
    [InlineData("with without with")]
    [InlineData("without without cut-with")]
    [InlineData("with with without cut-without with")]
    [InlineData("with with cut-without without cut-with")]
    [InlineData("with cut-without cut-without cut-with with")]
    public async Task Load_SomeRunsWereWithoutTheStore_HasAllThatTheSessionHas(string runs)
    {
        foreach (var run in runs.Split(' '))
        {
            using var agent = Talker(compacts: run.StartsWith("cut", StringComparison.Ordinal));
            for (var i = 0; i < 3; i++)
                (await agent.ExecuteAsync($"{run} {i}", Options(run.EndsWith("without", StringComparison.Ordinal)))).EnsureDone();
        }

        Assert.Equal(_session.Messages.Select(m => m.Text), (await LoadAsync()).Messages.Select(m => m.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Load_MoreThanARecordTakesIsOfRunsWithoutTheStore_HasIt(bool cut)
    {
        using (var agent = Talker(compacts: false))
        {
            for (var i = 0; i < 6; i++)
                (await agent.ExecuteAsync("first", Options(without: false))).EnsureDone();
        }

        using (var agent = Talker(compacts: cut))
            (await agent.ExecuteAsync("second", Options(without: true))).EnsureDone();
        Assert.Equal(cut, _session.Messages.Count < 14);
        using var fat = new Async(c =>
        {
            if (c.Task.Input == "fail")
                throw new IOException("gone");
            var large = new string('x', 6_000_000);
            c.State.Set("large", large);
            c.AddToSession([.. Enumerable.Range(0, 4).Select(i => new ChatMessage(ChatRole.User, $"{i} {large}"))]);
            return Task.FromResult(AgentResult.Done("ok"));
        });
        (await fat.ExecuteAsync("go", Options(without: true))).EnsureDone();

        var failed = await fat.ExecuteAsync("fail", Options(without: false));

        Assert.Equal("gone", failed.Error?.Message);
        await AssertWholeAsync();
        using var last = Talker(compacts: false);
        (await last.ExecuteAsync("last", Options(without: false))).EnsureDone();
        await AssertWholeAsync();

        async Task AssertWholeAsync()
        {
            var loaded = await LoadAsync();
            Assert.Equal(_session.Messages.Select(m => m.Text), loaded.Messages.Select(m => m.Text));
            Assert.Equal((_session.Position, 6_000_000), (loaded.Position, loaded.State.Get<string>("large")!.Length));
        }
    }

    [Fact]
    public async Task Resume_MoreThanARecordTakesIsOfRunsWithoutTheStore_GoesOnFromIt()
    {
        var fails = true;
        var model = new ScriptedChatClient().Otherwise(m => fails && m[^1].Text == "kept" ? throw new IOException("gone") : "ok");
        using var agent = ChatAgent.Create("a", model).Build();
        for (var i = 0; i < 3; i++)
            (await agent.ExecuteAsync(new string('x', 6_000_000), Options(without: true))).EnsureDone();
        var failed = await agent.ExecuteAsync("kept", Options(without: false));
        fails = false;

        var resumed = await agent.ResumeAsync(failed.RunId!, new RunOptions { Store = _store });

        Assert.Equal("ok", resumed.EnsureDone().Output);
        Assert.Equal(7, model.Requests[^1].Count);
        Assert.Equal(8, (await LoadAsync()).Messages.Count);
    }

    [Fact]
    public async Task Begin_MoreThanABatchTakesIsOfRunsWithoutTheStore_SaysWhatToDoAndThatHelps()
    {
        using var talker = Talker(compacts: false);
        (await talker.ExecuteAsync("first", Options(without: false))).EnsureDone();
        using var fat = new Async(c =>
        {
            c.AddToSession([.. Enumerable.Range(0, 5).Select(i => new ChatMessage(ChatRole.User, new string('x', 14_000_000)))]);
            return Task.FromResult(AgentResult.Done("ok"));
        });
        (await fat.ExecuteAsync("go", Options(without: true))).EnsureDone();

        var failed = await talker.ExecuteAsync("next", Options(without: false));

        Assert.Matches(
            @"^What runs without the store added to session 'ada' has 70,\d\d\d,\d\d\d bytes as JSON; with the beginning of a run, a store takes up to 67,108,864 at once\. "
            + @"Let a run without the store compact the session \(ChatCompaction\), or go on with a new one\.$",
            failed.Error?.Message);
        Assert.Equal(2, (await LoadAsync()).Messages.Count);
        using var cutter = Talker(compacts: true);
        (await cutter.ExecuteAsync("cut", Options(without: true))).EnsureDone();
        (await talker.ExecuteAsync("next", Options(without: false))).EnsureDone();
        Assert.Equal(_session.Messages.Select(m => m.Text), (await LoadAsync()).Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task Load_OnlyTheStateIsOfARunWithoutTheStore_HasIt()
    {
        using var agent = new Async(c =>
        {
            if (c.Task.Input == "fail")
                throw new IOException("gone");
            c.State.Set("name", c.Task.Input);
            return Task.FromResult(AgentResult.Done("ok"));
        });
        (await agent.ExecuteAsync("Ada", Options(without: true))).EnsureDone();

        await agent.ExecuteAsync("fail", Options(without: false));

        Assert.Equal("Ada", (await LoadAsync()).State.Get<string>("name"));
    }

    [Fact]
    public async Task Resume_AfterRunsWithoutTheStore_AsksWithAllMessages()
    {
        var fails = true;
        var model = new ScriptedChatClient().Otherwise(m => fails && m[^1].Text == "kept" ? throw new IOException("gone") : "ok");
        using var agent = ChatAgent.Create("a", model).Build();
        (await agent.ExecuteAsync("my name is Ada", Options(without: true))).EnsureDone();
        var failed = await agent.ExecuteAsync("kept", Options(without: false));
        fails = false;

        var resumed = await agent.ResumeAsync(failed.RunId!, new RunOptions { Store = _store });

        Assert.Equal("ok", resumed.EnsureDone().Output);
        Assert.Equal(["my name is Ada", "ok", "kept"], model.Requests[^1].Select(m => m.Text));
        Assert.Equal(4, (await LoadAsync()).Messages.Count);
    }

    [Fact]
    public async Task Resume_WithASessionThatWentOnWithoutTheStore_IsDoneByAnyProcess()
    {
        var fails = true;
        using var agent = new Async(c => c.Task.Input != "kept"
            ? Added(c)
            : c.StepAsync("work", null, _ => fails ? throw new IOException("gone") : Task.FromResult(1), StepOptions.Repeat).ContinueWith(_ => fails ? throw new IOException("gone") : Added(c)).Unwrap());
        var failed = await agent.ExecuteAsync("kept", Options(without: false));
        (await agent.ExecuteAsync("between", Options(without: true))).EnsureDone();
        Assert.False((await agent.ResumeAsync(failed.RunId!, Options(without: false))).IsDone);
        fails = false;

        (await agent.ResumeAsync(failed.RunId!, new RunOptions { Store = _store })).EnsureDone();

        Assert.Equal(["between", "kept"], (await LoadAsync()).Messages.Select(m => m.Text));

        static Task<AgentResult> Added(AgentContext context)
        {
            context.AddToSession([new(ChatRole.User, context.Task.Input)]);
            return Task.FromResult(AgentResult.Done("ok"));
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private RunOptions Options(bool without) => new() { Session = _session, Store = without ? null : _store };

    private Task<AgentSession> LoadAsync() => AgentSession.LoadAsync(_store, _session.Id);

    private static ChatAgent Talker(bool compacts) => ChatAgent.Create("a", new ScriptedChatClient().Otherwise(_ => Answer))
        .WithChat(c => compacts ? c with { Compaction = new ChatCompaction { MaxTokens = 100, KeepMessages = 2, Mode = CompactionMode.Cut } } : c).Build();
}
