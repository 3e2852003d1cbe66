using AgentCore.Agents;
using AgentCore.Checkpoints;
using AgentCore.Runs;
using AgentCore.Testing;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Agents;

public sealed class ChatCompactionTests : IAsyncLifetime
{
    private const string Long = "a long sentence about the weather in Oslo that takes some room in the conversation, and then some more of it";

    private static readonly AIFunction Look = AIFunctionFactory.Create((string at) => $"seen {at}", "look");

    private readonly MemoryCheckpointStore _store = new();

    [Fact]
    public async Task Compaction_SummaryFails_LeavesTheConversationAndTheRunGoesOn()
    {
        var (agent, model) = Talker(CompactionMode.Summarise, summary: _ => throw new HttpRequestException("503"));
        var session = await FilledAsync(agent);

        var result = await agent.ExecuteAsync("next", new RunOptions { Session = session });

        Assert.Equal("answer to next", result.EnsureDone().Output);
        Assert.Equal(14, session.Messages.Count);
        Assert.Equal(Long + " 0", session.Messages[0].Text);
        Assert.Equal(13, model.Requests[^1].Count);
        agent.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("long")]
    public async Task Compaction_SummaryIsOfNoUse_LeavesTheConversation(string summary)
    {
        var (agent, _) = Talker(CompactionMode.Summarise, summary: _ => summary.Length == 0 ? " " : string.Concat(Enumerable.Repeat(Long, 50)));
        var session = await FilledAsync(agent);

        (await agent.ExecuteAsync("next", new RunOptions { Session = session })).EnsureDone();

        Assert.Equal(Long + " 0", session.Messages[0].Text);
        agent.Dispose();
    }

    [Fact]
    public async Task Compaction_RunFailsAfterTheSummary_LeavesTheSession()
    {
        var (agent, model) = Talker(CompactionMode.Summarise, answer: m => m[^1].Text == "break" ? throw new HttpRequestException("503") : Long);
        var session = await FilledAsync(agent);
        var before = session.Messages.Select(m => m.Text).ToList();

        var failed = await agent.ExecuteAsync("break", new RunOptions { Session = session, Store = _store });

        Assert.Equal(RunStatus.Failed, failed.Status);
        Assert.Equal(before, session.Messages.Select(m => m.Text));
        Assert.StartsWith("[Summary", model.Requests[^1][0].Text, StringComparison.Ordinal);
        agent.Dispose();
    }

