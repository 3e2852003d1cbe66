using System.Net;
using System.Text;
using System.Text.Json;
using AgentCore.Testing;
using AgentCore.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace AgentCore.SemanticKernel.Tests;

/// <summary>Kernels with a connector of the caller's. The server is made up; the connector is real.</summary>
public class ConnectorTests
{
    [Theory]
    [InlineData(false, "money.pay", 1, 30)]
    [InlineData(true, "money.pay", 1, 30)]
    [InlineData(false, "other", 0, 15)]
    [InlineData(true, "other", 0, 15)]
    public async Task OpenAI_AsServiceOrClient_CallsThroughTheGateAndIsCounted(bool asClient, string capability, int paid, int tokens)
    {
        using var server = new Server();
        using var http = new HttpClient(server);
        var bank = new Bank(configure: b => Add(b, asClient, http));
        using var agent = new KernelAgent("teller", bank.Kernel, capability);
        var store = new MemoryCheckpointStore();

        var result = await agent.ExecuteAsync("pay 5", new RunOptions { Store = store });
        var replay = await agent.ReplayAsync(result.RunId!, new RunOptions { Store = store });

        Assert.Equal("all done", result.EnsureDone().Output);
        Assert.Equal(paid, bank.Paid);
        Assert.Equal(tokens, result.Usage!.TotalTokenCount);
        Assert.Equal(paid + 1, server.Asked);
        Assert.True(replay.IsSame);
    }

    [Theory]
    [InlineData(false, "money.pay", 1, 30)]
    [InlineData(true, "money.pay", 1, 30)]
    [InlineData(false, "other", 0, 30)]
    [InlineData(true, "other", 0, 30)]
    public async Task OpenAI_UnderAChatCompletionAgent_CallsThroughTheGateAndIsCounted(bool asClient, string capability, int paid, int tokens)
    {
        using var server = new Server();
        using var http = new HttpClient(server);
        var bank = new Bank(configure: b => Add(b, asClient, http));
        using var agent = new SemanticKernelAgent(
            new Microsoft.SemanticKernel.Agents.ChatCompletionAgent
            {
                Name = "teller",
                Kernel = bank.Kernel,
                Arguments = new KernelArguments(new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }),
            },
            new AgentMetadata("teller") { Capabilities = new CapabilitySet([capability]) });

        var result = await agent.ExecuteAsync("pay 5", new RunOptions { Store = new MemoryCheckpointStore() });

