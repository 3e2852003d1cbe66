using AgentCore.SemanticKernel;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.Agents;

namespace AgentCore.Benchmarks;

/// <summary>A turn of an agent around a kernel beside Semantic Kernel's own agent on the same kernel and model, journal off.</summary>
internal sealed class KernelRows : IRows
{
    public async IAsyncEnumerable<Row> MeasureAsync()
    {
        foreach (var callsFunction in (bool[])[false, true])
        {
            var kernel = KernelOf(callsFunction);
            var theirs = new ChatCompletionAgent
            {
                Name = "bench",
                Instructions = "Be brief.",
                Kernel = kernel,
                Arguments = new KernelArguments(new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }),
            };
            using var ours = new KernelAgent(
                new AgentCore.AgentMetadata("bench") { Capabilities = new AgentCore.Tools.CapabilitySet(["numbers.*"]) },
                kernel,
                new KernelAgentOptions { Instructions = "Be brief." });
            using var wrapped = new SemanticKernelAgent(theirs, ours.Metadata);
            var turns = await Measure.TogetherAsync(
                5_000,
                async () =>
                {
                    await foreach (var _ in theirs.InvokeAsync("hi"))
                    {
                        // One message.
                    }
                },
                async () => (await ours.ExecuteAsync("hi")).EnsureDone(),
                async () => (await wrapped.ExecuteAsync("hi")).EnsureDone());
            var what = callsFunction ? "kernel turn, function" : "kernel turn";
            yield return Row.RatioAtMost($"{what}, against ChatCompletionAgent", turns[1].Nanoseconds, "ns", turns[0].Nanoseconds, 1.15);
            yield return Row.RatioAtMost($"{what}, wrapped, against bare", turns[2].Nanoseconds, "ns", turns[0].Nanoseconds, 4);
        }
    }

    private static Kernel KernelOf(bool callsFunction)
    {
        var builder = Kernel.CreateBuilder();
        // As connectors register their clients: with Semantic Kernel's loop for functions.
        builder.Services.AddSingleton<IChatClient>(_ => new ChatClientBuilder(new Answering(callsFunction)).UseKernelFunctionInvocation().Build());
        builder.Plugins.AddFromFunctions("numbers", [KernelFunctionFactory.CreateFromMethod((int n) => n, "same", "Returns the number.")]);
        return builder.Build();
    }

    private sealed class Answering(bool callsFunction) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant,
                callsFunction && messages.Last().Role == ChatRole.User
                    ? [new Microsoft.Extensions.AI.FunctionCallContent("1", "numbers_same", new Dictionary<string, object?> { ["n"] = 1 })]
                    : [new Microsoft.Extensions.AI.TextContent("ok")]))
            {
                Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 1, TotalTokenCount = 11 },
            });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