    [Fact]
    public async Task Compaction_TokensRunOutInTheSummary_StopsTheRun()
    {
        var (agent, model) = Talker(CompactionMode.Summarise);
        var session = await FilledAsync(agent);
        var calls = model.Calls;

        var result = await agent.ExecuteAsync("next", new RunOptions { Session = session, MaxTokens = 12 });

        Assert.Equal((RunStatus.Limited, calls + 1), (result.Status, model.Calls));
        Assert.Equal(12, session.Messages.Count);
        agent.Dispose();
    }

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(4, 99)]
    public void Options_OutOfRange_SayWhich(int keep, int tokens)
    {
        var error = Assert.Throws<ArgumentException>(() => new ChatCompaction { KeepMessages = keep, MaxTokens = tokens });

        Assert.Contains(keep < 0 ? "ChatCompaction.KeepMessages is -1" : "ChatCompaction.MaxTokens is 99", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compaction_UnderTheBound_DoesNothing()
    {
        var (agent, model) = Talker(CompactionMode.Summarise, maxTokens: 10_000);
        var session = await FilledAsync(agent);

        (await agent.ExecuteAsync("next", new RunOptions { Session = session })).EnsureDone();

        Assert.Equal((7, 14), (model.Calls, session.Messages.Count));
        agent.Dispose();
    }

    [Fact]
    public async Task Compaction_Summary_ReplacesTheOlderMessagesOnceTheRunIsDone()
    {
        var (agent, model) = Talker(CompactionMode.Summarise);
        var session = await FilledAsync(agent);

        var result = await agent.ExecuteAsync("next", new RunOptions { Session = session });

        Assert.Equal(30, result.EnsureDone().Usage!.TotalTokenCount);
        Assert.Equal(["[Summary of the earlier conversation, in place of its messages]\nsum of 8", Long + " 4", $"answer to {Long} 4", Long + " 5", $"answer to {Long} 5", "next", "answer to next"], session.Messages.Select(m => m.Text));
        Assert.Equal(session.Messages.Take(6).Select(m => m.Text), model.Requests[^1].Select(m => m.Text));
        Assert.Equal(ChatRole.User, session.Messages[0].Role);
        agent.Dispose();
    }

    [Fact]
    public async Task Compaction_Cut_LeavesThemOutWithoutAModelCall()
    {
        var (agent, model) = Talker(CompactionMode.Cut);
        var session = await FilledAsync(agent);

        (await agent.ExecuteAsync("next", new RunOptions { Session = session })).EnsureDone();

        Assert.Equal((7, 7), (model.Calls, session.Messages.Count));
        Assert.Contains("left out", session.Messages[0].Text, StringComparison.Ordinal);
        agent.Dispose();
    }

    [Fact]
    public async Task Compaction_AgainAndAgain_KeepsTheSessionBounded()
    {
        var (agent, model) = Talker(CompactionMode.Summarise);
        var session = new AgentSession("s");
        for (var i = 0; i < 60; i++)
            (await agent.ExecuteAsync($"{Long} {i}", new RunOptions { Session = session, Store = _store })).EnsureDone();

        Assert.InRange(session.Messages.Count, 4, 15);
        Assert.InRange(model.Calls, 65, 90);
        var loaded = await AgentSession.LoadAsync(_store, "s");
        Assert.Equal(session.Messages.Select(m => m.Text), loaded.Messages.Select(m => m.Text));
        Assert.Equal(session.Chain().Value, loaded.Chain().Value);
        agent.Dispose();
    }

    [Fact]
    public async Task Compaction_StreamedRun_TellsNoTextOfTheSummary()
    {
        var (agent, _) = Talker(CompactionMode.Summarise);
        var session = await FilledAsync(agent);
        var text = "";
        var notes = new List<string>();

        (await agent.ExecuteAsync("next", new RunOptions
        {
            Session = session,
            Stream = true,
            OnEvent = e =>
            {
                text += (e as TextDeltaEvent)?.Text;
                if (e is NoteEvent note)
                    notes.Add(note.Message);
            },
        })).EnsureDone();

        Assert.Equal("answer to next", text);
        Assert.Contains("8 of 12", Assert.Single(notes), StringComparison.Ordinal);
        agent.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    public void Cut_Anywhere_PartsNoResultFromItsCall(int keep)
    {
        ChatMessage[] messages =
        [
            new(ChatRole.User, Long),
            new(ChatRole.Assistant, [new FunctionCallContent("a", "look"), new FunctionCallContent("b", "look")]),
            new(ChatRole.Tool, [new FunctionResultContent("a", "1")]),
            new(ChatRole.Tool, [new FunctionResultContent("b", "2")]),
            new(ChatRole.Assistant, [new FunctionCallContent("a", "look")]),
            new(ChatRole.Tool, [new FunctionResultContent("a", "3")]),
            new(ChatRole.Assistant, "done"),
        ];

        var cut = ConversationCompactor.CutOf(messages, new ChatCompaction { KeepMessages = keep }, isNew: true);

        var kept = messages.Skip(cut).SelectMany(m => m.Contents).ToList();
        Assert.Equal(kept.OfType<FunctionResultContent>().Count(), kept.OfType<FunctionCallContent>().Count());
        Assert.True(messages.Length - cut >= Math.Min(keep, messages.Length));
        Assert.Equal(new[] { 7, 6, 4, 4, 1, 1, 0 }[Math.Min(keep, 6)], cut);
    }

    [Fact]
    public async Task Compaction_ResultWithoutItsCall_StillCompacts()
    {
        var (agent, _) = Talker(CompactionMode.Cut);
        var session = await FilledAsync(agent);
        var lost = new AgentTask("go on") { Messages = [new ChatMessage(ChatRole.Tool, [new FunctionResultContent("lost", "rain")])] };
        using var plain = new ChatAgent(new AgentMetadata("talker"), agent.Client);
        (await plain.ExecuteAsync(lost, new RunOptions { Session = session })).EnsureDone();
        var before = session.Messages.Count;

        (await agent.ExecuteAsync("next", new RunOptions { Session = session })).EnsureDone();

        Assert.True(session.Messages.Count < before, $"{before} messages became {session.Messages.Count}");
        agent.Dispose();
    }

    [Fact]
    public async Task Summary_LongLineWithAnEmojiAtTheCut_IsAskedForInValidUnicode()
    {
        var model = new ScriptedChatClient().Otherwise(_ => "sum");
        using var agent = ChatAgent.Create("a", model).WithChat(c => c with { Compaction = new ChatCompaction { MaxTokens = 100, KeepMessages = 0 } }).Build();
        var session = new AgentSession();
        (await agent.ExecuteAsync(new string('x', 7_999) + "\U0001F600 and more", new RunOptions { Session = session })).EnsureDone();
        (await agent.ExecuteAsync("next", new RunOptions { Session = session })).EnsureDone();

        var asked = model.Requests.Single(r => r[^1].Text.Contains("<transcript>", StringComparison.Ordinal))[^1].Text;
        Assert.DoesNotContain(asked.EnumerateRunes(), r => r == System.Text.Rune.ReplacementChar);
    }

    [Fact]
    public async Task Load_RecordsOfBefore_StillLoad()
    {
        const string old = """{"messages":[{"role":"user","contents":[{"$type":"text","text":"hi"}]}],"state":{"n":1}}""";
        await _store.CommitAsync(new StoreBatch().Append("session/old", 0, System.Text.Encoding.UTF8.GetBytes(old)));

        var session = await AgentSession.LoadAsync(_store, "old");

        Assert.Equal("hi", Assert.Single(session.Messages).Text);
        Assert.Equal(1, session.State.Get<int>("n"));
    }

    [Fact]
    public async Task Load_RecordReplacesMoreThanThereIs_SaysDamaged()
    {
        const string bad = """{"messages":[],"state":{},"compacted":{"removed":3,"head":{"role":"user","contents":[]}}}""";
        await _store.CommitAsync(new StoreBatch().Append("session/bad", 0, System.Text.Encoding.UTF8.GetBytes(bad)));

        var error = await Assert.ThrowsAsync<StoreException>(() => AgentSession.LoadAsync(_store, "bad"));

        Assert.Contains("replaces 3 messages of 0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CompactionMode.Summarise, false)]
    [InlineData(CompactionMode.Cut, false)]
    [InlineData(CompactionMode.Summarise, true)]
    public async Task Resume_KilledAtAnyRecord_EndsWithTheSameSession(CompactionMode mode, bool failing)
    {
        var (first, _) = Talker(mode, failing ? _ => throw new HttpRequestException("503") : null, tools: true);
        var session = await FilledAsync(first, new AgentSession("s"), _store);
        var before = await LogAsync("session/s");
        var whole = (await first.ExecuteAsync("call", new RunOptions { Session = session, Store = _store })).EnsureDone();
        var records = await LogAsync(whole.RunId!);
        var expected = (await LogAsync("session/s"))[^1];
        Assert.True(records.Count > 4);
        Assert.Equal(!failing, System.Text.Encoding.UTF8.GetString(expected.Span).Contains("compacted", StringComparison.Ordinal));

        for (var prefix = 1; prefix < records.Count; prefix++)
        {
            await using var store = new MemoryCheckpointStore();
            var batch = new StoreBatch();
            for (var i = 0; i < before.Count; i++)
                batch.Append("session/s", i, before[i]);
            for (var i = 0; i < prefix; i++)
                batch.Append(whole.RunId!, i, records[i]);
            await store.CommitAsync(batch);
            var (agent, _) = Talker(mode, failing ? _ => throw new HttpRequestException("503") : null, tools: true);

            var resumed = await agent.ResumeAsync(whole.RunId!, new RunOptions { Store = store });

            Assert.Equal(("answer to call", RunStatus.Done), (resumed.Output, resumed.Status));
            Assert.Equal(expected.ToArray(), (await LogAsync("session/s", store))[^1].ToArray());
            agent.Dispose();
        }

        first.Dispose();
    }

    [Fact]
    public async Task Resume_CompactionInANestedAgent_IsRightAtEveryRecord()
    {
        var result = await ReplayCheck.EnsureAsync(
            () => new Async(async context =>
            {
                var (agent, _) = Talker(CompactionMode.Summarise);
                using var owned = agent;
                var session = new AgentSession();
                for (var i = 0; i < 9; i++)
                    (await context.RunAgentAsync(agent, $"{Long} {i}", session)).EnsureDone();
                return AgentResult.Done(string.Join('|', session.Messages.Select(m => m.Text)));
            }),
            "go");

        Assert.StartsWith("[Summary", result.Output, StringComparison.Ordinal);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _store.DisposeAsync();

    private static (ChatAgent Agent, ScriptedChatClient Model) Talker(
        CompactionMode mode, Func<IReadOnlyList<ChatMessage>, string>? summary = null, Func<IReadOnlyList<ChatMessage>, string>? answer = null,
        int maxTokens = 300, bool tools = false)
    {
        summary ??= m => $"sum of {m[0].Text.Count(c => c == '\n') - 3}";
        answer ??= m => $"answer to {m.Last(x => x.Role == ChatRole.User).Text}";
        var model = new ScriptedChatClient();
        for (var i = 0; i < 200; i++)
        {
            model.Then((messages, _) =>
            {
                if (messages[^1].Text.Contains("<transcript>", StringComparison.Ordinal))
                    return Task.FromResult(Said(summary(messages)));
                return Task.FromResult(messages[^1].Text == "call"
                    ? ScriptedChatClient.CallReply(("look", new { at = "a" }), ("look", new { at = "b" }))
                    : Said(answer(messages)));
            });
        }

        var builder = ChatAgent.Create("talker", model).WithChat(c => c with { Compaction = new ChatCompaction { MaxTokens = maxTokens, KeepMessages = 4, Mode = mode } });
        if (tools)
            builder.WithTool(Look, new AgentCore.Tools.ToolOptions { Repeatable = true });
        return (builder.Build(), model);
    }

    private static ChatResponse Said(string text) =>
        new(new ChatMessage(ChatRole.Assistant, text)) { Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 } };

    /// <summary>A session of six turns, over the bound.</summary>
    private static async Task<AgentSession> FilledAsync(ChatAgent agent, AgentSession? session = null, ICheckpointStore? store = null)
    {
        session ??= new AgentSession();
        using var plain = new ChatAgent(new AgentMetadata("talker"), agent.Client);
        for (var i = 0; i < 6; i++)
            (await plain.ExecuteAsync($"{Long} {i}", new RunOptions { Session = session, Store = store })).EnsureDone();
        return session;
    }

    private async Task<List<ReadOnlyMemory<byte>>> LogAsync(string log, ICheckpointStore? store = null)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        await foreach (var record in (store ?? _store).ReadAsync(log))
            records.Add(record);
        return records;
    }
}