        Assert.Equal("all done", result.EnsureDone().Output);
        Assert.Equal(paid, bank.Paid);
        Assert.Equal(tokens, result.Usage!.TotalTokenCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OpenAI_OverTheRunsTokens_IsStopped(bool asClient)
    {
        using var server = new Server();
        using var http = new HttpClient(server);
        var bank = new Bank(configure: b => Add(b, asClient, http));
        using var agent = new KernelAgent("teller", bank.Kernel, "money.pay");

        var result = await agent.ExecuteAsync("pay 5", new RunOptions { MaxTokens = 10 });

        Assert.Equal(RunStatus.Limited, result.Status);
        Assert.Equal(1, server.Asked);
    }

    // As connectors register them that are chat clients inside, with Semantic Kernel's loop around.
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public async Task Service_WithALoopInside_LeavesTheCallsToTheRun(bool streams, int payments)
    {
        using var model = new ScriptedChatClient();
        model.ThenCalls([.. Enumerable.Repeat<(string, object?)>(("money_pay", new { amount = 5 }), payments)]).ThenReply("all done");
        var service = model.AsBuilder().UseKernelFunctionInvocation().Build().AsChatCompletionService();
        var bank = new Bank(configure: b => b.Services.AddSingleton(service));
        using var agent = new KernelAgent("teller", bank.Kernel, "money.pay");

        var result = await agent.ExecuteAsync("pay", new RunOptions { Stream = streams, OnEvent = _ => { } });

        Assert.Equal("all done", result.EnsureDone().Output);
        Assert.Equal(payments, bank.Paid);
        Assert.Equal(2, model.Calls);
        var results = model.Requests[1].SelectMany(m => m.Contents.OfType<Microsoft.Extensions.AI.FunctionResultContent>()).ToList();
        Assert.Equal(payments, results.Count);
        Assert.DoesNotContain(results, r => r.Result?.ToString()?.Contains("Error", StringComparison.Ordinal) == true);
    }

    public static TheoryData<object> Usages =>
    [
        new { PromptTokens = 10, CompletionTokens = 5, TotalTokens = 15 },
        new { InputTokens = 10, OutputTokens = 5 },
        new Microsoft.Extensions.AI.UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 },
        JsonSerializer.SerializeToElement(new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 }),
    ];

    [Theory, MemberData(nameof(Usages))]
    public async Task Service_OfAnyConnector_IsCountedByWhatItsMetadataSay(object usage)
    {
        var bank = new Bank(configure: b => b.Services.AddSingleton<IChatCompletionService>(new Service(new() { ["Usage"] = usage })));
        using var agent = new KernelAgent("teller", bank.Kernel);

        foreach (var options in (RunOptions[])[new(), new() { Store = new MemoryCheckpointStore() }, new() { Stream = true, OnEvent = _ => { } }])
        {
            var counted = (await agent.ExecuteAsync("hi", options)).EnsureDone().Usage!;
            Assert.Equal((10, 5, 15), (counted.InputTokenCount, counted.OutputTokenCount, counted.TotalTokenCount));
        }
    }

    [Fact]
    public async Task Service_WithoutUsage_IsNotCounted()
    {
        foreach (var metadata in (Dictionary<string, object?>[])[[], new() { ["Usage"] = null }, new() { ["Usage"] = "many" }])
        {
            var bank = new Bank(configure: b => b.Services.AddSingleton<IChatCompletionService>(new Service(metadata)));
            using var agent = new KernelAgent("teller", bank.Kernel);

            Assert.Null((await agent.ExecuteAsync("hi")).EnsureDone().Usage);
        }
    }

    private static IKernelBuilder Add(IKernelBuilder builder, bool asClient, HttpClient http) => asClient
        ? Only<Microsoft.Extensions.AI.IChatClient>(builder).AddOpenAIChatClient("model", "key", httpClient: http)
        : builder.AddOpenAIChatCompletion("model", "key", httpClient: http);

    private static IKernelBuilder Only<T>(IKernelBuilder builder)
    {
        foreach (var service in builder.Services.Where(s => s.ServiceType == typeof(T)).ToList())
            builder.Services.Remove(service);
        return builder;
    }

    private sealed class Service(Dictionary<string, object?> metadata) : IChatCompletionService
    {
        public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?>();

        public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
            ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<IReadOnlyList<ChatMessageContent>>([new ChatMessageContent(AuthorRole.Assistant, "hello", metadata: metadata)]);

        public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
            ChatHistory chatHistory,
            PromptExecutionSettings? executionSettings = null,
            Kernel? kernel = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            yield return new StreamingChatMessageContent(AuthorRole.Assistant, "hel");
            yield return new StreamingChatMessageContent(AuthorRole.Assistant, "lo", metadata: metadata);
        }
    }

    /// <summary>Asks for a payment where it is shown the function, and then says that all is done.</summary>
    private sealed class Server : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsStringAsync(cancellationToken);
            var calls = Asked++ == 0 && body.Contains("money_pay", StringComparison.Ordinal);
            object message = calls
                ? new { role = "assistant", tool_calls = new[] { new { id = "c1", type = "function", function = new { name = "money_pay", arguments = "{\"amount\":5}" } } } }
                : new { role = "assistant", content = "all done" };
            var reply = new
            {
                id = "x",
                @object = "chat.completion",
                created = 1,
                model = "model",
                choices = new[] { new { index = 0, message, finish_reason = calls ? "tool_calls" : "stop" } },
                usage = new { prompt_tokens = 10, completion_tokens = 5, total_tokens = 15 },
            };
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(JsonSerializer.Serialize(reply), Encoding.UTF8, "application/json") };
        }
    }
}
