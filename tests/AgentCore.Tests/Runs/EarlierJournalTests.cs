using System.Text;
using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Runs;

/// <summary>Runs that an earlier build began go on as they began: what the loops told a model then, they tell it still. The
/// journals are in <c>EarlierJournals</c>, a log's name and a record on each line.</summary>
public sealed class EarlierJournalTests : IAsyncLifetime
{
    private static readonly AIFunction Dice = AIFunctionFactory.Create(() => 4, "dice");
    private static readonly AIFunction Look = AIFunctionFactory.Create(() => "rain", "look");

    private readonly MemoryCheckpointStore _store = new();

    // It called one tool five times in one reply, and was limited then.
    [Fact]
    public Task Resume_NestedAgentEndedForRepeatsInOneReply_GoesOn() => AssertGoesOnAsync("repeats", b => b.WithTool(Dice));

    // Its model called an agent without its task, which failed it.
    [Fact]
    public async Task Resume_NestedAgentEndedForACallWithoutATask_GoesOn()
    {
        using var leaf = ChatAgent.Create("leaf", Unasked()).WithDescription("leaf").Build();
        await AssertGoesOnAsync("task", b => b.WithCapabilities("*").WithTools(new ToolRegistry().Add(leaf.AsTool())));
    }

    // Its last reply was empty, and what announced a tool call was its answer.
    [Fact]
    public Task Resume_NestedAgentEndedWithAnEmptyReply_GoesOn() => AssertGoesOnAsync("empty", b => b.WithTool(Look));

    // Its last reply was withheld, and it failed for the slips before that.
    [Fact]
    public Task Resume_NestedAgentEndedWithAWithheldReply_GoesOn() =>
        AssertGoesOnAsync("withheld", b => b.WithTool(Look).WithChat(c => c with { MaxSlips = 1 }));

    // A result without its call kept all messages after it.
    [Theory]
    [InlineData(CompactionMode.Cut, "orphan-cut")]
    [InlineData(CompactionMode.Summarise, "orphan-summarise")]
    public async Task Resume_SessionWithAResultWithoutItsCall_GoesOnWithTheSameMessages(CompactionMode mode, string journal)
    {
        await LoadAsync(journal);
        var model = new ScriptedChatClient().Otherwise(_ => "all done");
        using var agent = ChatAgent.Create("a", model).WithTool(Look)
            .WithChat(c => c with { Compaction = new ChatCompaction { MaxTokens = 100, KeepMessages = 3, Mode = mode } }).Build();

        var resumed = await agent.ResumeAsync("run1", new RunOptions { Store = _store });

        Assert.Equal(("all done", 1), (resumed.EnsureDone().Output, model.Calls));
    }

    // A long line was cut within an emoji.
    [Fact]
    public async Task Resume_SummaryOfALineCutWithinACharacter_GoesOnWithIt()
    {
        await LoadAsync("summary-cut");
        var model = new ScriptedChatClient().Otherwise(_ => "all done");
        using var agent = ChatAgent.Create("a", model)
            .WithChat(c => c with { Compaction = new ChatCompaction { MaxTokens = 100, KeepMessages = 0 } }).Build();

        var resumed = await agent.ResumeAsync("run1", new RunOptions { Store = _store });

        Assert.Equal(("all done", 1), (resumed.EnsureDone().Output, model.Calls));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    /// <summary>The outer agent called the inner one, looked, and failed at its third reply.</summary>
    private async Task AssertGoesOnAsync(string journal, Func<ChatAgentBuilder, ChatAgentBuilder> shape)
    {
        await LoadAsync(journal);
        using var inner = shape(ChatAgent.Create("inner", Unasked())).Build();
        var model = new ScriptedChatClient().Otherwise(_ => "all done");
        using var outer = ChatAgent.Create("outer", model).WithCapabilities("*").WithTools(new ToolRegistry().Add(inner.AsTool()).Add(Look)).Build();

        var replay = await outer.ReplayAsync("run1", new RunOptions { Store = _store });
        var resumed = await outer.ResumeAsync("run1", new RunOptions { Store = _store });

        Assert.True(replay.IsSame, replay.Difference);
        Assert.Equal(("all done", 1), (resumed.EnsureDone().Output, model.Calls));
    }

    private static ScriptedChatClient Unasked() => new ScriptedChatClient().Otherwise(_ => throw new InvalidOperationException("The journal has all replies."));

    private async Task LoadAsync(string journal)
    {
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        var batch = new StoreBatch();
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Runs", "EarlierJournals", $"{journal}.txt")))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var log = line[..tab];
            var position = positions.GetValueOrDefault(log);
            batch.Append(log, position, Encoding.UTF8.GetBytes(line[(tab + 1)..]));
            positions[log] = position + 1;
        }

        await _store.CommitAsync(batch);
    }
}
