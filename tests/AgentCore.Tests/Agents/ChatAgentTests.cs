using System.Text.Json;
using AgentCore.Agents;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;

namespace AgentCore.Tests.Agents;

public sealed class ChatAgentTests
{
    private static readonly AIFunction Add = AIFunctionFactory.Create((int a, int b) => a + b, "add", "Adds two numbers.");

    [Fact]
    public async Task Execute_ToolCall_ResultGoesBackAndUsageIsSummedOverEveryCall()
    {
        var model = new ScriptedChatClient().ThenCall("add", new { a = 2, b = 3 }).ThenReply("It is 5.");
        using var agent = ChatAgent.Create("sums", model).WithTool(Add).Build();

        var result = await agent.ExecuteAsync("2 + 3?");

        Assert.Equal("It is 5.", result.EnsureDone().Output);
        Assert.Equal(30, result.Usage!.TotalTokenCount);
        var told = Assert.IsType<FunctionResultContent>(Assert.Single(model.Requests[1][^1].Contents));
        Assert.Equal("5", told.Result!.ToString());
    }

    [Fact]
    public async Task Execute_ParallelCalls_ResultsKeepTheirCallsAndOrder()
    {
        var model = new ScriptedChatClient().ThenCalls(("add", new { a = 1, b = 1 }), ("add", new { a = 2, b = 2 })).ThenReply("ok");
        using var agent = ChatAgent.Create("sums", model).WithTool(Add).Build();

        (await agent.ExecuteAsync("go")).EnsureDone();

        var results = model.Requests[1][^1].Contents.Cast<FunctionResultContent>().ToList();
        Assert.Equal([("call-0", "2"), ("call-1", "4")], results.Select(r => (r.CallId, r.Result!.ToString()!)));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("forbidden")]
    [InlineData("arguments")]
    public async Task Execute_ModelSlips_AreToldToItAndBounded(string slip)
    {
        var tools = new ToolRegistry().Add(Add, new ToolOptions { Capabilities = [] }).Add(AIFunctionFactory.Create(() => 1, "forbidden"));
        var model = new ScriptedChatClient();
        for (var i = 0; i < 10; i++)
            model.ThenCall(slip == "arguments" ? "add" : slip, slip == "arguments" ? new { a = $"word{i}", b = i } : new { i });
        using var agent = new ChatAgent(new AgentMetadata("slips"), model, null, new AgentOptions { Tools = tools });

        var result = await agent.ExecuteAsync("go");

        Assert.Equal(RunStatus.Failed, result.Status);
        Assert.Equal("AgentCore.ModelSlip", result.Error!.Type);
        Assert.Equal(4, model.Calls);
        Assert.StartsWith("Error:", ((FunctionResultContent)model.Requests[1][^1].Contents[0]).Result!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_ClientThatWouldCallFunctionsItself_GetsDeclarationsAlone()
    {
        ChatOptions? seen = null;
        var model = new Spy(new ScriptedChatClient("ok"), o => seen = o);
        using var agent = ChatAgent.Create("sums", model).WithTool(Add).Build();

        await agent.ExecuteAsync("go");

        var tool = Assert.Single(seen!.Tools!);
        Assert.Equal("add", tool.Name);
        Assert.IsNotType<AIFunction>(tool, exactMatch: false);
    }

    [Fact]
    public async Task Execute_SlipThenRight_GoesOn()
    {
        var model = new ScriptedChatClient().ThenCall("ad").ThenCall("add", new { a = 1, b = 2 }).ThenReply("3");
        using var agent = ChatAgent.Create("sums", model).WithTool(Add).Build();

        Assert.Equal("3", (await agent.ExecuteAsync("go")).EnsureDone().Output);
        Assert.Contains("add", ((FunctionResultContent)model.Requests[1][^1].Contents[0]).Result!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_SameCallAgainAndAgain_IsToldOnceThenStopped()
    {
        var calls = 0;
        var model = new ScriptedChatClient();
        for (var i = 0; i < 20; i++)
            model.ThenCall("look", new { });
        using var agent = ChatAgent.Create("loops", model).WithTool(AIFunctionFactory.Create(() => ++calls, "look")).Build();

        var result = await agent.ExecuteAsync("go");

        Assert.Equal((RunStatus.Limited, StopKind.NoProgress, 3, 5), (result.Status, result.Stop!.Kind, calls, model.Calls));
    }

    [Fact]
    public async Task Execute_ModelNeverEnds_IsLimitedWithTheLastText()
    {
        var n = 0;
        var model = new ScriptedChatClient();
        for (var i = 0; i < 50; i++)
            model.Then((_, _) => Task.FromResult(ScriptedChatClient.CallReply(("count", new { n = n++ }))));
        using var agent = ChatAgent.Create("endless", model).WithTool(AIFunctionFactory.Create((int n) => n, "count"))
            .WithChat(c => c with { MaxModelCalls = 7 }).Build();

        var result = await agent.ExecuteAsync("go");

        Assert.Equal((RunStatus.Limited, StopKind.MaxTurns, 7), (result.Status, result.Stop!.Kind, model.Calls));
    }

    [Fact]
    public async Task Execute_MaxTokensUsedUp_IsLimitedAndSaysHowToRaiseIt()
    {
        var model = new ScriptedChatClient().ThenCall("add", new { a = 1, b = 1 }).ThenCall("add", new { a = 1, b = 2 }).ThenReply("never");
        using var agent = ChatAgent.Create("sums", model).WithTool(Add).Build();

        var result = await agent.ExecuteAsync("go", new RunOptions { MaxTokens = 25 });

        Assert.Equal((RunStatus.Limited, StopKind.MaxTokens, 2), (result.Status, result.Stop!.Kind, model.Calls));
        Assert.Contains("RunOptions.MaxTokens", result.Stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_ModelThrows_IsAFailedRunAndTheSessionIsUntouched()
    {
        var session = new AgentSession();
        var model = new ScriptedChatClient().ThenReply("hi").ThenThrow(new HttpRequestException("503"));
        using var agent = ChatAgent.Create("a", model).Build();
        await agent.ExecuteAsync("hello", new RunOptions { Session = session });

        var result = await agent.ExecuteAsync("again", new RunOptions { Session = session });

        Assert.Equal((RunStatus.Failed, "503"), (result.Status, result.Error!.Message));
        Assert.Equal(["hello", "hi"], session.Messages.Select(m => m.Text));
        Assert.Equal(AgentState.Ready, agent.State);
    }

    [Fact]
    public async Task Execute_Session_CarriesTheConversationOn()
    {
        var model = new ScriptedChatClient("one", "two");
        using var agent = ChatAgent.Create("a", model).WithInstructions("Be brief.").Build();
        var session = new AgentSession();

        await agent.ExecuteAsync("first", new RunOptions { Session = session });
        await agent.ExecuteAsync("second", new RunOptions { Session = session });

        Assert.Equal(["first", "one", "second"], model.Requests[1].Select(m => m.Text));
    }

    [Fact]
    public async Task Execute_SessionInUse_IsRefused()
    {
        var release = new TaskCompletionSource();
        var model = new ScriptedChatClient().Then(async (_, _) => { await release.Task; return new ChatResponse(new ChatMessage(ChatRole.Assistant, "a")); });
        using var agent = ChatAgent.Create("a", model).Build();
        var session = new AgentSession();
        var first = agent.ExecuteAsync("x", new RunOptions { Session = session });

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => agent.ExecuteAsync("y", new RunOptions { Session = session }));
        release.SetResult();

        Assert.Contains("one run at a time", refused.Message, StringComparison.Ordinal);
        Assert.True((await first).IsDone);
    }

    [Fact]
    public async Task Execute_SessionInAStore_LoadsWithMessagesAndState()
    {
        await using var store = new MemoryCheckpointStore();
        using var agent = ChatAgent.Create("a", new ScriptedChatClient("hi", "bye")).WithStore(store).Build();
        var session = new AgentSession("s1");
        await agent.ExecuteAsync("hello", new RunOptions { Session = session });
        await agent.ExecuteAsync("go", new RunOptions { Session = session });

        var loaded = await AgentSession.LoadAsync(store, "s1");

        Assert.Equal(["hello", "hi", "go", "bye"], loaded.Messages.Select(m => m.Text));
    }

    [Fact]
    public async Task Execute_Streaming_TellsTextAndTypedEventsInOrder()
    {
        var model = new ScriptedChatClient().ThenCall("add", new { a = 1, b = 2 }).ThenReply("the sum is 3");
        using var agent = ChatAgent.Create("sums", model).WithTool(Add).Build();
        var events = new List<AgentEvent>();

        await agent.ExecuteAsync("go", new RunOptions { Stream = true, OnEvent = events.Add });

        Assert.Equal("the sum is 3", string.Concat(events.OfType<TextDeltaEvent>().Select(e => e.Text)));
        Assert.Equal(Enumerable.Range(0, events.Count).Select(i => (long)i), events.Select(e => e.Sequence));
        Assert.Equal(["scripted", "add", "scripted"], events.OfType<StepFinishedEvent>().Select(e => e.Name));
        Assert.IsType<RunEndedEvent>(events[^1]);
    }

    [Fact]
    public async Task Execute_Structured_RepairsOnceAndGivesData()
    {
        var model = new ScriptedChatClient("Here you are: Oslo", """{"city":"Oslo"}""", "```json\n{\"city\":\"Oslo\",\"people\":700000}\n```");
        using var agent = ChatAgent.Create("a", model).Build();

        var result = await agent.ExecuteAsync<City>("capital of Norway");

        Assert.Equal(new City("Oslo", 700000), result.EnsureDone().GetData<City>());
        Assert.Contains("people", model.Requests[2][^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_StructuredNeverFits_Fails()
    {
        using var agent = ChatAgent.Create("a", new ScriptedChatClient().Otherwise(_ => "no")).Build();

        Assert.Equal("AgentCore.ModelSlip", (await agent.ExecuteAsync<City>("x")).Error!.Type);
    }

    [Fact]
    public async Task Replay_EveryPrefix_EndsTheSame()
    {
        ChatAgent Make() => ChatAgent.Create("sums", new ScriptedChatClient().Otherwise(_ => "done"))
            .WithTool(Add, new ToolOptions { Repeatable = true }).Build();

        await ReplayCheck.EnsureAsync(Make, "go");
    }

    [Fact]
    public async Task Replay_ToolsInParallelWithAModelThatReadsTheHistory_EndsTheSame()
    {
        static ChatResponse Next(IReadOnlyList<ChatMessage> messages) => messages.Count switch
        {
            1 => ScriptedChatClient.CallReply(("add", new { a = 1, b = 1 }), ("add", new { a = 2, b = 2 })),
            3 => ScriptedChatClient.CallReply(("add", new { a = 5, b = 5 })),
            _ => new ChatResponse(new ChatMessage(ChatRole.Assistant, $"after {messages.Count}")),
        };
        ChatAgent Make()
        {
            var model = new ScriptedChatClient();
            for (var i = 0; i < 5; i++)
                model.Then((m, _) => Task.FromResult(Next(m)));
            return ChatAgent.Create("sums", model).WithTool(Add).Build();
        }

        var report = await ReplayCheck.VerifyAsync(Make, "go");

        Assert.True(report.IsGood, string.Join('\n', report.Problems));
        Assert.Equal("after 5", report.Result.Output);
    }

    [Fact]
    public async Task AsTool_NestedAgent_IsAScopeOfTheRunAndItsTokensCount()
    {
        var inner = ChatAgent.Create("expert", new ScriptedChatClient("42")).WithDescription("Knows.").Build();
        var tool = inner.AsTool();
        var model = new ScriptedChatClient().ThenCall("expert", new { task = "what?" }).ThenReply("It says 42.");
        using var agent = new ChatAgent(
            new AgentMetadata("asker") { Capabilities = new(["expert"]) }, model, null, new AgentOptions { Tools = new ToolRegistry().Add(tool), MaxConcurrentRuns = 0 });

        var result = await agent.ExecuteAsync("ask");

        Assert.Equal(("It says 42.", 45), (result.EnsureDone().Output, result.Usage!.TotalTokenCount));
    }

    [Fact]
    public void Registry_FindsByNameRoleAndCapability()
    {
        var writer = ChatAgent.Create("Writer", new ScriptedChatClient()).WithRole("writer").WithCapabilities("files.write").Build();
        var reader = ChatAgent.Create("Reader", new ScriptedChatClient()).WithRole("reader").WithCapabilities("files.*").Build();
        var registry = new AgentRegistry().Add(writer).Add(reader);

        Assert.Same(writer, registry.Get("writer"));
        Assert.Equal([reader], registry.Find(role: "READER"));
        Assert.Equal([reader], registry.Find(capabilities: ["files.read"]));
        Assert.Equal([reader, writer], registry.Find(capabilities: ["files.write"]));
        Assert.Contains("Reader, Writer", Assert.Throws<ArgumentException>(() => registry.Get("nobody")).Message, StringComparison.Ordinal);
    }

    private sealed class Spy(IChatClient inner, Action<ChatOptions?> see) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            see(options);
            return base.GetResponseAsync(messages, options, cancellationToken);
        }
    }

    private sealed record City(string Name, int People)
    {
        [System.Text.Json.Serialization.JsonPropertyName("city")]
        public string Name { get; init; } = Name;
    }
}
