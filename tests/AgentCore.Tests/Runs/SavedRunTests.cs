using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>Runs that a released version saved must open, resume and replay for good: one store per format version, in
/// checkpoints/saved. To add one after a change of the format, run this test with SAVE_RUNS naming the new folder.</summary>
public sealed class SavedRunTests
{
    public static TheoryData<string> Formats => [.. Directory.GetDirectories(Path.Combine(Root, "checkpoints", "saved")).Select(d => Path.GetFileName(d)!)];

    private static string Root
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentCore.sln")))
                folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("AgentCore.sln is in no folder above the tests.");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Open_RunsOfEachReleasedFormat_ResumeAndReplay(string format)
    {
        // A copy: opening a store writes to it, and what is saved stays as it was.
        var copy = Directory.CreateTempSubdirectory("agentcore-saved-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Root, "checkpoints", "saved", format)))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            await using var store = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = copy });
            var history = new RunHistory(store);
            var runs = new Dictionary<string, RunSummary>();
            await foreach (var run in history.ListAsync())
                runs.Add(run.Input, run);

            using var agent = Saver(stopAfter: int.MaxValue);
            var options = new RunOptions { Store = store };
            var replay = await agent.ReplayAsync(runs["finished"].Id, options);
            Assert.True(replay.IsSame, replay.Difference);
            Assert.Equal("1 2 double 4 3 branches 5|6 said hello to saver", replay.Replayed.Output);

            var resumed = await agent.ResumeAsync(runs["killed"].Id, options);
            Assert.Equal("1 2 double 4 3 branches 5|6 said hello to saver", resumed.EnsureDone().Output);

            var waiting = await agent.ResumeAsync(runs["waiting"].Id, options);
            Assert.Equal(RunStatus.NeedsDecision, waiting.Status);
            await history.DecideAsync(runs["waiting"].Id, waiting.Pending[0].Step, new Decision(Verdict.Retry, "test"));
            Assert.True((await agent.ResumeAsync(runs["waiting"].Id, options)).IsDone);
            Assert.Equal(["hi", "hello"], (await AgentSession.LoadAsync(store, "saved-session")).Messages.Select(m => m.Text));
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Read_RecordOfANewerVersion_IsRefusedClearly()
    {
        await using var store = new MemoryCheckpointStore();
        await store.CommitAsync(new StoreBatch().Append("r1", 0, """{"k":"run","at":1,"i":99,"n":"saver","v":{"input":"x"}}"""u8.ToArray())
            .Append("r2", 0, """{"k":"run","at":1,"i":1,"n":"saver","v":{"input":"x"}}"""u8.ToArray()).Append("r2", 1, """{"k":"teleport","at":2}"""u8.ToArray()));
        using var agent = Saver(int.MaxValue);

        var newer = await Assert.ThrowsAsync<StoreException>(() => agent.ResumeAsync("r1", new RunOptions { Store = store }));
        var unknown = await Assert.ThrowsAsync<StoreException>(() => agent.ResumeAsync("r2", new RunOptions { Store = store }));

        Assert.Contains("format 99", newer.Message, StringComparison.Ordinal);
        Assert.Contains("'teleport'", unknown.Message, StringComparison.Ordinal);
        Assert.All([newer, unknown], e => Assert.Contains("newer version", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Save_WhereAsked_WritesTheRunsOfThisFormat()
    {
        var folder = Environment.GetEnvironmentVariable("SAVE_RUNS") ?? Directory.CreateTempSubdirectory("agentcore-save-").FullName;
        await using var store = await FileCheckpointStore.OpenAsync(new FileStoreOptions { Folder = folder });
        var options = new RunOptions { Store = store };
        using var whole = Saver(int.MaxValue);
        (await whole.ExecuteAsync("finished", options)).EnsureDone();
        using var cut = Saver(stopAfter: 2);
        Assert.Equal(RunStatus.Failed, (await cut.ExecuteAsync("killed", options)).Status);
        using var lost = Saver(int.MaxValue, lose: true);
        Assert.Equal(RunStatus.NeedsDecision, (await lost.ExecuteAsync("waiting", options)).Status);
        using var chat = ChatAgent.Create("chat", new ScriptedChatClient("hello")).Build();
        (await chat.ExecuteAsync("hi", options with { Session = new AgentSession("saved-session") })).EnsureDone();
        if (Environment.GetEnvironmentVariable("SAVE_RUNS") is null)
            Directory.Delete(folder, recursive: true);
    }

    /// <summary>An agent with a step of each kind; its code stays as it was when the runs were saved.</summary>
    private static Async Saver(int stopAfter, bool lose = false)
    {
        var tools = new ToolRegistry().Add(AIFunctionFactory.Create((int n) => n * 2, "double"));
        return new Async(
            async c =>
            {
                var one = await c.StepAsync("one", null, _ => Task.FromResult(1));
                var two = await c.StepAsync("two", one, _ => Task.FromResult(2), StepOptions.Repeat);
                if (stopAfter == 2)
                    throw new IOException("killed");
                var doubled = await c.CallToolAsync("double", new Dictionary<string, object?> { ["n"] = two });
                var three = await c.StepAsync("three", null, _ => lose ? throw new TimeoutException() : Task.FromResult(3));
                var parts = await c.ParallelAsync<int>([
                    async b => await b.StepAsync("left", null, _ => Task.FromResult(5)),
                    async b => await b.StepAsync("right", null, _ => Task.FromResult(6)),
                ]);
                using var chat = ChatAgent.Create("nested", new ScriptedChatClient().Otherwise(m => $"hello to {m[^1].Text}")).Build();
                var said = await c.RunAgentAsync(chat, c.Agent.Metadata.Name);
                return AgentResult.Done($"{one} {two} double {doubled} {three} branches {string.Join('|', parts)} said {said.Output}");
            },
            new AgentOptions { Tools = tools },
            "saver");
    }
}
